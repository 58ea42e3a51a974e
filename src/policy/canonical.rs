//! When two policy documents are the same.
//!
//! Terraform's AWS provider suppresses a difference when `hashicorp/awspolicyequivalence` calls two documents equal;
//! [`same`] answers as it does, but for two of its weaknesses: there, two different text principals (or one against
//! none) compare as equal, and statements match as sets, so that repetitions can cancel out. Here text principals are
//! compared and statements match one to one.

use super::document::{Document, Principals, Statement, root_account};
use std::collections::BTreeMap;

/// Whether Terraform would show no difference between the two texts. Texts that are no policy documents compare as they
/// stand, but for white space around them.
pub fn same(a: &str, b: &str) -> bool {
    compare(a, b, Reading::Provider)
}

/// Whether the two mean the same although [`same`] may tell them apart: labels (`Sid`, `Id`) do not count, actions have
/// no case, repetitions do not count, and `"*"` is `{"AWS": "*"}` (IAM user guide, "AWS JSON policy elements: Principal").
pub fn same_by_meaning(a: &str, b: &str) -> bool {
    compare(a, b, Reading::Meaning)
}

/// One text for all texts that are [`same`]; for showing and for hashing.
pub fn canonical(text: &str) -> Option<Document> {
    Document::parse(text).ok().map(|document| normalise(document, Reading::Provider))
}

/// The statement with all that means the same brought to one form.
pub(super) fn normalised(statement: &Statement) -> Statement {
    let mut statement = statement.clone();
    normalise_statement(&mut statement, Reading::Meaning);
    statement
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Provider,
    Meaning,
}

fn compare(a: &str, b: &str, reading: Reading) -> bool {
    // Most of what is compared is in sync to the letter, and parsing it would cost more than all else that is compared.
    if a == b {
        return true;
    }
    match (Document::parse(a), Document::parse(b)) {
        (Ok(a), Ok(b)) => normalise(a, reading) == normalise(b, reading),
        _ => a.trim() == b.trim(),
    }
}

/// Sorting every list turns "equal in any order, one to one" into plain equality.
fn normalise(mut document: Document, reading: Reading) -> Document {
    if reading == Reading::Meaning {
        document.id = None;
    }
    for statement in &mut document.statements {
        normalise_statement(statement, reading);
    }
    document.statements.sort_by_cached_key(|statement| format!("{statement:?}"));
    if reading == Reading::Meaning {
        document.statements.dedup();
    }
    document
}

fn normalise_statement(statement: &mut Statement, reading: Reading) {
    statement.effect = statement.effect.to_ascii_lowercase();
    if reading == Reading::Meaning {
        statement.sid = None;
        for actions in [&mut statement.action, &mut statement.not_action].into_iter().flatten() {
            actions.iter_mut().for_each(|action| *action = action.to_ascii_lowercase());
        }
    }
    let lists =
        [&mut statement.action, &mut statement.not_action, &mut statement.resource, &mut statement.not_resource];
    for list in lists.into_iter().flatten() {
        list.sort();
        if reading == Reading::Meaning {
            list.dedup();
        }
    }
    for values in statement.condition.values_mut().flat_map(BTreeMap::values_mut) {
        values.sort();
        values.dedup();
    }
    for principals in [&mut statement.principal, &mut statement.not_principal].into_iter().flatten() {
        normalise_principals(principals, reading);
    }
}

fn normalise_principals(principals: &mut Principals, reading: Reading) {
    if reading == Reading::Meaning
        && let Principals::Text(text) = principals
        && text == "*"
    {
        *principals = Principals::Typed(BTreeMap::from([("AWS".to_owned(), vec!["*".to_owned()])]));
    }
    if let Principals::Typed(types) = principals {
        for entries in types.values_mut() {
            for entry in entries.iter_mut() {
                if let Some(account) = root_account(entry) {
                    *entry = account.to_owned();
                }
            }
            entries.sort();
            entries.dedup();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn document(statements: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)
    }

    const READ: &str = r#"{"Sid":"Read","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}"#;

    #[test]
    fn what_the_provider_calls_equal_is_the_same() {
        let cases = [
            (
                "order of actions",
                document(READ),
                document(
                    r#"[{"Sid":"Read","Effect":"Allow","Action":["s3:ListBucket","s3:GetObject"],"Resource":["*"]}]"#,
                ),
            ),
            ("case of the effect", document(READ), document(&READ.replace("Allow", "allow"))),
            ("white space around", format!("  {}\n", document(READ)), document(READ)),
            ("an outer list of one", format!("[{}]", document(READ)), document(READ)),
            ("nothing at all", String::new(), "{}".to_owned()),
            (
                "order of statements",
                document(&format!(r#"[{READ},{{"Effect":"Deny","Action":"*","Resource":"*"}}]"#)),
                document(&format!(r#"[{{"Effect":"Deny","Action":"*","Resource":"*"}},{READ}]"#)),
            ),
            (
                "an account and its root",
                document(r#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#),
                document(
                    r#"{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Action":"sts:AssumeRole"}"#,
                ),
            ),
            (
                "an account and its root in China",
                document(r#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#),
                document(
                    r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws-cn:iam::123456789012:root"},"Action":"sts:AssumeRole"}"#,
                ),
            ),
            (
                "an empty list of principals",
                document(r#"{"Effect":"Allow","Principal":{"AWS":"*","Service":[]},"Action":"sts:AssumeRole"}"#),
                document(r#"{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"sts:AssumeRole"}"#),
            ),
            (
                "a truth value and its text",
                document(
                    r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":false}}}"#,
                ),
                document(
                    r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["false"]}}}"#,
                ),
            ),
            (
                "a number and its text",
                document(
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":3600}}}"#,
                ),
                document(
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}}"#,
                ),
            ),
            (
                "order and repetition of condition values",
                document(
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:SourceArn":["b","a","a"]}}}"#,
                ),
                document(
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:SourceArn":["a","b"]}}}"#,
                ),
            ),
        ];
        for (name, a, b) in cases {
            assert!(same(&a, &b), "{name}");
            assert!(same_by_meaning(&a, &b), "{name}, by meaning");
        }
    }

    #[test]
    fn what_the_provider_tells_apart_is_not_the_same() {
        let cases = [
            ("a missing version", document(READ), format!(r#"{{"Statement":{READ}}}"#)),
            ("an older version", document(READ), document(READ).replace("2012-10-17", "2008-10-17")),
            ("a missing action", document(READ), document(&READ.replace(r#","s3:ListBucket""#, ""))),
            ("the effect", document(READ), document(&READ.replace("Allow", "Deny"))),
            (
                "a further statement",
                document(READ),
                document(&format!(r#"[{READ},{{"Effect":"Deny","Action":"*","Resource":"*"}}]"#)),
            ),
            ("an action and all but it", document(READ), document(&READ.replace("Action", "NotAction"))),
            ("a resource", document(READ), document(&READ.replace(r#""*""#, r#""arn:aws:s3:::logs/*""#))),
            (
                "the case of a resource",
                document(&READ.replace(r#""*""#, r#""arn:aws:s3:::logs/a""#)),
                document(&READ.replace(r#""*""#, r#""arn:aws:s3:::logs/A""#)),
            ),
            (
                "the operator of a condition",
                document(
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:SourceArn":"a"}}}"#,
                ),
                document(
                    r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceArn":"a"}}}"#,
                ),
            ),
            (
                "the type of a principal",
                document(r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#),
                document(r#"{"Effect":"Allow","Principal":{"Federated":"*"},"Action":"sts:AssumeRole"}"#),
            ),
            (
                "another account",
                document(r#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#),
                document(r#"{"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"sts:AssumeRole"}"#),
            ),
            // The two weaknesses of the provider's comparison.
            (
                "two different text principals",
                document(r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#),
                document(
                    r#"{"Effect":"Allow","Principal":"arn:aws:iam::123456789012:role/a","Action":"sts:AssumeRole"}"#,
                ),
            ),
            (
                "a text principal and none",
                document(r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#),
                document(r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#),
            ),
            (
                "repeated statements that cancel out as sets",
                document(
                    r#"[{"Effect":"Allow","Action":"a:A","Resource":"*"},{"Effect":"Allow","Action":"a:A","Resource":"*"},{"Effect":"Allow","Action":"a:B","Resource":"*"}]"#,
                ),
                document(
                    r#"[{"Effect":"Allow","Action":"a:A","Resource":"*"},{"Effect":"Allow","Action":"a:B","Resource":"*"},{"Effect":"Allow","Action":"a:B","Resource":"*"}]"#,
                ),
            ),
        ];
        for (name, a, b) in cases {
            assert!(!same(&a, &b), "{name}");
        }
    }

    #[test]
    fn labels_case_of_actions_and_ways_to_say_everybody_do_not_change_the_meaning() {
        let cases = [
            ("a label", document(READ), document(&READ.replace("Read", "Write"))),
            ("case of an action", document(READ), document(&READ.replace("s3:GetObject", "S3:getobject"))),
            (
                "everybody",
                document(r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}"#),
                document(r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"*"}"#),
            ),
        ];
        for (name, a, b) in cases {
            assert!(!same(&a, &b), "{name}");
            assert!(same_by_meaning(&a, &b), "{name}, by meaning");
        }
    }

    #[test]
    fn what_is_no_policy_document_compares_as_text() {
        assert!(same("not json ", "not json"));
        assert!(!same("{", "{{"));
        assert!(!same(r#"{"Statement":[],"Extra":1}"#, r#"{"Statement":[],"Extra":2}"#));
    }

    fn any_statement() -> impl Strategy<Value = serde_json::Value> {
        let words =
            prop::collection::vec(prop::sample::select(vec!["s3:GetObject", "iam:*", "*", "ec2:RunInstances"]), 1..4);
        (prop::bool::ANY, words.clone(), words).prop_map(|(allow, action, resource)| {
            serde_json::json!({"Effect": if allow {"Allow"} else {"Deny"}, "Action": action, "Resource": resource})
        })
    }

    proptest! {
        #[test]
        fn shuffling_statements_and_lists_changes_nothing(
            statements in prop::collection::vec(any_statement(), 1..6), turn in 0usize..6,
        ) {
            let mut shuffled = statements.clone();
            let by = turn % shuffled.len();
            shuffled.rotate_left(by);
            for statement in &mut shuffled {
                for field in ["Action", "Resource"] {
                    if let Some(list) = statement[field].as_array_mut() { list.reverse(); }
                }
            }
            let a = serde_json::json!({"Statement": statements}).to_string();
            let b = serde_json::json!({"Statement": shuffled}).to_string();
            prop_assert!(same(&a, &b));
        }

        #[test]
        fn the_same_is_the_same_by_meaning(
            a in prop::collection::vec(any_statement(), 1..4), b in prop::collection::vec(any_statement(), 1..4),
        ) {
            let a = serde_json::json!({"Statement": a}).to_string();
            let b = serde_json::json!({"Statement": b}).to_string();
            prop_assert!(!same(&a, &b) || same_by_meaning(&a, &b));
            prop_assert_eq!(same(&a, &b), same(&b, &a));
        }
    }
}
