"""The table of out-of-band changes: each is made through the API on a fresh account, and each is to be found with
nothing beside it.

Where a row expects several findings, the change makes several: the comment says why.
"""

import json
from pathlib import Path

from seed import ACCOUNT, REGION
from table import Row, added, allow, at, document, drift, missing, modified, removed, trust, unmanaged

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
S3_READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
POWER_USER = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/guardrails/workload-boundary"
ASSUME_DEPLOY = f"arn:aws:iam::{ACCOUNT}:policy/assume-deploy"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/office-sso"

# Names that Terraform made up from `name_prefix`, as the state records them.
AUDITOR = "auditor-20261121082050924300000008"
AUDIT_READ = f"arn:aws:iam::{ACCOUNT}:policy/audit-read-20261121082050240300000001"
UPLOADS_OF_APP_0 = "uploads-2026112108205124820000000c"

EC2 = trust({"Service": "ec2.amazonaws.com"})
EVERYTHING = document(allow("*"))
READ_BUCKETS = document(allow("s3:ListAllMyBuckets"))


def bucket(name):
    return f"acme-{name}-{REGION}"


def bucket_arn(name):
    return f"arn:aws:s3:::{bucket(name)}"


def to_role(name, arn):
    return {"principal_type": "role", "principal": name, "policy_arn": arn}


def to_user(name, arn):
    return {"principal_type": "user", "principal": name, "policy_arn": arn}


def to_group(name, arn):
    return {"principal_type": "group", "principal": name, "policy_arn": arn}


def inline(holder, principal, name):
    return {"principal_type": holder, "principal": principal, "name": name}


def member(user, group):
    return {"user": user, "group": group}


# ---- changes that take more than one call ------------------------------------------------------------------------


def delete_user(aws, name):
    for group in aws.iam.list_groups_for_user(UserName=name)["Groups"]:
        aws.iam.remove_user_from_group(UserName=name, GroupName=group["GroupName"])
    for policy in aws.iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]:
        aws.iam.detach_user_policy(UserName=name, PolicyArn=policy["PolicyArn"])
    for policy in aws.iam.list_user_policies(UserName=name)["PolicyNames"]:
        aws.iam.delete_user_policy(UserName=name, PolicyName=policy)
    for key in aws.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]:
        aws.iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    aws.iam.delete_user(UserName=name)


def delete_role(aws, name):
    for profile in aws.iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"]:
        aws.iam.remove_role_from_instance_profile(
            InstanceProfileName=profile["InstanceProfileName"], RoleName=name
        )
    for policy in aws.iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        aws.iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for policy in aws.iam.list_role_policies(RoleName=name)["PolicyNames"]:
        aws.iam.delete_role_policy(RoleName=name, PolicyName=policy)
    aws.iam.delete_role(RoleName=name)


def delete_group(aws, name):
    for user in aws.iam.get_group(GroupName=name)["Users"]:
        aws.iam.remove_user_from_group(GroupName=name, UserName=user["UserName"])
    for policy in aws.iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"]:
        aws.iam.detach_group_policy(GroupName=name, PolicyArn=policy["PolicyArn"])
    for policy in aws.iam.list_group_policies(GroupName=name)["PolicyNames"]:
        aws.iam.delete_group_policy(GroupName=name, PolicyName=policy)
    aws.iam.delete_group(GroupName=name)


def user_with_admin(aws):
    aws.iam.create_user(UserName="mallory")
    aws.iam.attach_user_policy(UserName="mallory", PolicyArn=ADMIN)


def user_moved(aws):
    tags = aws.iam.list_user_tags(UserName="alice")["Tags"]
    aws.iam.update_user(UserName="alice", NewPath="/admins/")
    # moto forgets the tags of a user whose path changes; AWS does not.
    aws.iam.tag_user(UserName="alice", Tags=tags)


def contractor_made_anew(aws):
    tags = aws.iam.list_user_tags(UserName="fiona.contractor")["Tags"]
    delete_user(aws, "fiona.contractor")
    aws.iam.create_user(UserName="fiona.contractor", Path="/external/", Tags=tags)
    aws.iam.attach_user_policy(UserName="fiona.contractor", PolicyArn=S3_READ_ONLY)
    aws.iam.add_user_to_group(UserName="fiona.contractor", GroupName="guests")


def on_call_made_anew(aws):
    delete_group(aws, "on-call")
    aws.iam.create_group(GroupName="on-call", Path="/night/")
    aws.iam.add_user_to_group(GroupName="on-call", UserName="bruno")
    aws.iam.attach_group_policy(GroupName="on-call", PolicyArn=AUDIT_READ)


def app_made_anew(aws):
    old = aws.iam.get_role(RoleName="shop-app-0")["Role"]
    uploads = aws.iam.get_role_policy(RoleName="shop-app-0", PolicyName=UPLOADS_OF_APP_0)["PolicyDocument"]
    attached = aws.iam.list_attached_role_policies(RoleName="shop-app-0")["AttachedPolicies"]
    delete_role(aws, "shop-app-0")
    aws.iam.create_role(
        RoleName="shop-app-0",
        AssumeRolePolicyDocument=json.dumps(old["AssumeRolePolicyDocument"]),
        Tags=old["Tags"],
    )
    aws.iam.put_role_policy(
        RoleName="shop-app-0", PolicyName=UPLOADS_OF_APP_0, PolicyDocument=json.dumps(uploads)
    )
    for policy in attached:
        aws.iam.attach_role_policy(RoleName="shop-app-0", PolicyArn=policy["PolicyArn"])
    aws.iam.add_role_to_instance_profile(InstanceProfileName="shop-app-0", RoleName="shop-app-0")


def role(aws, name, statement=EC2, policies=(), **more):
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(statement), **more)
    for arn in policies:
        aws.iam.attach_role_policy(RoleName=name, PolicyArn=arn)


def new_default(aws, arn, text):
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)


def boundary_document(aws):
    return aws.iam.get_policy_version(PolicyArn=BOUNDARY, VersionId="v1")["PolicyVersion"]["Document"]


def written_otherwise(aws):
    """The same document with its statements, keys and lists turned around, and with lists of one as texts."""
    old = boundary_document(aws)
    ceiling, never = old["Statement"]
    turned = [
        {"Resource": ["*"], "NotAction": never["NotAction"][::-1], "Effect": "Deny", "Sid": never["Sid"]},
        {"Sid": ceiling["Sid"], "Resource": "*", "Action": ceiling["Action"][::-1], "Effect": "Allow"},
    ]
    new_default(aws, BOUNDARY, json.dumps({"Statement": turned, "Version": old["Version"]}, indent=4))


def other_labels(aws):
    text = json.dumps(boundary_document(aws)).replace("NeverTouchIdentity", "HandsOff")
    new_default(aws, BOUNDARY, text)


def denial_taken_out(aws):
    old = boundary_document(aws)
    old["Statement"] = old["Statement"][:1]
    new_default(aws, BOUNDARY, json.dumps(old))


def policy_deleted(aws):
    aws.iam.detach_user_policy(UserName="release-robot", PolicyArn=ASSUME_DEPLOY)
    aws.iam.delete_policy(PolicyArn=ASSUME_DEPLOY)


def password_policy(aws, **changed):
    old = aws.iam.get_account_password_policy()["PasswordPolicy"]
    old.pop("ExpirePasswords")
    aws.iam.update_account_password_policy(**{**old, **changed})


def alias_changed(aws):
    aws.iam.delete_account_alias(AccountAlias="acme-workloads")
    aws.iam.create_account_alias(AccountAlias="acme-hijacked")


def keys_of_robot(aws):
    """The ids of the robot's keys by their status."""
    keys = aws.iam.list_access_keys(UserName="release-robot")["AccessKeyMetadata"]
    return {key["Status"]: key["AccessKeyId"] for key in keys}


def key_switched(aws, was, is_now):
    aws.iam.update_access_key(
        UserName="release-robot", AccessKeyId=keys_of_robot(aws)[was], Status=is_now
    )


def new_key(aws, user, status="Active"):
    made = aws.iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
    if status != "Active":
        aws.iam.update_access_key(UserName=user, AccessKeyId=made, Status=status)
    return {"NEW_KEY": made}


def role_swapped(aws, profile, old, new):
    if old:
        aws.iam.remove_role_from_instance_profile(InstanceProfileName=profile, RoleName=old)
    if new:
        aws.iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=new)


def bucket_policy(aws, name, *statements):
    aws.s3.put_bucket_policy(Bucket=bucket(name), Policy=document(*statements))


def blocked(*switches):
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {name: name in switches for name in names}


def ownership(aws, name, value):
    rules = [{"ObjectOwnership": value}]
    aws.s3.put_bucket_ownership_controls(Bucket=bucket(name), OwnershipControls={"Rules": rules})


def bucket_deleted(aws, name):
    aws.s3.delete_bucket(Bucket=bucket(name))


def new_public_bucket(aws):
    aws.s3.create_bucket(Bucket="loot", CreateBucketConfiguration={"LocationConstraint": REGION})
    aws.s3.put_bucket_policy(
        Bucket="loot",
        Policy=document(allow("s3:GetObject", "arn:aws:s3:::loot/*", Principal="*")),
    )


def dangling_in_bucket_policy(aws):
    text = aws.s3.get_bucket_policy(Bucket=bucket("releases"))["Policy"]
    robot = f"arn:aws:iam::{ACCOUNT}:user/release-robot"
    assert robot in text
    aws.s3.put_bucket_policy(Bucket=bucket("releases"), Policy=text.replace(robot, "AIDAEXAMPLEEXAMPLE123"))


def oidc_made_anew(aws, *audiences):
    """moto cannot add an audience. A provider that is made anew has the same ARN and nothing that tells it apart."""
    old = aws.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=OIDC)
    aws.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=OIDC)
    aws.iam.create_open_id_connect_provider(
        Url=f"https://{old['Url']}", ClientIDList=list(audiences), ThumbprintList=old["ThumbprintList"], Tags=old["Tags"]
    )


def saml_metadata(entity):
    metadata = Path(__file__).resolve().parents[3] / "testdata/aws/acme/files/office-saml.xml"
    return metadata.read_text().replace("https://sso.acme.example/idp", entity)


def administrators(aws):
    aws.iam.attach_group_policy(GroupName="guests", PolicyArn=ADMIN)
    aws.iam.add_user_to_group(GroupName="guests", UserName="esther")


# ---- places in the source ----------------------------------------------------------------------------------------

PERSON = at("people.tf", 'resource "aws_iam_user" "person"', "block")
ROBOT = at("people.tf", 'resource "aws_iam_user" "robot"', "block")
ON_CALL = at("people.tf", 'resource "aws_iam_group" "oncall"', "block")
CONTRACTOR = at("people.tf", 'resource "aws_iam_user" "contractor"', "block")
# The list of members is made by a `for`; who is in it stands in the people's own entries.
MEMBERS = at("main.tf", "members          = [for n, p in local.people", "attribute")
GROUPS_OF_BRUNO = at("people.tf", "groups = [aws_iam_group.oncall.name, aws_iam_group.guests.name]", "value")
AUDIT = at("roles.tf", 'resource "aws_iam_policy_attachment" "audit"', "block")
APP_TRUST = at("roles.tf", "statement {", "block", 'data "aws_iam_policy_document" "ec2_trust"')
RELEASES_READERS = at("storage.tf", "identifiers = [aws_iam_role.deploy.arn, aws_iam_user.robot.arn]", "attribute")

USER = "aws/iam/user"
GROUP = "aws/iam/group"
MEMBERSHIP = "aws/iam/membership"
ROLE = "aws/iam/role"
POLICY = "aws/iam/policy"
INLINE = "aws/iam/inline_policy"
ATTACHMENT = "aws/iam/attachment"
PROFILE = "aws/iam/instance_profile"
KEY = "aws/iam/access_key"
LOGIN = "aws/iam/login_profile"
OIDC_PROVIDER = "aws/iam/oidc_provider"
SAML_PROVIDER = "aws/iam/saml_provider"
PASSWORDS = "aws/iam/password_policy"
ALIAS = "aws/iam/account_alias"
BUCKET_POLICY = "aws/s3/bucket_policy"
BLOCK = "aws/s3/public_access_block"
ACCOUNT_BLOCK = "aws/s3/account_public_access_block"
ACL = "aws/s3/bucket_acl"
OWNERSHIP = "aws/s3/ownership_controls"

GITHUB = {"url": "token.actions.githubusercontent.com"}

# ---- the table ---------------------------------------------------------------------------------------------------

USERS = [
    Row("user made by hand", lambda aws: aws.iam.create_user(UserName="mallory"),
        [unmanaged(USER, {"name": "mallory"}, "low")]),
    # The user and what is attached to it: each would need a declaration of its own.
    Row("administrator made by hand", user_with_admin,
        [unmanaged(USER, {"name": "mallory"}, "critical"),
         unmanaged(ATTACHMENT, to_user("mallory", ADMIN), "critical")]),
    # A user cannot be deleted while it is in a group, so the membership goes first.
    Row("user deleted", lambda aws: delete_user(aws, "dmitri"),
        [missing(USER, {"name": "dmitri"}, "low", 'aws_iam_user.person["dmitri"]', PERSON),
         removed(MEMBERSHIP, member("dmitri", "team-data"), "low",
                 'module.team["data"].aws_iam_group_membership.this', at("main.tf", "dmitri =", "value"))]),
    Row("user made anew under the same name", contractor_made_anew,
        [drift("replaced", USER, {"name": "fiona.contractor"}, "medium", "aws_iam_user.contractor", CONTRACTOR)]),
    Row("path of a user changed", user_moved,
        [modified(USER, {"name": "alice"}, "path", "info", 'aws_iam_user.person["alice"]',
                  at("people.tf", 'path          = "/people/"', "value"))]),
    Row("tag of a user changed",
        lambda aws: aws.iam.tag_user(UserName="bruno", Tags=[{"Key": "team", "Value": "security"}]),
        [modified(USER, {"name": "bruno"}, "tags", "info", 'aws_iam_user.person["bruno"]',
                  at("main.tf", "bruno  =", "value"))]),
    # The tag comes from the provider's `default_tags`; the user's own block has no `tags`.
    Row("default tag of a user taken away",
        lambda aws: aws.iam.untag_user(UserName="release-robot", TagKeys=["company"]),
        [modified(USER, {"name": "release-robot"}, "tags", "info", "aws_iam_user.robot", ROBOT)]),
]

GROUPS = [
    Row("group made by hand", lambda aws: aws.iam.create_group(GroupName="wheel"),
        [unmanaged(GROUP, {"name": "wheel"}, "low")]),
    # The group and what is attached to it.
    Row("administrators' group made by hand",
        lambda aws: (aws.iam.create_group(GroupName="wheel"),
                     aws.iam.attach_group_policy(GroupName="wheel", PolicyArn=ADMIN)),
        [unmanaged(GROUP, {"name": "wheel"}, "critical"),
         unmanaged(ATTACHMENT, to_group("wheel", ADMIN), "critical")]),
    # moto does not change the path of a group, so the group is made anew with another: both show.
    Row("group made anew with another path", on_call_made_anew,
        [drift("replaced", GROUP, {"name": "on-call"}, "medium", "aws_iam_group.oncall", ON_CALL),
         modified(GROUP, {"name": "on-call"}, "path", "info", "aws_iam_group.oncall",
                  at("people.tf", 'path = "/rota/"', "value"))]),
    # A group cannot be deleted while it has members or policies, so those go first.
    Row("group deleted", lambda aws: delete_group(aws, "on-call"),
        [missing(GROUP, {"name": "on-call"}, "low", "aws_iam_group.oncall",
                 ON_CALL),
         removed(MEMBERSHIP, member("bruno", "on-call"), "low", "aws_iam_user_group_membership.bruno",
                 GROUPS_OF_BRUNO),
         removed(ATTACHMENT, to_group("on-call", AUDIT_READ), "medium", "aws_iam_policy_attachment.audit",
                 at("roles.tf", "groups     = [aws_iam_group.oncall.name]", "value"))]),
]

MEMBERSHIPS = [
    Row("user put into a team", lambda aws: aws.iam.add_user_to_group(GroupName="team-platform", UserName="chloe"),
        [added(MEMBERSHIP, member("chloe", "team-platform"), "medium",
               'module.team["platform"].aws_iam_group_membership.this', MEMBERS)]),
    Row("user taken out of a team",
        lambda aws: aws.iam.remove_user_from_group(GroupName="team-platform", UserName="bruno"),
        [removed(MEMBERSHIP, member("bruno", "team-platform"), "low",
                 'module.team["platform"].aws_iam_group_membership.this', at("main.tf", "bruno  =", "value"))]),
    # Groups of single users are declared here: nobody says that these are all members.
    Row("user put into a group without authority",
        lambda aws: aws.iam.add_user_to_group(GroupName="guests", UserName="esther"),
        [unmanaged(MEMBERSHIP, member("esther", "guests"), "medium")]),
    Row("user taken out of a group of theirs",
        lambda aws: aws.iam.remove_user_from_group(GroupName="on-call", UserName="bruno"),
        [removed(MEMBERSHIP, member("bruno", "on-call"), "low", "aws_iam_user_group_membership.bruno",
                 GROUPS_OF_BRUNO)]),
    # The attachment makes the group one of administrators, and the membership makes one more of them.
    Row("user put into a group that was made administrators", administrators,
        [unmanaged(ATTACHMENT, to_group("guests", ADMIN), "critical"),
         unmanaged(MEMBERSHIP, member("esther", "guests"), "critical")]),
]

ROLES = [
    Row("trust policy opened to every branch",
        lambda aws: aws.iam.update_assume_role_policy(
            RoleName="deploy",
            PolicyDocument=document(trust(
                {"Federated": OIDC}, "sts:AssumeRoleWithWebIdentity",
                Condition={"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/*"}}))),
        [modified(ROLE, {"name": "deploy"}, "assume_role_policy", "high", "aws_iam_role.deploy",
                  at("roles.tf", 'values   = ["sts.amazonaws.com"]', "value"))]),
    Row("trust policy opened to everybody",
        lambda aws: aws.iam.update_assume_role_policy(
            RoleName="shop-app-1", PolicyDocument=document(EC2, trust("*"))),
        [modified(ROLE, {"name": "shop-app-1"}, "assume_role_policy", "critical", "aws_iam_role.app[1]",
                  APP_TRUST)]),
    Row("trust policy opened to another account",
        lambda aws: aws.iam.update_assume_role_policy(
            RoleName="legacy-ci",
            PolicyDocument=document(trust({"AWS": "arn:aws:iam::999988887777:root"}))),
        [modified(ROLE, {"name": "legacy-ci"}, "assume_role_policy", "high", "aws_iam_role.legacy_ci",
                  at("roles.tf", '"Principal": { "AWS"', "attribute", 'resource "aws_iam_role" "legacy_ci"'))]),
    Row("trust policy written otherwise",
        lambda aws: aws.iam.update_assume_role_policy(
            RoleName="legacy-ci",
            PolicyDocument=document({
                "Condition": {"StringEquals": {"sts:ExternalId": ["jenkins"]}},
                "Action": ["sts:AssumeRole"], "Principal": {"AWS": [ACCOUNT]}, "Effect": "Allow"})),
        []),
    Row("description of a role changed",
        lambda aws: aws.iam.update_role_description(RoleName="legacy-ci", Description="do not touch"),
        [modified(ROLE, {"name": "legacy-ci"}, "description", "info", "aws_iam_role.legacy_ci",
                  at("roles.tf", 'description = "Jenkins, to be retired"', "value"))]),
    Row("longest session of a role changed",
        lambda aws: aws.iam.update_role(
            RoleName="deploy", Description="Rolls the shop out from GitHub Actions", MaxSessionDuration=43200),
        [modified(ROLE, {"name": "deploy"}, "max_session_duration", "high", "aws_iam_role.deploy",
                  at("roles.tf", "max_session_duration = 7200", "value"))]),
    # The role's block says nothing of it: the default was changed.
    Row("longest session of a role changed that declares none",
        lambda aws: aws.iam.update_role(RoleName="shop-app-0", Description="", MaxSessionDuration=7200),
        [modified(ROLE, {"name": "shop-app-0"}, "max_session_duration", "high", "aws_iam_role.app[0]",
                  at("roles.tf", 'resource "aws_iam_role" "app"', "block"))]),
    Row("permissions boundary of a role taken away",
        lambda aws: aws.iam.delete_role_permissions_boundary(RoleName="deploy"),
        [modified(ROLE, {"name": "deploy"}, "permissions_boundary", "high", "aws_iam_role.deploy",
                  at("roles.tf", "permissions_boundary = aws_iam_policy.boundary.arn", "value"))]),
    Row("permissions boundary of a role exchanged",
        lambda aws: aws.iam.put_role_permissions_boundary(RoleName="deploy", PermissionsBoundary=ADMIN),
        [modified(ROLE, {"name": "deploy"}, "permissions_boundary", "high", "aws_iam_role.deploy",
                  at("roles.tf", "permissions_boundary = aws_iam_policy.boundary.arn", "value"))]),
    Row("tag of a role changed",
        lambda aws: aws.iam.tag_role(RoleName="deploy", Tags=[{"Key": "tier", "Value": "test"}]),
        [modified(ROLE, {"name": "deploy"}, "tags", "info", "aws_iam_role.deploy",
                  at("roles.tf", 'tier    = "production"', "value"))]),
    Row("role made anew under the same name", app_made_anew,
        [drift("replaced", ROLE, {"name": "shop-app-0"}, "medium", "aws_iam_role.app[0]",
               at("roles.tf", 'resource "aws_iam_role" "app"', "block"))]),
    # A role cannot be deleted while policies hang on it, so the attachment goes first.
    Row("role deleted", lambda aws: delete_role(aws, AUDITOR),
        [missing(ROLE, {"name": AUDITOR}, "low", "aws_iam_role.auditor",
                 at("roles.tf", 'resource "aws_iam_role" "auditor"', "block")),
         removed(ATTACHMENT, to_role(AUDITOR, AUDIT_READ), "medium", "aws_iam_policy_attachment.audit",
                 at("roles.tf", "roles      = [aws_iam_role.auditor.name]", "value"))]),
    Row("role made by hand", lambda aws: role(aws, "helper"), [unmanaged(ROLE, {"name": "helper"}, "low")]),
    # The role and what is attached to it.
    Row("administrators' role made by hand", lambda aws: role(aws, "helper", policies=[ADMIN]),
        [unmanaged(ROLE, {"name": "helper"}, "critical"),
         unmanaged(ATTACHMENT, to_role("helper", ADMIN), "critical")]),
    # The role and the policy inside of it.
    Row("role with a policy made by hand",
        lambda aws: (role(aws, "helper"),
                     aws.iam.put_role_policy(RoleName="helper", PolicyName="own", PolicyDocument=READ_BUCKETS)),
        [unmanaged(ROLE, {"name": "helper"}, "high"),
         unmanaged(INLINE, inline("role", "helper", "own"), "medium")]),
    Row("role for everybody made by hand", lambda aws: role(aws, "open-door", trust({"AWS": "*"})),
        [unmanaged(ROLE, {"name": "open-door"}, "critical")]),
    Row("role with the name of a service-linked one made by hand",
        lambda aws: role(aws, "AWSServiceRoleForSupport"),
        [unmanaged(ROLE, {"name": "AWSServiceRoleForSupport"}, "low")]),
    Row("service-linked role made by a service",
        lambda aws: aws.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com"), []),
    # Private ACLs are what AWS gives to every bucket: they are told with the same switch.
    Row("service-linked role made by a service, asked for",
        lambda aws: aws.iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com"),
        [unmanaged(ROLE, {"name": "AWSServiceRoleForAutoScaling"}, "low"),
         *(unmanaged(ACL, {"bucket": bucket(name)}, "medium") for name in ("releases", "scratch", "uploads"))],
        ("--include-builtin",)),
]

POLICIES = [
    Row("policy given a new default version",
        lambda aws: new_default(aws, ASSUME_DEPLOY, document(allow("sts:AssumeRole"))),
        [modified(POLICY, {"name": "assume-deploy"}, "policy", "medium", "aws_iam_policy.assume_deploy",
                  at("roles.tf", "Resource = ", "attribute", 'resource "aws_iam_policy" "assume_deploy"'))]),
    Row("policy made administrator access", lambda aws: new_default(aws, ASSUME_DEPLOY, EVERYTHING),
        [modified(POLICY, {"name": "assume-deploy"}, "policy", "critical", "aws_iam_policy.assume_deploy",
                  at("roles.tf", "Statement = [{", "attribute", 'resource "aws_iam_policy" "assume_deploy"'))]),
    Row("denial taken out of a policy", denial_taken_out,
        [modified(POLICY, {"name": "workload-boundary"}, "policy", "high", "aws_iam_policy.boundary",
                  at("roles.tf", "statement {", "block", 'sid       = "Ceiling"'))]),
    Row("policy given a version that is not the default",
        lambda aws: aws.iam.create_policy_version(
            PolicyArn=ASSUME_DEPLOY, PolicyDocument=EVERYTHING, SetAsDefault=False),
        []),
    Row("policy written otherwise", written_otherwise, []),
    # Terraform would show this one; nobody gains or loses anything.
    Row("labels in a policy changed", other_labels,
        [modified(POLICY, {"name": "workload-boundary"}, "policy", "info", "aws_iam_policy.boundary",
                  at("roles.tf", 'sid         = "NeverTouchIdentity"', "value"))]),
    # A policy cannot be deleted while it is attached, so the attachment goes first.
    Row("policy deleted", policy_deleted,
        [missing(POLICY, {"name": "assume-deploy"}, "medium", "aws_iam_policy.assume_deploy",
                 at("roles.tf", 'resource "aws_iam_policy" "assume_deploy"', "block")),
         missing(ATTACHMENT, to_user("release-robot", ASSUME_DEPLOY), "medium",
                 "aws_iam_user_policy_attachment.robot_assume",
                 at("people.tf", 'resource "aws_iam_user_policy_attachment" "robot_assume"', "block"))]),
    Row("policy made by hand",
        lambda aws: aws.iam.create_policy(PolicyName="spare-key", PolicyDocument=EVERYTHING),
        [unmanaged(POLICY, {"name": "spare-key"}, "low")]),
]

INLINES = [
    Row("inline policy of a user changed",
        lambda aws: aws.iam.put_user_policy(
            UserName="release-robot", PolicyName="publish-releases",
            PolicyDocument=document(
                allow("s3:*", f"{bucket_arn('releases')}/*"),
                {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"})),
        [modified(INLINE, inline("user", "release-robot", "publish-releases"), "policy", "medium",
                  "aws_iam_user_policy.robot_publish", at("people.tf", '"Action": ["s3:PutObject"', "attribute"))]),
    # It denied everything but S3 over plain HTTP: without it there is less in the way.
    Row("inline policy of a user deleted",
        lambda aws: aws.iam.delete_user_policy(UserName="release-robot", PolicyName="publish-releases"),
        [missing(INLINE, inline("user", "release-robot", "publish-releases"), "high",
                 "aws_iam_user_policy.robot_publish",
                 at("people.tf", 'resource "aws_iam_user_policy" "robot_publish"', "block"))]),
    Row("inline policy of a user added under an exclusive list",
        lambda aws: aws.iam.put_user_policy(
            UserName="release-robot", PolicyName="extra", PolicyDocument=READ_BUCKETS),
        [added(INLINE, inline("user", "release-robot", "extra"), "medium", "aws_iam_user_policies_exclusive.robot",
               at("people.tf", "policy_names = [aws_iam_user_policy.robot_publish.name]", "value"))]),
    Row("inline policy of a user made by hand",
        lambda aws: aws.iam.put_user_policy(
            UserName="fiona.contractor", PolicyName="extra", PolicyDocument=READ_BUCKETS),
        [unmanaged(INLINE, inline("user", "fiona.contractor", "extra"), "medium")]),
    Row("denial in an inline policy of a group turned into nothing",
        lambda aws: aws.iam.put_group_policy(
            GroupName="guests", PolicyName="no-billing", PolicyDocument=document(allow("billing:*"))),
        [modified(INLINE, inline("group", "guests", "no-billing"), "policy", "high",
                  "aws_iam_group_policy.guests_deny", at("people.tf", 'Effect   = "Deny"', "value"))]),
    Row("denying inline policy of a group deleted",
        lambda aws: aws.iam.delete_group_policy(GroupName="guests", PolicyName="no-billing"),
        [missing(INLINE, inline("group", "guests", "no-billing"), "high", "aws_iam_group_policy.guests_deny",
                 at("people.tf", 'resource "aws_iam_group_policy" "guests_deny"', "block"))]),
    Row("inline policy of a guarded team added",
        lambda aws: aws.iam.put_group_policy(
            GroupName="team-data", PolicyName="extra", PolicyDocument=READ_BUCKETS),
        [added(INLINE, inline("group", "team-data", "extra"), "medium",
               'module.team["data"].aws_iam_group_policies_exclusive.this[0]',
               at("modules/team/main.tf", "policy_names = [aws_iam_group_policy.scratch.name]", "value"))]),
    Row("inline policy of an unguarded team made by hand",
        lambda aws: aws.iam.put_group_policy(
            GroupName="team-finance", PolicyName="extra", PolicyDocument=READ_BUCKETS),
        [unmanaged(INLINE, inline("group", "team-finance", "extra"), "medium")]),
    Row("inline policy of a role changed",
        lambda aws: aws.iam.put_role_policy(
            RoleName="deploy", PolicyName="logs", PolicyDocument=document(allow("logs:*"))),
        [modified(INLINE, inline("role", "deploy", "logs"), "policy", "medium", "aws_iam_role_policy.deploy_logs",
                  at("roles.tf", '"Statement": [', "attribute", "policy = <<-EOT"))]),
    Row("inline policy of a role deleted",
        lambda aws: aws.iam.delete_role_policy(RoleName="deploy", PolicyName="artifacts"),
        [missing(INLINE, inline("role", "deploy", "artifacts"), "medium", "aws_iam_role_policy.deploy_artifacts",
                 at("roles.tf", 'resource "aws_iam_role_policy" "deploy_artifacts"', "block"))]),
    Row("administrator access put inside of a role under an exclusive list",
        lambda aws: aws.iam.put_role_policy(
            RoleName="deploy", PolicyName="temporary", PolicyDocument=EVERYTHING),
        [added(INLINE, inline("role", "deploy", "temporary"), "critical", "aws_iam_role_policies_exclusive.deploy",
               at("roles.tf", "policy_names = [", "value"))]),
    Row("inline policy of a role made by hand",
        lambda aws: aws.iam.put_role_policy(
            RoleName="shop-app-0", PolicyName="debug", PolicyDocument=READ_BUCKETS),
        [unmanaged(INLINE, inline("role", "shop-app-0", "debug"), "medium")]),
    Row("inline_policy block changed",
        lambda aws: aws.iam.put_role_policy(
            RoleName="legacy-ci", PolicyName="queue", PolicyDocument=document(allow("sqs:*"))),
        [modified(INLINE, inline("role", "legacy-ci", "queue"), "policy", "medium", "aws_iam_role.legacy_ci",
                  at("roles.tf", "Statement = [{", "attribute", 'name = "queue"'))]),
    Row("policy of an inline_policy block deleted",
        lambda aws: aws.iam.delete_role_policy(RoleName="legacy-ci", PolicyName="cache"),
        [removed(INLINE, inline("role", "legacy-ci", "cache"), "medium", "aws_iam_role.legacy_ci",
                 at("roles.tf", "inline_policy {", "block", "arn:aws:sqs:eu-central-1:${local.account_id}:builds"))]),
    Row("policy added beside inline_policy blocks",
        lambda aws: aws.iam.put_role_policy(
            RoleName="legacy-ci", PolicyName="debug", PolicyDocument=READ_BUCKETS),
        [added(INLINE, inline("role", "legacy-ci", "debug"), "medium", "aws_iam_role.legacy_ci",
               at("roles.tf", 'resource "aws_iam_role" "legacy_ci"', "block"))]),
]

DEPLOY_ATTACHED = at("roles.tf", "policy_arns = [for a in aws_iam_role_policy_attachment.deploy : a.policy_arn]",
                     "attribute")

ATTACHMENTS = [
    Row("administrator access attached under an exclusive list",
        lambda aws: aws.iam.attach_role_policy(RoleName="deploy", PolicyArn=ADMIN),
        [added(ATTACHMENT, to_role("deploy", ADMIN), "critical",
               "aws_iam_role_policy_attachments_exclusive.deploy", DEPLOY_ATTACHED)]),
    Row("administrator access attached by hand",
        lambda aws: aws.iam.attach_role_policy(RoleName="shop-app-1", PolicyArn=ADMIN),
        [unmanaged(ATTACHMENT, to_role("shop-app-1", ADMIN), "critical")]),
    Row("policy attached by hand",
        lambda aws: aws.iam.attach_role_policy(RoleName="shop-app-1", PolicyArn=S3_READ_ONLY),
        [unmanaged(ATTACHMENT, to_role("shop-app-1", S3_READ_ONLY), "medium")]),
    Row("policy detached from a role",
        lambda aws: aws.iam.detach_role_policy(
            RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"),
        [missing(ATTACHMENT, to_role("deploy", "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"), "medium",
                 'aws_iam_role_policy_attachment.deploy["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"]',
                 at("roles.tf", 'resource "aws_iam_role_policy_attachment" "deploy"', "block"))]),
    Row("policy of a counted role detached",
        lambda aws: aws.iam.detach_role_policy(
            RoleName="shop-app-1", PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"),
        [missing(ATTACHMENT, to_role("shop-app-1", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"), "medium",
                 "aws_iam_role_policy_attachment.app_ssm[1]",
                 at("roles.tf", 'resource "aws_iam_role_policy_attachment" "app_ssm"', "block"))]),
    Row("user added to a policy with one owner",
        lambda aws: aws.iam.attach_user_policy(UserName="bruno", PolicyArn=AUDIT_READ),
        [added(ATTACHMENT, to_user("bruno", AUDIT_READ), "medium", "aws_iam_policy_attachment.audit", AUDIT)]),
    Row("user taken off a policy with one owner",
        lambda aws: aws.iam.detach_user_policy(UserName="esther", PolicyArn=AUDIT_READ),
        [removed(ATTACHMENT, to_user("esther", AUDIT_READ), "medium", "aws_iam_policy_attachment.audit",
                 at("roles.tf", 'users      = [aws_iam_user.person["esther"].name]', "value"))]),
    Row("policy attached to a user under an exclusive list",
        lambda aws: aws.iam.attach_user_policy(UserName="release-robot", PolicyArn=ADMIN),
        [added(ATTACHMENT, to_user("release-robot", ADMIN), "critical",
               "aws_iam_user_policy_attachments_exclusive.robot",
               at("people.tf", "policy_arns = [aws_iam_user_policy_attachment.robot_assume.policy_arn]",
                  "value"))]),
    Row("policy detached from a user",
        lambda aws: aws.iam.detach_user_policy(UserName="fiona.contractor", PolicyArn=S3_READ_ONLY),
        [missing(ATTACHMENT, to_user("fiona.contractor", S3_READ_ONLY), "medium",
                 "aws_iam_user_policy_attachment.contractor_readonly",
                 at("people.tf", 'resource "aws_iam_user_policy_attachment" "contractor_readonly"', "block"))]),
    Row("policy attached to a guarded team",
        lambda aws: aws.iam.attach_group_policy(GroupName="team-platform", PolicyArn=S3_READ_ONLY),
        [added(ATTACHMENT, to_group("team-platform", S3_READ_ONLY), "medium",
               'module.team["platform"].aws_iam_group_policy_attachments_exclusive.this[0]',
               at("modules/team/main.tf", "policy_arns = aws_iam_group_policy_attachment.this[*].policy_arn",
                  "attribute"))]),
    Row("policy detached from a team",
        lambda aws: aws.iam.detach_group_policy(GroupName="team-platform", PolicyArn=READ_ONLY),
        [missing(ATTACHMENT, to_group("team-platform", READ_ONLY), "medium",
                 'module.team["platform"].aws_iam_group_policy_attachment.this[0]',
                 at("modules/team/main.tf", 'resource "aws_iam_group_policy_attachment" "this"', "block"))]),
    Row("policy attached to an unguarded team",
        lambda aws: aws.iam.attach_group_policy(GroupName="team-finance", PolicyArn=S3_READ_ONLY),
        [unmanaged(ATTACHMENT, to_group("team-finance", S3_READ_ONLY), "medium")]),
    Row("policy attached beside managed_policy_arns",
        lambda aws: aws.iam.attach_role_policy(RoleName="legacy-ci", PolicyArn=ADMIN),
        [added(ATTACHMENT, to_role("legacy-ci", ADMIN), "critical", "aws_iam_role.legacy_ci",
               at("roles.tf", "managed_policy_arns = [", "value"))]),
    Row("policy of managed_policy_arns detached",
        lambda aws: aws.iam.detach_role_policy(RoleName="legacy-ci", PolicyArn=POWER_USER),
        [removed(ATTACHMENT, to_role("legacy-ci", POWER_USER), "medium", "aws_iam_role.legacy_ci",
                 at("roles.tf", f'"{POWER_USER}"', "value"))]),
]

PROFILE_ROLE = at("roles.tf", "role = aws_iam_role.app[count.index].name", "attribute")

PROFILES = [
    Row("role of an instance profile exchanged",
        lambda aws: role_swapped(aws, "shop-app-0", "shop-app-0", "deploy"),
        [modified(PROFILE, {"name": "shop-app-0"}, "role", "medium", "aws_iam_instance_profile.app[0]",
                  PROFILE_ROLE)]),
    Row("role of an instance profile taken out",
        lambda aws: role_swapped(aws, "shop-app-1", "shop-app-1", None),
        [modified(PROFILE, {"name": "shop-app-1"}, "role", "medium", "aws_iam_instance_profile.app[1]",
                  PROFILE_ROLE)]),
    Row("role put into an empty instance profile", lambda aws: role_swapped(aws, "spare", None, "legacy-ci"),
        [modified(PROFILE, {"name": "spare"}, "role", "medium", "aws_iam_instance_profile.spare",
                  at("roles.tf", 'resource "aws_iam_instance_profile" "spare"', "block"))]),
    Row("instance profile deleted",
        lambda aws: aws.iam.delete_instance_profile(InstanceProfileName="spare"),
        [missing(PROFILE, {"name": "spare"}, "low", "aws_iam_instance_profile.spare",
                 at("roles.tf", 'resource "aws_iam_instance_profile" "spare"', "block"))]),
    Row("instance profile made by hand",
        lambda aws: (aws.iam.create_instance_profile(InstanceProfileName="side-door"),
                     aws.iam.add_role_to_instance_profile(InstanceProfileName="side-door", RoleName="legacy-ci")),
        [unmanaged(PROFILE, {"name": "side-door"}, "medium")]),
]

CREDENTIALS = [
    Row("access key made by hand", lambda aws: new_key(aws, "alice"),
        [unmanaged(KEY, {"user": "alice", "id": "NEW_KEY"}, "high")]),
    Row("inactive access key made by hand", lambda aws: new_key(aws, "alice", "Inactive"),
        [unmanaged(KEY, {"user": "alice", "id": "NEW_KEY"}, "low")]),
    Row("retired access key switched on", lambda aws: key_switched(aws, "Inactive", "Active"),
        [modified(KEY, {"user": "release-robot", "id": "AKIAROBOTOLD1EXAMPLE"}, "status", "high",
                  "aws_iam_access_key.robot_previous", at("people.tf", 'status = "Inactive"', "value"))]),
    Row("access key switched off", lambda aws: key_switched(aws, "Active", "Inactive"),
        [modified(KEY, {"user": "release-robot", "id": "AKIAROBOTNOW1EXAMPLE"}, "status", "low",
                  "aws_iam_access_key.robot_current",
                  at("people.tf", 'resource "aws_iam_access_key" "robot_current"', "block"))]),
    Row("access key deleted",
        lambda aws: aws.iam.delete_access_key(
            UserName="release-robot", AccessKeyId=keys_of_robot(aws)["Inactive"]),
        [missing(KEY, {"user": "release-robot", "id": "AKIAROBOTOLD1EXAMPLE"}, "low",
                 "aws_iam_access_key.robot_previous",
                 at("people.tf", 'resource "aws_iam_access_key" "robot_previous"', "block"))]),
    Row("console password made by hand",
        lambda aws: aws.iam.create_login_profile(UserName="bruno", Password="Canary-password-1"),
        [unmanaged(LOGIN, {"user": "bruno"}, "high")]),
    Row("console password deleted", lambda aws: aws.iam.delete_login_profile(UserName="alice"),
        [missing(LOGIN, {"user": "alice"}, "low", "aws_iam_user_login_profile.alice",
                 at("people.tf", 'resource "aws_iam_user_login_profile" "alice"', "block"))]),
]

TRUSTED = [
    Row("audience added to an OIDC provider",
        lambda aws: oidc_made_anew(aws, "sts.amazonaws.com", "everyone"),
        [modified(OIDC_PROVIDER, GITHUB, "client_id_list", "high", "aws_iam_openid_connect_provider.github",
                  at("roles.tf", 'client_id_list  = ["sts.amazonaws.com"]', "value"))]),
    Row("thumbprint of an OIDC provider exchanged",
        lambda aws: aws.iam.update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=OIDC, ThumbprintList=["0" * 40]),
        [modified(OIDC_PROVIDER, GITHUB, "thumbprint_list", "high", "aws_iam_openid_connect_provider.github",
                  at("roles.tf", "thumbprint_list =", "value"))]),
    Row("OIDC provider made by hand",
        lambda aws: aws.iam.create_open_id_connect_provider(
            Url="https://evil.example/idp", ClientIDList=["x"], ThumbprintList=["1" * 40]),
        [unmanaged(OIDC_PROVIDER, {"url": "evil.example/idp"}, "high")]),
    Row("OIDC provider deleted",
        lambda aws: aws.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=OIDC),
        [missing(OIDC_PROVIDER, GITHUB, "low", "aws_iam_openid_connect_provider.github",
                 at("roles.tf", 'resource "aws_iam_openid_connect_provider" "github"', "block"))]),
    Row("metadata of a SAML provider exchanged",
        lambda aws: aws.iam.update_saml_provider(
            SAMLProviderArn=SAML, SAMLMetadataDocument=saml_metadata("https://evil.example/idp")),
        [modified(SAML_PROVIDER, {"name": "office-sso"}, "saml_metadata_document", "high",
                  "aws_iam_saml_provider.office",
                  at("files/office-saml.xml", "<?xml", "value"))]),
    Row("SAML provider made by hand",
        lambda aws: aws.iam.create_saml_provider(
            Name="side-door", SAMLMetadataDocument=saml_metadata("https://evil.example/idp")),
        [unmanaged(SAML_PROVIDER, {"name": "side-door"}, "high")]),
    Row("SAML provider deleted", lambda aws: aws.iam.delete_saml_provider(SAMLProviderArn=SAML),
        [missing(SAML_PROVIDER, {"name": "office-sso"}, "low", "aws_iam_saml_provider.office",
                 at("roles.tf", 'resource "aws_iam_saml_provider" "office"', "block"))]),
]

SETTINGS = [
    Row("shortest password made shorter", lambda aws: password_policy(aws, MinimumPasswordLength=8),
        [modified(PASSWORDS, {}, "minimum_password_length", "high", "aws_iam_account_password_policy.strict",
                  at("main.tf", "minimum_password_length        = 14", "value"))]),
    Row("password policy deleted", lambda aws: aws.iam.delete_account_password_policy(),
        [missing(PASSWORDS, {}, "high", "aws_iam_account_password_policy.strict",
                 at("main.tf", 'resource "aws_iam_account_password_policy" "strict"', "block"))]),
    Row("alias changed", alias_changed,
        [modified(ALIAS, {}, "account_alias", "info", "aws_iam_account_alias.acme",
                  at("main.tf", 'account_alias = "acme-workloads"', "value"))]),
    Row("alias deleted", lambda aws: aws.iam.delete_account_alias(AccountAlias="acme-workloads"),
        [missing(ALIAS, {}, "low", "aws_iam_account_alias.acme",
                 at("main.tf", 'resource "aws_iam_account_alias" "acme"', "block"))]),
]

PRIVATE = at("storage.tf", 'resource "aws_s3_bucket_public_access_block" "private"', "block")
OWNERSHIP_BLOCK = at("storage.tf", 'resource "aws_s3_bucket_ownership_controls" "this"', "block")

STORAGE = [
    Row("bucket policy opened to another account",
        lambda aws: bucket_policy(
            aws, "releases",
            allow("s3:GetObject", f"{bucket_arn('releases')}/*", Principal={"AWS": "999988887777"}),
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{bucket_arn('releases')}/*",
             "Condition": {"Bool": {"aws:SecureTransport": "false"}}}),
        [modified(BUCKET_POLICY, {"bucket": bucket("releases")}, "policy", "medium", "aws_s3_bucket_policy.releases",
                  at("storage.tf", 'resources = [aws_s3_bucket.this["releases"].arn, ', "value"))]),
    Row("bucket policy opened to everybody",
        lambda aws: bucket_policy(
            aws, "releases", allow("s3:GetObject", f"{bucket_arn('releases')}/*", Principal="*")),
        [modified(BUCKET_POLICY, {"bucket": bucket("releases")}, "policy", "critical",
                  "aws_s3_bucket_policy.releases", RELEASES_READERS)]),
    Row("denying bucket policy deleted", lambda aws: aws.s3.delete_bucket_policy(Bucket=bucket("releases")),
        [missing(BUCKET_POLICY, {"bucket": bucket("releases")}, "high", "aws_s3_bucket_policy.releases",
                 at("storage.tf", 'resource "aws_s3_bucket_policy" "releases"', "block"))]),
    Row("bucket policy deleted", lambda aws: aws.s3.delete_bucket_policy(Bucket=bucket("website")),
        [missing(BUCKET_POLICY, {"bucket": bucket("website")}, "medium", "aws_s3_bucket_policy.website",
                 at("storage.tf", 'resource "aws_s3_bucket_policy" "website"', "block"))]),
    Row("bucket made public",
        lambda aws: bucket_policy(
            aws, "uploads", allow("s3:GetObject", f"{bucket_arn('uploads')}/*", Principal="*")),
        [unmanaged(BUCKET_POLICY, {"bucket": bucket("uploads")}, "critical")]),
    Row("bucket opened to another account",
        lambda aws: bucket_policy(
            aws, "uploads",
            allow("s3:GetObject", f"{bucket_arn('uploads')}/*",
                  Principal={"AWS": "arn:aws:iam::999988887777:user/eve"})),
        [unmanaged(BUCKET_POLICY, {"bucket": bucket("uploads")}, "high")]),
    Row("bucket opened within the account",
        lambda aws: bucket_policy(
            aws, "uploads",
            allow("s3:GetObject", f"{bucket_arn('uploads')}/*",
                  Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/people/alice"})),
        [unmanaged(BUCKET_POLICY, {"bucket": bucket("uploads")}, "medium")]),
    Row("public bucket made by hand", new_public_bucket, [unmanaged(BUCKET_POLICY, {"bucket": "loot"}, "critical")]),
    Row("public access block of a bucket opened",
        lambda aws: aws.s3.put_public_access_block(
            Bucket=bucket("uploads"),
            PublicAccessBlockConfiguration=blocked(
                "BlockPublicAcls", "IgnorePublicAcls", "RestrictPublicBuckets")),
        [modified(BLOCK, {"bucket": bucket("uploads")}, "block_public_policy", "high",
                  'aws_s3_bucket_public_access_block.private["uploads"]',
                  at("storage.tf", "block_public_policy     = true", "value"))]),
    Row("public access block of a bucket deleted",
        lambda aws: aws.s3.delete_public_access_block(Bucket=bucket("scratch")),
        [missing(BLOCK, {"bucket": bucket("scratch")}, "high",
                 'aws_s3_bucket_public_access_block.private["scratch"]', PRIVATE)]),
    Row("public access block of the account opened",
        lambda aws: aws.s3control.put_public_access_block(
            AccountId=ACCOUNT, PublicAccessBlockConfiguration=blocked("BlockPublicAcls")),
        [modified(ACCOUNT_BLOCK, {}, "ignore_public_acls", "high", "aws_s3_account_public_access_block.account",
                  at("storage.tf", "ignore_public_acls  = true", "value"))]),
    # The block does not set it: the default, which is off, was changed.
    Row("public access block of the account tightened",
        lambda aws: aws.s3control.put_public_access_block(
            AccountId=ACCOUNT,
            PublicAccessBlockConfiguration=blocked(
                "BlockPublicAcls", "IgnorePublicAcls", "RestrictPublicBuckets")),
        [modified(ACCOUNT_BLOCK, {}, "restrict_public_buckets", "high", "aws_s3_account_public_access_block.account",
                  at("storage.tf", 'resource "aws_s3_account_public_access_block" "account"', "block"))]),
    Row("public access block of the account deleted",
        lambda aws: aws.s3control.delete_public_access_block(AccountId=ACCOUNT),
        [missing(ACCOUNT_BLOCK, {}, "high", "aws_s3_account_public_access_block.account",
                 at("storage.tf", 'resource "aws_s3_account_public_access_block" "account"', "block"))]),
    Row("ACL of a bucket opened to everybody",
        lambda aws: aws.s3.put_bucket_acl(Bucket=bucket("scratch"), ACL="public-read"),
        [unmanaged(ACL, {"bucket": bucket("scratch")}, "critical")]),
    Row("public ACL given to everybody with an AWS account",
        lambda aws: aws.s3.put_bucket_acl(Bucket=bucket("website"), ACL="authenticated-read"),
        [modified(ACL, {"bucket": bucket("website")}, "grants", "critical", "aws_s3_bucket_acl.website",
                  at("storage.tf", 'acl        = "public-read"', "value"))]),
    Row("public ACL closed", lambda aws: aws.s3.put_bucket_acl(Bucket=bucket("website"), ACL="private"),
        [modified(ACL, {"bucket": bucket("website")}, "grants", "medium", "aws_s3_bucket_acl.website",
                  at("storage.tf", 'acl        = "public-read"', "value"))]),
    Row("ownership controls of a bucket changed", lambda aws: ownership(aws, "releases", "ObjectWriter"),
        [modified(OWNERSHIP, {"bucket": bucket("releases")}, "object_ownership", "high",
                  'aws_s3_bucket_ownership_controls.this["releases"]',
                  at("storage.tf", "object_ownership = each.value.public", "value"))]),
    Row("ownership controls of a bucket deleted",
        lambda aws: aws.s3.delete_bucket_ownership_controls(Bucket=bucket("uploads")),
        [missing(OWNERSHIP, {"bucket": bucket("uploads")}, "high",
                 'aws_s3_bucket_ownership_controls.this["uploads"]', OWNERSHIP_BLOCK)]),
    Row("ownership controls made by hand", lambda aws: ownership(aws, "scratch", "ObjectWriter"),
        [unmanaged(OWNERSHIP, {"bucket": bucket("scratch")}, "low")]),
    Row("ownership controls set to what AWS gives", lambda aws: ownership(aws, "scratch", "BucketOwnerEnforced"), []),
    # The bucket itself is no identity; what was declared of it is gone with it.
    Row("bucket deleted", lambda aws: bucket_deleted(aws, "uploads"),
        [missing(OWNERSHIP, {"bucket": bucket("uploads")}, "high",
                 'aws_s3_bucket_ownership_controls.this["uploads"]', OWNERSHIP_BLOCK),
         missing(BLOCK, {"bucket": bucket("uploads")}, "high",
                 'aws_s3_bucket_public_access_block.private["uploads"]', PRIVATE)]),
]

DANGLING = [
    # AWS shows a deleted principal by its id where its ARN stood.
    Row("deleted user in a bucket policy", dangling_in_bucket_policy,
        [drift("dangling", BUCKET_POLICY, {"bucket": bucket("releases")}, "medium", "aws_s3_bucket_policy.releases",
               RELEASES_READERS, "policy")]),
    Row("deleted role in a trust policy",
        lambda aws: aws.iam.update_assume_role_policy(
            RoleName="legacy-ci",
            PolicyDocument=document(trust({"AWS": "AROAEXAMPLEEXAMPLE123"}))),
        [drift("dangling", ROLE, {"name": "legacy-ci"}, "medium", "aws_iam_role.legacy_ci",
               at("roles.tf", '"Principal": { "AWS"', "attribute", 'resource "aws_iam_role" "legacy_ci"'), "assume_role_policy")]),
]

# What anybody who may create a user can write into names and labels.
HOSTILE_NAME = "mallory@everyone,=cmd+calc.exe-_"
HOSTILE_TEXT = "retired\n::error file=main.tf::owned\n| a | b | ![x](https://evil.example) <script> \u00a0"
TURNED_AROUND = "nimda\u202e\u2028gninnuR"

HOSTILE = [
    Row("user with a hostile name", lambda aws: aws.iam.create_user(UserName=HOSTILE_NAME),
        [unmanaged(USER, {"name": HOSTILE_NAME}, "low")]),
    Row("user whose name turns the text around", lambda aws: aws.iam.create_user(UserName=TURNED_AROUND),
        [unmanaged(USER, {"name": TURNED_AROUND}, "low")]),
    Row("role with a hostile description",
        lambda aws: aws.iam.update_role_description(RoleName="legacy-ci", Description=HOSTILE_TEXT),
        [modified(ROLE, {"name": "legacy-ci"}, "description", "info", "aws_iam_role.legacy_ci",
                  at("roles.tf", 'description = "Jenkins, to be retired"', "value"))]),
    Row("inline policy with a hostile name",
        lambda aws: aws.iam.put_user_policy(
            UserName="chloe", PolicyName=HOSTILE_NAME, PolicyDocument=READ_BUCKETS),
        [unmanaged(INLINE, inline("user", "chloe", HOSTILE_NAME), "medium")]),
]

TABLE = [
    *USERS, *GROUPS, *MEMBERSHIPS, *ROLES, *POLICIES, *INLINES, *ATTACHMENTS, *PROFILES, *CREDENTIALS, *TRUSTED,
    *SETTINGS, *STORAGE, *DANGLING, *HOSTILE,
]
