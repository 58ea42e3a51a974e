//! Answers of AWS's XML protocols as a small tree, without namespaces and attributes.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};
use std::collections::HashSet;
use std::sync::Arc;

/// Deepest nesting that is read. The deepest answer that AWS gives has about a dozen levels.
const DEPTH: usize = 64;

/// One element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Without its prefix. Names are shared: a large answer repeats a few hundred thousand times.
    pub name: Arc<str>,
    /// The text of an element without children, entities decoded; empty for the rest.
    pub text: String,
    pub children: Vec<Node>,
}

/// Why a text is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It ends in the middle.
    Cut,
    /// It is not XML, or not XML as AWS writes it; what is wrong.
    Garbage(String),
}

impl Node {
    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| &*child.name == name)
    }

    /// The text of the first child of this name; `None` when there is none, `""` when it is empty.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    /// The elements of a list in the query protocol: children `member` of the child of this name.
    pub(super) fn members(&self, name: &str) -> impl Iterator<Item = &Node> {
        let list = self.child(name).map(|child| child.children.as_slice()).unwrap_or_default();
        list.iter().filter(|child| &*child.name == "member")
    }

    /// Whether a flag is set; `None` when it is not there or says neither `true` nor `false`.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.text_of(name)?.trim() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

/// Reads a whole document.
///
/// # Errors
/// When it ends before its root is closed, nests deeper than 64 levels, has a document type (HTML pages have; AWS's
/// answers have not) or is no XML.
pub(super) fn parse(document: &[u8]) -> Result<Node, Fault> {
    let text = match std::str::from_utf8(document) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => return Err(Fault::Cut),
        Err(e) => return Err(garbage(format!("not UTF-8 at byte {}", e.valid_up_to()))),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().starts_with('<') {
        return Err(garbage("no XML"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut tree = Tree::default();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => tree.open(start.local_name().into_inner())?,
            Ok(Event::End(_)) => tree.close(),
            Ok(Event::Text(text)) => tree.text(&text.xml10_content())?,
            Ok(Event::CData(data)) => tree.text(&data.xml10_content())?,
            Ok(Event::GeneralRef(entity)) => tree.character(&entity)?,
            Ok(Event::DocType(_)) => return Err(garbage("it has a document type")),
            Ok(Event::Eof) => return tree.root.filter(|_| tree.open.is_empty()).ok_or(Fault::Cut),
            // Declaration, comments, processing instructions; empty elements come expanded.
            Ok(_) => {}
            // Markup or an entity that the text ends in.
            Err(quick_xml::Error::Syntax(_)) => return Err(Fault::Cut),
            Err(_) if !rest(text, reader.error_position()).contains('<') => return Err(Fault::Cut),
            Err(e) => return Err(garbage(e.to_string())),
        }
    }
}

fn rest(text: &str, position: u64) -> &str {
    usize::try_from(position).ok().and_then(|at| text.get(at..)).unwrap_or_default()
}

fn garbage(why: impl Into<String>) -> Fault {
    Fault::Garbage(why.into())
}

#[derive(Default)]
struct Tree {
    names: HashSet<Arc<str>>,
    open: Vec<Node>,
    root: Option<Node>,
}

impl Tree {
    fn open(&mut self, name: &str) -> Result<(), Fault> {
        if self.root.is_some() {
            return Err(garbage("more than one root"));
        }
        if self.open.len() == DEPTH {
            return Err(garbage(format!("nested deeper than {DEPTH} levels")));
        }
        let name = match self.names.get(name) {
            Some(known) => known.clone(),
            None => {
                let new: Arc<str> = name.into();
                self.names.insert(new.clone());
                new
            }
        };
        self.open.push(Node { name, text: String::new(), children: Vec::new() });
        Ok(())
    }

    fn close(&mut self) {
        // The reader has checked that this end belongs to the last start.
        let Some(mut node) = self.open.pop() else { return };
        if !node.children.is_empty() {
            // Only the white space between the children.
            node.text = String::new();
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(garbage("text outside of the root")),
        }
        Ok(())
    }

    fn character(&mut self, entity: &BytesRef<'_>) -> Result<(), Fault> {
        let name = entity.xml10_content();
        let character = match &*name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => match entity.resolve_char_ref() {
                Ok(Some(character)) => character,
                _ => return Err(garbage(format!("unknown entity `{name}`"))),
            },
        };
        self.text(character.encode_utf8(&mut [0; 4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_aws_writes() {
        let node = parse(
            br#"<?xml version="1.0"?>
            <ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRolesResult>
              <IsTruncated>true</IsTruncated><Roles><member><RoleName>a&amp;b &#x17C;</RoleName></member>
              <member><RoleName><![CDATA[<c>]]></RoleName></member></Roles><Marker/>
            </ListRolesResult></ListRolesResponse>"#,
        )
        .unwrap();
        let result = node.child("ListRolesResult").unwrap();
        let names: Vec<_> = result.members("Roles").filter_map(|m| m.text_of("RoleName")).collect();
        assert_eq!(names, ["a&b ż", "<c>"]);
        assert_eq!(result.flag("IsTruncated"), Some(true));
        assert_eq!(result.text_of("Marker"), Some(""));
        assert_eq!(result.text_of("Absent"), None);
        assert_eq!(result.members("Absent").count(), 0);
        assert!(node.text.is_empty());
    }

    #[test]
    fn every_cut_is_seen() {
        let whole = "<?xml version=\"1.0\"?>\n<A x=\"1\"><B>a&amp;ż</B><!-- c --><C/><D><![CDATA[x]]></D></A>";
        assert!(parse(whole.as_bytes()).is_ok());
        for length in 1..whole.len() {
            assert_eq!(parse(&whole.as_bytes()[..length]), Err(Fault::Cut), "{}", &whole[..length.min(60)]);
        }
    }

    #[test]
    fn what_is_not_aws_xml_is_garbage() {
        for text in [
            "",
            "{\"a\":1}",
            "<!DOCTYPE html><html><body><br></body></html>",
            "<a><b></a>",
            "<a></a><b></b>",
            "<a></a>x",
            "<a>&nbsp;</a>",
            "<a>&#x0;</a>",
            "\u{1}",
        ] {
            assert!(matches!(parse(text.as_bytes()), Err(Fault::Garbage(_))), "{text}: {:?}", parse(text.as_bytes()));
        }
        assert!(matches!(parse(b"<a>\xff\xfe</a>"), Err(Fault::Garbage(_))));
        let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
        assert!(matches!(parse(deep.as_bytes()), Err(Fault::Garbage(_))));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in "[<>/a&;!\\[\\]\"= -]{0,80}") {
            let _ = parse(&bytes);
            let _ = parse(text.as_bytes());
        }
    }
}
