//! Which lines of a text hold a secret, by the names of what they say: such lines are shown to nobody.
//!
//! A name tells more often than it has to: a line that is not shown costs a look into the file, a secret that is shown
//! costs the secret.

use super::{Kind, Language, Node};
use crate::source::{SourceFile, Span};
use std::collections::BTreeSet;
use std::ops::Range;

/// Last words of names whose values are secret.
const WORDS: [&str; 14] = [
    "password",
    "passwords",
    "passwd",
    "pwd",
    "passphrase",
    "passphrases",
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "pem",
    "conninfo",
];

/// Words before `key`, `keys` and `string` that make it a secret.
const KEYS: [&str; 9] =
    ["private", "secret", "access", "api", "shared", "signing", "encryption", "account", "connection"];

/// Words after a secret's name that leave it one: `password_wo`, `secret_string`.
const FORMS: [&str; 12] =
    ["wo", "value", "hash", "base64", "b64", "encrypted", "plaintext", "plain", "text", "string", "content", "data"];

/// The lines, from 1, that hold the value of something whose name says that it is secret, or that looks like one.
pub fn secret_lines(path: &str, text: &str) -> BTreeSet<usize> {
    let mut found = Vec::new();
    match Node::of_file(path, text) {
        Some(tree) => within(&tree, text, &mut found),
        None => by_line(text, &mut found),
    }
    let file = SourceFile::new(path, text);
    let mut lines: BTreeSet<usize> =
        found.iter().flat_map(|range| file.lines_of(Span::new(range.start, range.end))).collect();
    lines.extend(text.lines().zip(1..).filter(|(line, _)| looks_secret(line)).map(|(_, number)| number));
    lines
}

fn within(node: &Node, text: &str, found: &mut Vec<Range<usize>>) {
    // `variable` and `output` say by an argument of their own that their value is secret.
    let is_marked = matches!(node.kind, Kind::Body { .. })
        && node.entries().iter().any(|entry| entry.name == "sensitive" && said(&entry.value, text) == "true");
    for entry in node.entries() {
        let is_value = is_marked && matches!(entry.name.as_str(), "default" | "value");
        let is_secret = is_value || is_secret_name(&entry.name) || said(&entry.value, text).starts_with("sensitive(");
        if is_secret && says_itself(&entry.value, text) {
            found.push(entry.range());
        }
    }
    node.children().into_iter().for_each(|child| within(child, text, found));
}

fn said<'t>(node: &Node, text: &'t str) -> &'t str {
    text.get(node.range.clone()).unwrap_or_default()
}

/// Whether the text itself holds the value, or a part of it, and no mere reference to where it is.
fn says_itself(node: &Node, text: &str) -> bool {
    let said = said(node, text).trim();
    let is_nothing = matches!(said.trim_matches(['"', '\'']), "" | "null" | "~" | "true" | "false");
    match (&node.kind, node.language) {
        (Kind::Scalar, Language::Native) => {
            !is_nothing && said.starts_with(|c: char| c == '"' || c == '<' || c == '-' || c.is_ascii_digit())
        }
        (Kind::Scalar, _) => !is_nothing,
        // A template says what stands around its references.
        (Kind::Other(_), Language::Native) if said.starts_with('"') => {
            !(said.starts_with("\"${") && said.ends_with("}\"") && said.matches("${").count() == 1)
                || node.children().iter().any(|child| says_itself(child, text))
        }
        (Kind::Other(_), Language::Native) if said.starts_with("<<") => true,
        // A number alone is the index of a reference.
        (Kind::Other(_), Language::Native) if !said.contains(['"', '<']) => false,
        _ => node.children().iter().any(|child| says_itself(child, text)),
    }
}

/// A text that cannot be read as a whole: what stands before `=` or `:` is taken for a name.
fn by_line(text: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let name = line.split(['=', ':']).next().unwrap_or_default();
        if name.len() < line.trim_end().len() && is_secret_name(name.trim().trim_matches(['"', '\'', ' ', '-', '{'])) {
            found.push(at..at + line.len());
        }
        at += line.len();
    }
}

/// Whether something of this name is a secret.
pub fn is_secret_name(name: &str) -> bool {
    let mut words = words(name);
    while words.len() > 1 && words.last().is_some_and(|last| FORMS.contains(&last.as_str())) {
        let last = words.pop();
        // `connection_string` itself.
        if last.as_deref() == Some("string") && words.last().is_some_and(|word| word == "connection") {
            return true;
        }
    }
    match words.as_slice() {
        [.., before, last] if matches!(last.as_str(), "key" | "keys") && KEYS.contains(&before.as_str()) => true,
        [.., last] => WORDS.contains(&last.as_str()),
        [] => false,
    }
}

/// `clientSecret`, `client_secret` and `Client-Secret` are two words each.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            words.push(String::new());
        } else {
            if c.is_uppercase() && was_lower {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        was_lower = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What is a secret whatever it is called: a private key, a password inside of an address.
fn looks_secret(line: &str) -> bool {
    let in_address = line.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '"', '\'', ' ']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.is_some_and(|user| user.split_once(':').is_some_and(|(_, password)| !password.starts_with("${")))
    });
    in_address || line.contains("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(path: &str, text: &str) -> Vec<usize> {
        secret_lines(path, text).into_iter().collect()
    }

    #[test]
    fn a_name_tells_a_secret() {
        for name in [
            "password",
            "db_password",
            "clientSecret",
            "client-secret",
            "API_TOKEN",
            "secret_key",
            "privateKey",
            "password_wo",
            "secret_string",
            "tls_private_key_pem",
            "connection_string",
            "account_key",
            "AccessKey",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "password_policy",
            "secret_arn",
            "token_lifetime",
            "name",
            "key",
            "public_key",
            "access_key_id",
            "password_encryption",
            "secrets_manager",
            "string",
            "text",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn lines_with_secrets_are_known_in_every_language() {
        let native = "variable \"x\" {\n  sensitive = true\n  default   = \"one\"\n}\nlocals {\n  password = \"two\"\n  \
                      token    = var.token\n  people   = { ada = { password = \"three\" }, bob = {} }\n  \
                      key      = sensitive(\"four\")\n  private_key = <<E\nfive\nE\n  url = \"postgres://a:six@b/c\"\n}\n";
        assert_eq!(hidden("a.tf", native), [3, 6, 8, 9, 10, 11, 12, 13]);
        assert_eq!(
            hidden("a.yaml", "ada:\n  password: one\n  team: ops\nbob: {token: 2}\ncarl:\n  secret: null\n"),
            [2, 4]
        );
        assert_eq!(hidden("a.json", "{\"ada\": {\n\"password\": \"one\",\n\"team\": \"ops\"}}\n"), [2]);
        assert_eq!(hidden("a.csv", "name,password\nada,one\nbob,\n"), [2]);
        assert_eq!(hidden("a.tfvars", "db_password = \"one\"\nteam = \"ops\"\n"), [1]);
        // What cannot be read is gone through line by line.
        assert_eq!(hidden("a.tf", "locals {\n  password = \"one\"\n  team = \n"), [2]);
    }

    #[test]
    fn a_reference_is_no_secret() {
        let text = "locals {\n  password = var.password\n  token = \"${var.token}\"\n  secret = data.x.y[0].secret\n  \
                    pwd = null\n  passwd = \"x-${var.token}\"\n}\n";
        assert_eq!(hidden("a.tf", text), [6]);
    }
}
