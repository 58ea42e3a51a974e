//! Reads what IAM shows in bulk: identities with their policies, identity providers, settings of the account.

use super::account::Account;
use super::client::AwsClient;
use super::endpoints::Service;
use super::kinds::{
    Holder, account_alias, attachment, group, inline_policy, instance_profile, membership, oidc_provider,
    password_policy, policy, role, saml_provider, user,
};
use super::seen::Seen;
use super::xml::Node;
use crate::model::{Fact, Hides, Key, Kind};
use crate::providers::Ask;
use futures_util::StreamExt;
use futures_util::stream;
use std::collections::BTreeMap;

/// The most that IAM gives on one page (IAM API reference, `MaxItems`).
const PAGE: (&str, &str) = ("MaxItems", "1000");

/// What GetAccountAuthorizationDetails shows, filtered so that the policies AWS makes stay out.
const DETAILS: [(&str, &str); 5] = [
    ("Filter.member.1", "User"),
    ("Filter.member.2", "Group"),
    ("Filter.member.3", "Role"),
    ("Filter.member.4", "LocalManagedPolicy"),
    PAGE,
];

static DETAILED: [&Kind; 7] =
    [&user::KIND, &group::KIND, &membership::KIND, &role::KIND, &policy::KIND, &inline_policy::KIND, &attachment::KIND];

/// Users, groups, roles and policies with all that hangs on them, and instance profiles.
pub(super) async fn details(client: &AwsClient, account: Account, ask: &Ask) -> Seen {
    let mut seen = Seen::new(account);
    // Who has credentials is asked by user, so their kinds need the users too.
    let for_credentials: [&Kind; 2] = [&super::kinds::access_key::KIND, &super::kinds::login_profile::KIND];
    if ask.wants(&DETAILED) || ask.wants(&for_credentials) {
        authorization_details(client, &mut seen, ask).await;
    }
    if ask.wants(&[&role::KIND]) {
        descriptions_of_roles(client, &mut seen, ask).await;
    }
    if ask.wants(&[&instance_profile::KIND]) {
        instance_profiles(client, &mut seen, ask).await;
    }
    seen
}

async fn authorization_details(client: &AwsClient, seen: &mut Seen, ask: &Ask) {
    let mut page_number = 0;
    let account = seen.account.clone();
    let listing = client
        .paged(Service::Iam, "GetAccountAuthorizationDetails", &DETAILS, |page| {
            page_number += 1;
            ask.report(&format!("reading IAM of account {}: page {page_number}", account.id));
            seen.add(facts_of_page(&page, &account));
        })
        .await;
    if let Some(error) = listing.error {
        seen.lost(&error, &DETAILED, &[]);
    }
}

fn facts_of_page(page: &Node, account: &Account) -> Vec<Fact> {
    let mut facts = Vec::new();
    for detail in page.members("UserDetailList") {
        facts.extend(user::fact(detail, account));
        facts.extend(membership::facts(detail, account));
        facts.extend(held(detail, Holder::User, "UserName", "UserPolicyList", account));
    }
    for detail in page.members("GroupDetailList") {
        facts.extend(group::fact(detail, account));
        facts.extend(held(detail, Holder::Group, "GroupName", "GroupPolicyList", account));
    }
    for detail in page.members("RoleDetailList") {
        facts.extend(role::fact(detail, account));
        facts.extend(held(detail, Holder::Role, "RoleName", "RolePolicyList", account));
    }
    facts.extend(page.members("Policies").filter_map(|detail| policy::fact(detail, account)));
    facts
}

/// Policies attached to a principal, and those that live inside it.
fn held(detail: &Node, holder: Holder, name: &str, inline: &str, account: &Account) -> Vec<Fact> {
    let Some(principal) = detail.text_of(name) else { return Vec::new() };
    let mut facts = attachment::facts(detail, holder, principal, account);
    facts.extend(inline_policy::facts(detail, holder, principal, inline, account));
    facts
}

/// Adds what of roles only ListRoles shows.
async fn descriptions_of_roles(client: &AwsClient, seen: &mut Seen, ask: &Ask) {
    ask.report("reading descriptions of roles");
    let mut listed = BTreeMap::new();
    let listing = client
        .paged(Service::Iam, "ListRoles", &[PAGE], |page| listed.extend(page.members("Roles").filter_map(role::listed)))
        .await;
    for fact in seen.facts.iter_mut().filter(|fact| *fact.kind == role::KIND) {
        if let Some(properties) = fact.key.values().first().and_then(|name| listed.remove(name)) {
            fact.properties.extend(properties);
        }
    }
    if let Some(error) = listing.error {
        let hides = Hides::Properties { kind: &role::KIND, properties: role::ONLY_LISTED.to_vec(), fixed: Vec::new() };
        seen.lost_of(&error, hides);
    }
}

async fn instance_profiles(client: &AwsClient, seen: &mut Seen, ask: &Ask) {
    ask.report("reading instance profiles");
    let account = seen.account.clone();
    let listing = client
        .paged(Service::Iam, "ListInstanceProfiles", &[PAGE], |page| {
            let facts: Vec<_> =
                page.members("InstanceProfiles").filter_map(|entry| instance_profile::fact(entry, &account)).collect();
            seen.add(facts);
        })
        .await;
    if let Some(error) = listing.error {
        seen.lost(&error, &[&instance_profile::KIND], &[]);
    }
}

/// OIDC and SAML providers: a list of ARNs each, and one request for each provider.
pub(super) async fn identity_providers(client: &AwsClient, account: Account, ask: &Ask) -> Seen {
    let mut seen = Seen::new(account);
    let oidc = Trusted {
        kind: &oidc_provider::KIND,
        list: ("ListOpenIDConnectProviders", "OpenIDConnectProviderList"),
        get: ("GetOpenIDConnectProvider", "OpenIDConnectProviderArn"),
        name_in: oidc_provider::url_in,
        fact: oidc_provider::fact,
    };
    let saml = Trusted {
        kind: &saml_provider::KIND,
        list: ("ListSAMLProviders", "SAMLProviderList"),
        get: ("GetSAMLProvider", "SAMLProviderArn"),
        name_in: saml_provider::name_in,
        fact: saml_provider::fact,
    };
    for trusted in [oidc, saml] {
        if ask.wants(&[trusted.kind]) {
            trusted.read(client, &mut seen, ask).await;
        }
    }
    seen
}

/// How one sort of identity provider is read.
struct Trusted {
    kind: &'static Kind,
    /// Operation and the list in its answer.
    list: (&'static str, &'static str),
    /// Operation and its parameter.
    get: (&'static str, &'static str),
    name_in: fn(&str) -> Option<&str>,
    fact: fn(&str, &Node, &Account) -> Fact,
}

impl Trusted {
    async fn read(&self, client: &AwsClient, seen: &mut Seen, ask: &Ask) {
        ask.report(&format!("reading {}", self.kind.nouns()));
        let mut arns = Vec::new();
        let listing = client
            .paged(Service::Iam, self.list.0, &[], |page| {
                arns.extend(page.members(self.list.1).filter_map(|entry| entry.text_of("Arn").map(str::to_owned)));
            })
            .await;
        if let Some(error) = listing.error {
            seen.lost(&error, &[self.kind], &[]);
        }
        let answers = stream::iter(arns)
            .map(|arn| async move {
                let answer = client.query(Service::Iam, self.get.0, &[(self.get.1, &arn)]).await;
                (arn, answer)
            })
            .buffer_unordered(ask.jobs.max(1));
        let mut answers = std::pin::pin!(answers);
        while let Some((arn, answer)) = answers.next().await {
            let name = (self.name_in)(&arn).unwrap_or(&arn);
            match answer {
                Ok(Some(node)) => {
                    let fact = (self.fact)(name, &node, &seen.account);
                    seen.add([fact]);
                }
                // It was deleted between the listing and now.
                Ok(None) => {}
                Err(error) => seen.lost(&error, &[self.kind], &[(self.kind.key[0], name)]),
            }
        }
    }
}

/// Password policy and alias.
pub(super) async fn account_settings(client: &AwsClient, account: Account, ask: &Ask) -> Seen {
    let mut seen = Seen::new(account);
    if ask.wants(&[&password_policy::KIND]) {
        match client.query(Service::Iam, "GetAccountPasswordPolicy", &[]).await {
            Ok(answer) => {
                let policy = answer.as_ref().and_then(|answer| answer.child("PasswordPolicy"));
                let fact = policy.map(|policy| password_policy::fact(policy, &seen.account));
                seen.add(fact);
            }
            Err(error) => seen.lost(&error, &[&password_policy::KIND], &[]),
        }
    }
    if ask.wants(&[&account_alias::KIND]) {
        let mut aliases = Vec::new();
        let listing = client
            .paged(Service::Iam, "ListAccountAliases", &[], |page| {
                aliases.extend(page.members("AccountAliases").map(|entry| entry.text.trim().to_owned()));
            })
            .await;
        let facts: Vec<_> = aliases.iter().map(|alias| account_alias::fact(alias, &seen.account)).collect();
        seen.add(facts);
        if let Some(error) = listing.error {
            seen.lost(&error, &[&account_alias::KIND], &[]);
        }
    }
    seen
}

/// Names of all users that were seen.
pub(super) fn users(seen: &Seen) -> Vec<String> {
    let users = seen.facts.iter().filter(|fact| *fact.kind == user::KIND);
    users.filter_map(|fact| fact.key.values().first().cloned()).collect()
}

/// Whether a key of this kind was claimed for a user.
pub(super) fn claimed_users(ask: &Ask, kind: &Kind) -> Vec<String> {
    let of_kind = ask.claimed.iter().filter(|(id, _)| *id == kind.id);
    of_kind.filter_map(|(_, key): &(_, Key)| key.field(kind, "user").map(str::to_owned)).collect()
}
