//! Documents by chance: they say what was put into them, and every scalar is where its origin says.

use super::places::misplaced;
use super::{of_file, shown};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Tree {
    Plain(&'static str),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let text = "[a-z éß😀\"'\\\\:#,{}\\[\\]&*!|>%@`\\n\\t-]{0,12}";
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "false", "0", "-1.5e3", "12345678901234567890123"])
            .prop_map(Tree::Plain),
        text.prop_map(Tree::Text),
        "[a-z]{1,8}".prop_map(Tree::Text),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Tree::List),
            prop::collection::vec((text, inner), 0..6).prop_map(|mut entries| {
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                entries.dedup_by(|a, b| a.0 == b.0);
                Tree::Object(entries)
            }),
        ]
    })
}

/// How the tests show a value.
fn expected(tree: &Tree) -> String {
    match tree {
        Tree::Plain("-1.5e3") => "-1500".to_owned(),
        Tree::Plain(text) => (*text).to_owned(),
        Tree::Text(text) => format!("{text:?}"),
        Tree::List(items) => format!("[{}]", items.iter().map(expected).collect::<Vec<_>>().join(",")),
        Tree::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key:?}:{}", expected(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

/// Writes a tree in one of many ways.
struct Writer<'c> {
    choices: std::iter::Cycle<std::slice::Iter<'c, u8>>,
    made: String,
    json: bool,
}

impl Writer<'_> {
    fn choice(&mut self, of: u8) -> u8 {
        self.choices.next().map_or(0, |choice| choice % of)
    }

    /// Blanks where they mean nothing.
    fn space(&mut self) {
        let spaces = if self.json { ["", " ", "\n", "\r\n\t"] } else { ["", " ", "  ", ""] };
        let space = spaces[self.choice(4) as usize];
        self.made.push_str(space);
    }

    fn text(&mut self, text: &str, indent: Option<usize>) {
        // A block that looks like something else is turned into its text: `n` becomes `false`.
        let word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase());
        let reserved = ["y", "n", "on", "no", "off", "yes", "true", "null", "false"].contains(&text);
        let choice = if self.json { 0 } else { self.choice(4) };
        match (choice, indent) {
            (1, _) if !text.contains(['\n', '\t']) => self.made.push_str(&format!("'{}'", text.replace('\'', "''"))),
            (2, _) if word && !reserved => self.made.push_str(text),
            (3, Some(indent))
                if !text.is_empty() && !reserved && !text.starts_with([' ', '\t', '\n']) && !text.ends_with('\n') =>
            {
                let lines = text.replace('\n', &format!("\n{}", " ".repeat(indent + 1)));
                self.made.push_str(&format!("|-\n{}{lines}", " ".repeat(indent + 1)));
            }
            _ => self.made.push_str(&serde_json::to_string(text).unwrap()),
        }
    }

    fn flow(&mut self, tree: &Tree) {
        match tree {
            Tree::Plain(text) => self.made.push_str(text),
            Tree::Text(text) => self.text(text, None),
            Tree::List(items) => {
                self.made.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.made.push_str(if index == 0 { "" } else { "," });
                    self.space();
                    self.flow(item);
                    self.space();
                }
                self.made.push(']');
            }
            Tree::Object(entries) => {
                self.made.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.made.push_str(if index == 0 { "" } else { "," });
                    self.space();
                    self.text(key, None);
                    self.made.push_str(": ");
                    self.flow(value);
                    self.space();
                }
                self.made.push('}');
            }
        }
    }

    fn block(&mut self, tree: &Tree, indent: usize) {
        let start = format!("\n{}", " ".repeat(indent));
        match tree {
            Tree::List(items) if !items.is_empty() && self.choice(4) > 0 => {
                for item in items {
                    self.made.push_str(&format!("{start}- "));
                    self.block(item, indent + 2);
                }
            }
            Tree::Object(entries) if !entries.is_empty() && self.choice(4) > 0 => {
                for (key, value) in entries {
                    self.made.push_str(&start);
                    self.text(key, None);
                    self.made.push_str(": ");
                    self.block(value, indent + 2);
                }
            }
            Tree::Text(text) => self.text(text, Some(indent)),
            other => self.flow(other),
        }
    }
}

proptest! {
    #[test]
    fn a_document_says_what_was_written(tree in tree(), choices in prop::collection::vec(any::<u8>(), 1..50)) {
        for (function, json) in [("jsondecode", true), ("yamldecode", false)] {
            let mut writer = Writer { choices: choices.iter().cycle(), made: String::new(), json };
            if json { writer.flow(&tree) } else { writer.block(&tree, 0) }
            let text = writer.made;
            let value = of_file(function, &text);
            prop_assert!(value.is_ok(), "{function} of {text:?}: {:?}", value.err());
            prop_assert_eq!(shown(&value.unwrap()), expected(&tree), "{} of {:?}", function, text);
            let (_, wrong) = misplaced(function, &text);
            prop_assert!(wrong.is_empty(), "{function} of {text:?}: {}", wrong.join("\n"));
        }
    }
}
