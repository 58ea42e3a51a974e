"""Fills an account through the API with everything that a state records.

moto makes up ids of its own, so `fill` says which id of the state became which, and `rewritten` brings a state or plan
in line with that.
"""

import boto3
from botocore.config import Config

REGION = "eu-central-1"
ACCOUNT = "123456789012"


class Clients:
    """One client for each service, all at the same address."""

    def __init__(self, endpoint, key="testing", secret="testing", token=None):
        self.endpoint = endpoint
        session = boto3.Session(
            aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, region_name=REGION
        )
        # Nothing is asked twice: what was made by a request that took long would be there already.
        config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, read_timeout=300)
        self.iam, self.sts, self.s3, self.s3control = (
            session.client(name, endpoint_url=endpoint, config=config) for name in ("iam", "sts", "s3", "s3control")
        )
        # The SDK puts the account before the host's name, and 127.0.0.1 is none.
        self.s3control.meta.events.register("before-call.s3-control.*", self._without_host_prefix)

    def _without_host_prefix(self, params, **_):
        params["url"] = f"{self.endpoint}{params['url_path']}"


def tag_list(attributes):
    return [{"Key": key, "Value": value} for key, value in (attributes.get("tags_all") or {}).items()]


def given(**arguments):
    """Only the arguments that are set."""
    return {name: value for name, value in arguments.items() if value not in (None, "", [])}


# One function for each type, in the order in which they are to be made. Each gets the clients and the recorded
# attributes, and gives back `{recorded id: id in this account}` where moto makes one up.


def policy(aws, it):
    made = aws.iam.create_policy(
        PolicyName=it["name"],
        PolicyDocument=it["policy"],
        **given(Path=it["path"], Description=it["description"], Tags=tag_list(it)),
    )
    return {it["policy_id"]: made["Policy"]["PolicyId"]}


def saml_provider(aws, it):
    aws.iam.create_saml_provider(
        Name=it["name"], SAMLMetadataDocument=it["saml_metadata_document"], **given(Tags=tag_list(it))
    )


def oidc_provider(aws, it):
    aws.iam.create_open_id_connect_provider(
        Url=f"https://{it['url']}",
        ClientIDList=it["client_id_list"],
        ThumbprintList=it["thumbprint_list"],
        **given(Tags=tag_list(it)),
    )


def user(aws, it):
    made = aws.iam.create_user(
        UserName=it["name"],
        Path=it["path"],
        **given(PermissionsBoundary=it["permissions_boundary"], Tags=tag_list(it)),
    )
    return {it["unique_id"]: made["User"]["UserId"]}


def group(aws, it):
    made = aws.iam.create_group(GroupName=it["name"], Path=it["path"])
    return {it["unique_id"]: made["Group"]["GroupId"]}


def role(aws, it):
    made = aws.iam.create_role(
        RoleName=it["name"],
        Path=it["path"],
        AssumeRolePolicyDocument=it["assume_role_policy"],
        MaxSessionDuration=it["max_session_duration"],
        **given(
            Description=it["description"], PermissionsBoundary=it["permissions_boundary"], Tags=tag_list(it)
        ),
    )
    # Recorded of every role, whoever declares them: those with resources of their own are made twice, which changes
    # nothing.
    for inline in it["inline_policy"]:
        aws.iam.put_role_policy(RoleName=it["name"], PolicyName=inline["name"], PolicyDocument=inline["policy"])
    for arn in it["managed_policy_arns"]:
        aws.iam.attach_role_policy(RoleName=it["name"], PolicyArn=arn)
    return {it["unique_id"]: made["Role"]["RoleId"]}


def service_linked_role(aws, it):
    made = aws.iam.create_service_linked_role(
        AWSServiceName=it["aws_service_name"], CustomSuffix=it["custom_suffix"], Description=it["description"]
    )
    aws.iam.tag_role(RoleName=it["name"], Tags=tag_list(it))
    return {it["unique_id"]: made["Role"]["RoleId"]}


def instance_profile(aws, it):
    made = aws.iam.create_instance_profile(
        InstanceProfileName=it["name"], Path=it["path"], **given(Tags=tag_list(it))
    )
    if it["role"]:
        aws.iam.add_role_to_instance_profile(InstanceProfileName=it["name"], RoleName=it["role"])
    return {it["unique_id"]: made["InstanceProfile"]["InstanceProfileId"]}


def group_membership(aws, it):
    for name in it["users"]:
        aws.iam.add_user_to_group(GroupName=it["group"], UserName=name)


def user_group_membership(aws, it):
    for name in it["groups"]:
        aws.iam.add_user_to_group(GroupName=name, UserName=it["user"])


def policy_attachment(aws, it):
    for name in it["users"]:
        aws.iam.attach_user_policy(UserName=name, PolicyArn=it["policy_arn"])
    for name in it["groups"]:
        aws.iam.attach_group_policy(GroupName=name, PolicyArn=it["policy_arn"])
    for name in it["roles"]:
        aws.iam.attach_role_policy(RoleName=name, PolicyArn=it["policy_arn"])


def access_key(aws, it):
    made = aws.iam.create_access_key(UserName=it["user"])["AccessKey"]["AccessKeyId"]
    if it["status"] != "Active":
        aws.iam.update_access_key(UserName=it["user"], AccessKeyId=made, Status=it["status"])
    return {it["id"]: made}


def password_policy(aws, it):
    aws.iam.update_account_password_policy(
        MinimumPasswordLength=it["minimum_password_length"],
        RequireSymbols=it["require_symbols"],
        RequireNumbers=it["require_numbers"],
        RequireUppercaseCharacters=it["require_uppercase_characters"],
        RequireLowercaseCharacters=it["require_lowercase_characters"],
        AllowUsersToChangePassword=it["allow_users_to_change_password"],
        MaxPasswordAge=it["max_password_age"],
        PasswordReusePrevention=it["password_reuse_prevention"],
        HardExpiry=it["hard_expiry"],
    )


def bucket(aws, it):
    aws.s3.create_bucket(Bucket=it["bucket"], CreateBucketConfiguration={"LocationConstraint": it["region"]})
    if it["tags_all"]:
        aws.s3.put_bucket_tagging(Bucket=it["bucket"], Tagging={"TagSet": tag_list(it)})


def ownership_controls(aws, it):
    rules = [{"ObjectOwnership": rule["object_ownership"]} for rule in it["rule"]]
    aws.s3.put_bucket_ownership_controls(Bucket=it["bucket"], OwnershipControls={"Rules": rules})


def blocked(it):
    return {
        "BlockPublicAcls": it["block_public_acls"],
        "IgnorePublicAcls": it["ignore_public_acls"],
        "BlockPublicPolicy": it["block_public_policy"],
        "RestrictPublicBuckets": it["restrict_public_buckets"],
    }


MAKERS = {
    "aws_iam_policy": policy,
    "aws_iam_saml_provider": saml_provider,
    "aws_iam_openid_connect_provider": oidc_provider,
    "aws_iam_user": user,
    "aws_iam_group": group,
    "aws_iam_role": role,
    "aws_iam_service_linked_role": service_linked_role,
    "aws_iam_instance_profile": instance_profile,
    "aws_iam_group_membership": group_membership,
    "aws_iam_user_group_membership": user_group_membership,
    "aws_iam_user_policy": lambda aws, it: aws.iam.put_user_policy(
        UserName=it["user"], PolicyName=it["name"], PolicyDocument=it["policy"]
    ),
    "aws_iam_group_policy": lambda aws, it: aws.iam.put_group_policy(
        GroupName=it["group"], PolicyName=it["name"], PolicyDocument=it["policy"]
    ),
    "aws_iam_role_policy": lambda aws, it: aws.iam.put_role_policy(
        RoleName=it["role"], PolicyName=it["name"], PolicyDocument=it["policy"]
    ),
    "aws_iam_user_policy_attachment": lambda aws, it: aws.iam.attach_user_policy(
        UserName=it["user"], PolicyArn=it["policy_arn"]
    ),
    "aws_iam_group_policy_attachment": lambda aws, it: aws.iam.attach_group_policy(
        GroupName=it["group"], PolicyArn=it["policy_arn"]
    ),
    "aws_iam_role_policy_attachment": lambda aws, it: aws.iam.attach_role_policy(
        RoleName=it["role"], PolicyArn=it["policy_arn"]
    ),
    "aws_iam_policy_attachment": policy_attachment,
    "aws_iam_access_key": access_key,
    "aws_iam_user_login_profile": lambda aws, it: aws.iam.create_login_profile(
        UserName=it["user"], Password=it["password"], PasswordResetRequired=it["password_reset_required"]
    ),
    "aws_iam_account_alias": lambda aws, it: aws.iam.create_account_alias(AccountAlias=it["account_alias"]),
    "aws_iam_account_password_policy": password_policy,
    "aws_s3_bucket": bucket,
    "aws_s3_bucket_ownership_controls": ownership_controls,
    "aws_s3_bucket_acl": lambda aws, it: aws.s3.put_bucket_acl(Bucket=it["bucket"], ACL=it["acl"]),
    "aws_s3_bucket_policy": lambda aws, it: aws.s3.put_bucket_policy(Bucket=it["bucket"], Policy=it["policy"]),
    "aws_s3_bucket_public_access_block": lambda aws, it: aws.s3.put_public_access_block(
        Bucket=it["bucket"], PublicAccessBlockConfiguration=blocked(it)
    ),
    "aws_s3_account_public_access_block": lambda aws, it: aws.s3control.put_public_access_block(
        AccountId=it["account_id"], PublicAccessBlockConfiguration=blocked(it)
    ),
}

# Those whose makers say which id became which.
WITH_IDS = {
    "aws_iam_policy",
    "aws_iam_user",
    "aws_iam_group",
    "aws_iam_role",
    "aws_iam_service_linked_role",
    "aws_iam_instance_profile",
    "aws_iam_access_key",
}

# They declare that there is nothing else, and make nothing themselves.
EXCLUSIVE = {
    f"aws_iam_{holder}_{what}_exclusive"
    for holder in ("user", "group", "role")
    for what in ("policies", "policy_attachments")
}


def objects(state):
    """Type and attributes of every recorded object."""
    for resource in state["resources"]:
        if resource["mode"] == "managed":
            for instance in resource["instances"]:
                yield resource["type"], instance["attributes"]


def fill(aws, state):
    """Makes every recorded object; says which recorded id became which."""
    by_type = {}
    for name, attributes in objects(state):
        by_type.setdefault(name, []).append(attributes)
    unknown = set(by_type) - set(MAKERS) - EXCLUSIVE
    assert not unknown, f"nothing here makes {sorted(unknown)}"
    ids = {}
    for name, make in MAKERS.items():
        for attributes in by_type.get(name, []):
            made = make(aws, attributes)
            if name in WITH_IDS:
                ids.update(made)
    return ids


def rewritten(text, ids):
    """A state or plan that speaks of the ids of this account."""
    for recorded, made in ids.items():
        text = text.replace(f'"{recorded}"', f'"{made}"')
    return text
