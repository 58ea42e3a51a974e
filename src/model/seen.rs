//! What Terraform itself saw changed, in the refresh before a plan, of resource types that driftline does not read live.

use super::kind::{Class, Kind};

/// An object of a type that declares identities or access.
pub static ACCESS: Kind = Kind {
    id: "terraform/access",
    noun: "resource of a type that declares access",
    title: "`{address}`",
    class: Class::Grant,
    key: KEY,
    properties: &[],
    declared_by: &[],
    about: "What Terraform saw changed outside of it in the refresh before a plan (`resource_drift`), of a resource type that \
            driftline does not read live, and whose name speaks of identities, access or credentials. Only what Terraform \
            manages shows: of things of these sorts that nobody declares, nothing is said. One finding for each resource \
            instance, with the attributes that differ; those that Terraform or their names call secret show as \
            `(sensitive)`.",
};

/// An object of any other type.
pub static RESOURCE: Kind = Kind {
    id: "terraform/resource",
    noun: "resource of another type",
    title: "`{address}`",
    class: Class::Setting,
    key: KEY,
    properties: &[],
    declared_by: &[],
    about: "As `terraform/access`, of a resource type whose name says nothing of identities, access or credentials.",
};

/// Both, for lists of kinds.
pub static KINDS: &[&Kind] = &[&ACCESS, &RESOURCE];

/// The root module's directory from the repository's root, and the address there.
const KEY: &[&str] = &["directory", "address"];

/// Words of a type's name, between its `_`, that speak of identities, access or credentials.
const WORDS: &[&str] = &[
    "access",
    "accessor",
    "account",
    "acl",
    "approle",
    "assignment",
    "association",
    "attachment",
    "auth",
    "authorization",
    "authorizer",
    "binding",
    "certificate",
    "cert",
    "client",
    "collaborator",
    "credential",
    "credentials",
    "delegation",
    "entitlement",
    "federation",
    "firewall",
    "grant",
    "grants",
    "group",
    "groups",
    "iam",
    "identity",
    "idp",
    "invitation",
    "key",
    "keys",
    "ldap",
    "login",
    "member",
    "members",
    "membership",
    "mfa",
    "oauth",
    "oauth2",
    "oidc",
    "organization",
    "owner",
    "owners",
    "password",
    "permission",
    "permissions",
    "policies",
    "policy",
    "principal",
    "privilege",
    "privileges",
    "rbac",
    "role",
    "rolebinding",
    "roles",
    "saml",
    "scim",
    "secret",
    "sso",
    "ssoadmin",
    "team",
    "token",
    "trust",
    "user",
    "users",
];

/// The kind of an object of this type; `is_known` says that a system's folder lists it among the types that declare access.
pub fn kind_of(resource_type: &str, is_known: bool) -> &'static Kind {
    // The first part is the provider.
    let speaks = || resource_type.split('_').skip(1).any(|word| WORDS.contains(&word));
    if is_known || speaks() { &ACCESS } else { &RESOURCE }
}

/// Arguments that are labels: no access depends on them.
pub fn is_label(attribute: &str) -> bool {
    matches!(attribute, "tags" | "tags_all" | "labels" | "annotations" | "description" | "display_name" | "comment")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_type_tells_whether_it_is_about_access() {
        for name in ["idp_user", "github_team_members", "okta_group_role", "google_project_iam_member", "vault_policy"] {
            assert_eq!(kind_of(name, false).id, "terraform/access", "{name}");
        }
        for name in ["terraform_data", "random_pet", "aws_instance", "user_thing", "null_resource"] {
            assert_eq!(kind_of(name, false).id, "terraform/resource", "{name}");
        }
        assert_eq!(kind_of("aws_instance", true).id, "terraform/access");
        assert!(WORDS.iter().all(|word| !word.is_empty() && !word.contains('_')));
    }
}
