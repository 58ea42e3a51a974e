"""States of version 4 as Terraform and the AWS provider write them."""

import json

import account as model

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
HEADER = '{\n  "version": 4,\n  "terraform_version": "1.11.4",\n  "serial": 91,\n' \
         '  "lineage": "7be8297b-f179-3fe1-e0af-75cbd49d5bcc",\n  "outputs": {},\n  "resources": [\n'
TIMEOUTS = "eyJlMmJmYjczMC1lY2FhLTExZTYtOGY4OC0zNDM2M2JjN2M0YzAiOnsiY3JlYXRlIjoxMjAwMDAwMDAwMDAwfX0="


def sensitive(*names):
    return [[{"type": "get_attr", "value": name}] for name in names]


def instance(key, attributes, depends=(), secret=(), private="bnVsbA=="):
    return {"index_key": key, "schema_version": 0, "attributes": attributes, "sensitive_attributes": sensitive(*secret),
            "private": private, "dependencies": list(depends)}


def resource(sort, name, instances, module=None):
    place = {"module": module} if module else {}
    return {**place, "mode": "managed", "type": sort, "name": name, "provider": PROVIDER, "instances": instances}


def tagged(thing):
    return {"tags": thing["tags"], "tags_all": {**thing["tags"], **model.DEFAULT_TAGS}}


def users(account):
    """A module for each group, with the people in it."""
    by_team = {}
    for user in account.users:
        by_team.setdefault(user["groups"][0], []).append(user)
    for team, people in by_team.items():
        module = f'module.team["{team}"]'

        def each(sort, name, entries, **more):
            entries = list(entries)
            return resource(sort, name, [instance(key, attributes, **more) for key, attributes in entries], module)

        def of(user):
            return {"user": user["name"]}

        yield each("aws_iam_user", "person", (
            (u["name"], {"arn": u["arn"], "force_destroy": False, "id": u["name"], "name": u["name"], "path": u["path"],
                         "permissions_boundary": u["boundary"] or "", **tagged(u), "unique_id": u["id"]}) for u in people))
        yield each("aws_iam_user_policy", "own", (
            (u["name"], {**of(u), "id": f"{u['name']}:{name}", "name": name, "name_prefix": "", "policy": document})
            for u in people for name, document in u["inline"].items()), depends=["module.team.aws_iam_user.person"])
        yield each("aws_iam_user_policy_attachment", "own", (
            (f"{u['name']}/{at}", {**of(u), "id": f"{u['name']}-2026112108205072860000{at:04}", "policy_arn": arn})
            for u in people for at, arn in enumerate(u["attached"])), depends=["module.team.aws_iam_user.person"])
        yield each("aws_iam_access_key", "robot", (
            (k["id"], {**of(u), "create_date": f"{model.MADE}Z", "encrypted_secret": None,
                       "encrypted_ses_smtp_password_v4": None, "id": k["id"], "key_fingerprint": None, "pgp_key": None,
                       "secret": "not-a-secret", "ses_smtp_password_v4": "not-a-secret", "status": k["status"]})
            for u in people for k in u["keys"]), secret=["secret", "ses_smtp_password_v4"])
        yield each("aws_iam_user_login_profile", "console", (
            (u["name"], {**of(u), "encrypted_password": None, "id": u["name"], "key_fingerprint": None,
                         "password": "not-a-secret", "password_length": 24, "password_reset_required": True,
                         "pgp_key": None}) for u in people if u["password"]), secret=["password"])


def groups(account):
    closed = {group["name"] for group in account.groups if group["closed"]}
    members = {group["name"]: [] for group in account.groups}
    for user in account.users:
        for group in user["groups"]:
            members[group].append(user["name"])
    for g in account.groups:
        name, module = g["name"], f'module.team["{g["name"]}"]'
        yield resource("aws_iam_group", "this", [instance(None, {
            "arn": g["arn"], "id": name, "name": name, "path": g["path"], "unique_id": g["id"]})], module)
        yield resource("aws_iam_group_policy", "folder", [instance(None, {
            "group": name, "id": f"{name}:{policy}", "name": policy, "name_prefix": "", "policy": document})
            for policy, document in g["inline"].items()], module)
        yield resource("aws_iam_group_policy_attachment", "this", [instance(at, {
            "group": name, "id": f"{name}-2026112108205085120000{at:04}", "policy_arn": arn})
            for at, arn in enumerate(g["attached"])], module)
        yield resource("aws_iam_group_policy_attachments_exclusive", "this", [instance(None, {
            "group_name": name, "policy_arns": g["attached"]})], module)
        if name in closed:
            yield resource("aws_iam_group_membership", "this", [instance(None, {
                "group": name, "id": f"{name}-members", "name": f"{name}-members", "users": sorted(members[name])},
                depends=["module.team.aws_iam_group.this", "module.team.aws_iam_user.person"])], module)
    joined = [(user["name"], [group for group in user["groups"] if group not in closed]) for user in account.users]
    yield resource("aws_iam_user_group_membership", "joined", [instance(name, {
        "groups": names, "id": f"terraform-2026112108205081450000{at:06}", "user": name})
        for at, (name, names) in enumerate(joined) if names])


def roles(account):
    for r in account.roles:
        name, module = r["name"], f'module.service["{r["name"]}"]'
        depends = ["module.service.aws_iam_role.this"]
        yield resource("aws_iam_role", "this", [instance(None, {
            "arn": r["arn"], "assume_role_policy": r["trust"], "create_date": f"{model.MADE}Z",
            "description": r["description"], "force_detach_policies": False, "id": name,
            "inline_policy": [{"name": k, "policy": v} for k, v in r["inline"].items()],
            "managed_policy_arns": r["attached"], "max_session_duration": r["session"], "name": name, "name_prefix": "",
            "path": r["path"], "permissions_boundary": r["boundary"] or "", **tagged(r), "unique_id": r["id"]})], module)
        yield resource("aws_iam_role_policy", "own", [instance(key, {
            "id": f"{name}:{key}", "name": key, "name_prefix": "", "policy": document, "role": name}, depends)
            for key, document in r["inline"].items()], module)
        yield resource("aws_iam_role_policy_attachment", "this", [instance(at, {
            "id": f"{name}/{arn}", "policy_arn": arn, "role": name}, depends)
            for at, arn in enumerate(r["attached"])], module)
        if r["profile"]:
            yield resource("aws_iam_instance_profile", "this", [instance(None, {
                "arn": model.iam_arn("instance-profile", "/", name), "create_date": f"{model.MADE}Z", "id": name,
                "name": name, "name_prefix": "", "path": "/", "role": name, "tags": {}, "tags_all": {},
                "unique_id": r["profile"]}, depends)], module)


def policies(account):
    for p in account.policies:
        yield resource("aws_iam_policy", "access", [instance(None, {
            "arn": p["arn"], "attachment_count": 1, "delay_after_policy_creation_in_ms": None,
            "description": p["description"], "id": p["arn"], "name": p["name"], "name_prefix": "", "path": p["path"],
            "policy": p["document"], "policy_id": p["id"], **tagged(p)})], f'module.access["{p["name"]}"]')


def buckets(account):
    for b in account.buckets:
        module, of = f'module.bucket["{b["name"]}"]', {"bucket": b["name"], "id": b["name"], "region": model.REGION}
        yield resource("aws_s3_bucket_policy", "this", [instance(None, {**of, "policy": b["policy"]})], module)
        yield resource("aws_s3_bucket_public_access_block", "this", [instance(None, {
            **of, **b["block"], "skip_destroy": None})], module)
        yield resource("aws_s3_bucket_ownership_controls", "this", [instance(None, {
            **of, "rule": [{"object_ownership": b["ownership"]}]})], module)


def settings(account):
    yield resource("aws_iam_account_password_policy", "this", [instance(None, {
        **account.password_policy, "id": "iam-account-password-policy"})])
    yield resource("aws_iam_account_alias", "this", [instance(None, {"account_alias": account.alias, "id": account.alias})])
    yield resource("aws_s3_account_public_access_block", "this", [instance(None, {
        **account.account_block, "account_id": model.NUMBER, "id": model.NUMBER})])


def declared(account):
    for part in (users, groups, roles, policies, buckets, settings):
        for found in part(account):
            if found["instances"]:
                for one in found["instances"]:
                    if one["index_key"] is None:
                        del one["index_key"]
                yield found


def written(found):
    """A resource as text, indented as Terraform does it."""
    return "    " + json.dumps(found, indent=2).replace("\n", "\n    ")


def unrelated(instances, size):
    """Resources that say nothing about access, as texts of about `size` bytes for each instance: what most of a large
    state is made of."""
    filler = {"aws_instance": ("user_data_base64", "user_data"), "aws_lambda_function": ("source_code", "environment_text"),
              "aws_ecs_task_definition": ("container_definitions", "definition"), "kubernetes_manifest": ("manifest", "object")}
    line = '[{"name":"app","image":"registry.acme.example/app:1.2.3","environment":[{"name":"LEVEL","value":"a \\"b\\""}]},'
    patterns = []
    for sort, (large, other) in filler.items():
        attributes = {
            "arn": "arn:aws:service:@", "id": "i-@", "name": "workload-@", "region": model.REGION,
            large: line * max(1, size // (2 * len(json.dumps(line)))), other: "QWxsIHdvcmsgYW5kIG5vIHBsYXk=" * (size // 72),
            "ports": [{"from": n, "to": n, "cidr": ["10.0.0.0/8"], "ipv6": []} for n in range(8)],
            "tags": {"service": "@"}, "tags_all": {"service": "@", **model.DEFAULT_TAGS}, "timeouts": None,
        }
        patterns.append(written(resource(sort, "this", [instance("@", attributes, private=TIMEOUTS)],
                                         'module.workload["@"]')))
    for at in range(instances):
        yield patterns[at % len(patterns)].replace("@", f"{at:06}")


def write(path, account, extra=0, size=0):
    """Writes the account's state with `extra` unrelated instances between what declares it; how many instances."""
    own = list(declared(account))
    count = sum(len(found["instances"]) for found in own)
    others = unrelated(extra, size)
    share = extra / len(own)
    due = 0.0
    with open(path, "w", encoding="utf-8") as out:
        out.write(HEADER)
        for at, found in enumerate(own):
            out.write((",\n" if at else "") + written(found))
            due += share
            while due >= 1:
                due -= 1
                text = next(others, None)
                if text is not None:
                    out.write(",\n" + text)
                    count += 1
        for text in others:
            out.write(",\n" + text)
            count += 1
        out.write('\n  ],\n  "check_results": null\n}\n')
    return count
