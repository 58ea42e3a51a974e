//! What shows in a policy document without comparing what it allows: everything, everybody, denials, deleted principals.

use super::document::{Document, Principals, Statement};

/// Whether some statement allows every action on every resource without a condition.
pub fn allows_everything(text: &str) -> bool {
    let star = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|l| l.iter().any(|v| v == "*" || v == "*:*"));
    statements(text).iter().any(|s| is_allow(s) && star(&s.action) && star(&s.resource) && s.condition.is_empty())
}

/// Whether some statement lets anybody in: an `Allow` for `*`, or for everybody but some, without a condition.
pub fn allows_everybody(text: &str) -> bool {
    statements(text).iter().any(|s| {
        is_allow(s)
            && s.condition.is_empty()
            && (s.not_principal.is_some()
                || s.principal.as_ref().is_some_and(|p| p.entries().any(|(_, who)| who == "*")))
    })
}

/// Whether some statement denies something: taking such a document away may widen access.
pub fn denies(text: &str) -> bool {
    statements(text).iter().any(|s| s.effect.eq_ignore_ascii_case("deny"))
}

/// Principals of `Allow` statements that are accounts other than this one.
pub fn foreign_accounts(text: &str, account: &str) -> Vec<String> {
    let mut foreign: Vec<String> = statements(text)
        .iter()
        .filter(|s| is_allow(s))
        .filter_map(|s| s.principal.as_ref())
        .flat_map(|p| p.entries().filter(|(kind, _)| *kind == "AWS").map(|(_, who)| who.to_owned()).collect::<Vec<_>>())
        .filter_map(|who| account_of(&who).map(str::to_owned))
        .filter(|other| other != account)
        .collect();
    foreign.sort();
    foreign.dedup();
    foreign
}

/// Unique ids that stand where the ARN of a deleted user or role stood. AWS turns the ARN of a live principal into its
/// id while the document is kept and back when it is shown, so an id that shows belongs to nobody any more
/// (IAM user guide, "AWS JSON policy elements: Principal").
pub fn dangling_principals(text: &str) -> Vec<String> {
    let mut ids: Vec<String> = statements(text)
        .iter()
        .flat_map(|s| [&s.principal, &s.not_principal])
        .flatten()
        .flat_map(|p| p.entries().map(|(_, who)| who.to_owned()).collect::<Vec<_>>())
        .filter(|who| is_unique_id(who))
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

/// `AIDA…` for a user, `AROA…` for a role; upper-case letters and digits, 16 at the least.
fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AIDA") || text.starts_with("AROA"))
        && text.len() >= 16
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn account_of(principal: &str) -> Option<&str> {
    let is_account = |id: &&str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    Some(principal).filter(is_account).or_else(|| principal.split(':').nth(4).filter(is_account))
}

fn is_allow(statement: &Statement) -> bool {
    statement.effect.eq_ignore_ascii_case("allow")
}

fn statements(text: &str) -> Vec<Statement> {
    Document::parse(text).map(|document| document.statements).unwrap_or_default()
}

impl Principals {
    /// Every principal with its type; a bare text counts as of type `AWS`.
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, &str)> + '_> {
        match self {
            Principals::Text(text) => Box::new(std::iter::once(("AWS", text.as_str()))),
            Principals::Typed(types) => {
                Box::new(types.iter().flat_map(|(kind, who)| who.iter().map(move |w| (kind.as_str(), w.as_str()))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_and_everybody_are_seen_only_without_a_condition() {
        let admin = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let with_mfa = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}}"#;
        assert!(allows_everything(admin) && !allows_everything(with_mfa) && !allows_everybody(admin));
        let open = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}"#;
        assert!(
            allows_everybody(open) && allows_everybody(&open.replace(r#""*","Action"#, r#"{"AWS":["*"]},"Action"#))
        );
        assert!(allows_everybody(
            r#"{"Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"*"}}"#
        ));
    }

    #[test]
    fn ids_of_deleted_principals_are_found_among_principals_only() {
        let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":["AROAEXAMPLEEXAMPLE123","arn:aws:iam::123456789012:role/a"]},"Action":"sts:AssumeRole","Condition":{"StringLike":{"aws:userid":"AROAOTHEROTHEROTHER12:*"}}}}"#;
        assert_eq!(dangling_principals(trust), ["AROAEXAMPLEEXAMPLE123"]);
        assert_eq!(foreign_accounts(trust, "123456789012"), Vec::<String>::new());
        assert_eq!(foreign_accounts(trust, "210987654321"), ["123456789012"]);
    }
}
