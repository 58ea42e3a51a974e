"""What AWS answers about an account: every answer is made before anybody asks."""

import base64
from urllib.parse import parse_qsl, quote, urlsplit
from xml.sax.saxutils import escape

import account as model

PAGE = 1000
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
S3 = "http://s3.amazonaws.com/doc/2006-03-01/"


def encoded(document):
    """IAM percent-encodes the documents in its answers."""
    return quote(document, safe="")


def members(items):
    return "".join(f"<member>{item}</member>" for item in items)


def listed(name, items):
    inner = members(items)
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def tags(thing):
    given = thing["tags"] if thing.get("by_hand") else {**thing["tags"], **model.DEFAULT_TAGS}
    return listed("Tags", (f"<Key>{escape(k)}</Key><Value>{escape(v)}</Value>" for k, v in given.items()))


def attached(thing):
    entries = (f"<PolicyName>{arn.rsplit('/', 1)[1]}</PolicyName><PolicyArn>{arn}</PolicyArn>" for arn in thing["attached"])
    return listed("AttachedManagedPolicies", entries)


def inline(name, thing):
    return listed(name, (f"<PolicyName>{policy}</PolicyName><PolicyDocument>{encoded(document)}</PolicyDocument>"
                         for policy, document in thing["inline"].items()))


def boundary(thing):
    if not thing["boundary"]:
        return ""
    return ("<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>"
            f"<PermissionsBoundaryArn>{thing['boundary']}</PermissionsBoundaryArn></PermissionsBoundary>")


def head(sort, thing):
    return (f"<Path>{thing['path']}</Path><{sort}Name>{thing['name']}</{sort}Name><{sort}Id>{thing['id']}</{sort}Id>"
            f"<Arn>{thing['arn']}</Arn><CreateDate>{model.MADE}Z</CreateDate>")


def user(thing):
    return (head("User", thing) + inline("UserPolicyList", thing) + listed("GroupList", thing["groups"])
            + attached(thing) + boundary(thing) + tags(thing))


def group(thing):
    return head("Group", thing) + inline("GroupPolicyList", thing) + attached(thing)


def trust(thing):
    return f"<AssumeRolePolicyDocument>{encoded(thing['trust'])}</AssumeRolePolicyDocument>"


def profile(role):
    arn = model.iam_arn("instance-profile", "/", role["name"])
    return (f"<Path>/</Path><InstanceProfileName>{role['name']}</InstanceProfileName>"
            f"<InstanceProfileId>{role['profile']}</InstanceProfileId><Arn>{arn}</Arn>"
            f"<CreateDate>{model.MADE}Z</CreateDate><Roles><member>{head('Role', role)}{trust(role)}</member></Roles>")


def role(thing):
    profiles = [profile(thing)] if thing["profile"] else []
    return (head("Role", thing) + trust(thing) + listed("InstanceProfileList", profiles) + inline("RolePolicyList", thing)
            + attached(thing) + boundary(thing) + tags(thing) + "<RoleLastUsed/>")


def listed_role(thing):
    return (head("Role", thing) + trust(thing) + f"<Description>{escape(thing['description'])}</Description>"
            f"<MaxSessionDuration>{thing['session']}</MaxSessionDuration>")


def policy(thing):
    version = (f"<Document>{encoded(thing['document'])}</Document><VersionId>v1</VersionId>"
               f"<IsDefaultVersion>true</IsDefaultVersion><CreateDate>{model.MADE}Z</CreateDate>")
    return (f"<PolicyName>{thing['name']}</PolicyName><PolicyId>{thing['id']}</PolicyId><Arn>{thing['arn']}</Arn>"
            f"<Path>{thing['path']}</Path><DefaultVersionId>v1</DefaultVersionId><AttachmentCount>1</AttachmentCount>"
            "<PermissionsBoundaryUsageCount>0</PermissionsBoundaryUsageCount><IsAttachable>true</IsAttachable>"
            f"<Description>{escape(thing['description'])}</Description><CreateDate>{model.MADE}Z</CreateDate>"
            f"<UpdateDate>{model.MADE}Z</UpdateDate>" + listed("PolicyVersionList", [version]))


def query(action, result, service="iam", version="2010-05-08"):
    """An answer of the query protocol."""
    return (f'<{action}Response xmlns="https://{service}.amazonaws.com/doc/{version}/"><{action}Result>{result}'
            f"</{action}Result><ResponseMetadata><RequestId>b1a5c2de-8c3f-4f6e-9d0a-5f0e7a1c2b3d</RequestId>"
            f"</ResponseMetadata></{action}Response>").encode()


def flag(on):
    return "true" if on else "false"


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def block(flags, namespace):
    inner = "".join(f"<{camel(name)}>{flag(on)}</{camel(name)}>" for name, on in flags.items())
    return HEAD + (f'<PublicAccessBlockConfiguration xmlns="{namespace}">{inner}'
                   "</PublicAccessBlockConfiguration>").encode()


REPORT = ("user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
          "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
          "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
          "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
          "cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n")


def report_row(thing):
    made = f"{model.MADE}+00:00"
    active = flag(any(key["status"] == "Active" for key in thing["keys"]))
    rotated = made if thing["keys"] else "N/A"
    password = f"true,no_information,{made},N/A" if thing["password"] else "false,N/A,N/A,N/A"
    return (f"{thing['name']},{thing['arn']},{made},{password},false,{active},{rotated},N/A,N/A,N/A,false,N/A,N/A,N/A,"
            "N/A,false,N/A,false,N/A\n")


class Answers:
    """Answers by question. `find` gives the operation's name and the body."""

    def __init__(self, live):
        self.by_action = {}
        self.by_path = {}
        self._details(live)
        self._pages("ListRoles", "Roles", [listed_role(r) for r in live.roles])
        self._pages("ListInstanceProfiles", "InstanceProfiles", [profile(r) for r in live.roles if r["profile"]])
        self._pages("ListOpenIDConnectProviders", "OpenIDConnectProviderList", [])
        self._pages("ListSAMLProviders", "SAMLProviderList", [])
        self._pages("ListAccountAliases", "AccountAliases", [live.alias])
        self._settings(live)
        self._credentials(live)
        self._buckets(live)

    def _details(self, live):
        lists = {"UserDetailList": (live.users, user), "GroupDetailList": (live.groups, group),
                 "RoleDetailList": (live.roles, role), "Policies": (live.policies, policy)}
        entries = [(name, write(thing)) for name, (things, write) in lists.items() for thing in things]
        action = "GetAccountAuthorizationDetails"
        for start in range(0, max(1, len(entries)), PAGE):
            page = entries[start:start + PAGE]
            inner = "".join(listed(name, (text for of, text in page if of == name)) for name in lists)
            self._page(action, start, len(entries), inner)

    def _pages(self, action, name, entries):
        for start in range(0, max(1, len(entries)), PAGE):
            self._page(action, start, len(entries), listed(name, entries[start:start + PAGE]))

    def _page(self, action, start, total, inner):
        more = start + PAGE < total
        inner += f"<IsTruncated>{flag(more)}</IsTruncated>" + (f"<Marker>page-{start + PAGE}</Marker>" if more else "")
        self.by_action[action, f"page-{start}" if start else ""] = query(action, inner)

    def _settings(self, live):
        who = (f"<UserId>AIDAEXAMPLEREADER0001</UserId><Account>{model.NUMBER}</Account>"
               f"<Arn>arn:aws:iam::{model.NUMBER}:user/reader</Arn>")
        self.by_action["GetCallerIdentity", ""] = query("GetCallerIdentity", who, "sts", "2011-06-15")
        policy = live.password_policy
        inner = "".join(f"<{camel(k)}>{flag(v) if isinstance(v, bool) else v}</{camel(k)}>" for k, v in policy.items())
        inner = f"<PasswordPolicy>{inner}</PasswordPolicy>"
        self.by_action["GetAccountPasswordPolicy", ""] = query("GetAccountPasswordPolicy", inner)
        self.by_path["/v20180820/configuration/publicAccessBlock"] = (
            "GetPublicAccessBlock (account)", block(live.account_block, "http://awss3control.amazonaws.com/doc/2018-08-20/"))

    def _credentials(self, live):
        self.by_action["GenerateCredentialReport", ""] = query("GenerateCredentialReport", "<State>COMPLETE</State>")
        table = base64.b64encode((REPORT + "".join(map(report_row, live.users))).encode()).decode()
        # The time is filled in when it is asked for: an old report is not believed.
        result = f"<Content>{table}</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>@NOW@</GeneratedTime>"
        self.by_action["GetCredentialReport", ""] = query("GetCredentialReport", result)
        for thing in live.users:
            keys = (f"<UserName>{thing['name']}</UserName><AccessKeyId>{key['id']}</AccessKeyId>"
                    f"<Status>{key['status']}</Status><CreateDate>{model.MADE}Z</CreateDate>" for key in thing["keys"])
            inner = listed("AccessKeyMetadata", keys) + "<IsTruncated>false</IsTruncated>"
            self.by_action["ListAccessKeys", thing["name"]] = query("ListAccessKeys", inner)

    def _buckets(self, live):
        inner = "".join(f"<Bucket><Name>{b['name']}</Name><CreationDate>{model.MADE}.000Z</CreationDate>"
                        f"<BucketRegion>{model.REGION}</BucketRegion></Bucket>" for b in live.buckets)
        owner = f"<Owner><ID>{model.OWNER}</ID></Owner>"
        listing = f'<ListAllMyBucketsResult xmlns="{S3}">{owner}<Buckets>{inner}</Buckets></ListAllMyBucketsResult>'
        self.by_path["/"] = ("ListBuckets", HEAD + listing.encode())
        acl = (f'<AccessControlPolicy xmlns="{S3}">{owner}<AccessControlList><Grant><Grantee '
               'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">'
               f"<ID>{model.OWNER}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList>"
               "</AccessControlPolicy>")
        for b in live.buckets:
            ownership = (f'<OwnershipControls xmlns="{S3}"><Rule><ObjectOwnership>{b["ownership"]}</ObjectOwnership>'
                         "</Rule></OwnershipControls>")
            at = f"/{b['name']}?"
            self.by_path[at + "policy"] = ("GetBucketPolicy", b["policy"].encode())
            self.by_path[at + "acl"] = ("GetBucketAcl", HEAD + acl.encode())
            self.by_path[at + "publicAccessBlock"] = ("GetPublicAccessBlock", block(b["block"], S3))
            self.by_path[at + "ownershipControls"] = ("GetBucketOwnershipControls", HEAD + ownership.encode())

    def find(self, method, target, body):
        """`None` for a question that this account has no answer to."""
        if method == "POST":
            fields = dict(parse_qsl(body))
            action = fields.get("Action", "")
            answer = self.by_action.get((action, fields.get("UserName", fields.get("Marker", ""))))
            return answer and (action, answer)
        parts = urlsplit(target)
        if parts.path == "/" or parts.path.startswith("/v20180820/"):
            return self.by_path.get(parts.path)
        return self.by_path.get(f"{parts.path}?{parts.query.rstrip('=')}")
