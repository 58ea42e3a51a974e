//! `data.aws_iam_policy_document`: the document that the provider makes of its arguments, with every statement, action,
//! resource, principal and condition value leading to what wrote it.
//!
//! Rules: `internal/service/iam/policy_document_data_source.go` and `policy_model.go` of `hashicorp/aws` 6, and for
//! `source_json` and `override_json` those of version 4. Since version 5 an empty `Sid` is left out; where the recorded
//! text has one, it is written. `arguments` reads the blocks, `source` the documents that are merged in, `merge` lays
//! them over each other, `set_order` is the order in which the provider goes through blocks, `render` writes JSON.

mod arguments;
mod merge;
mod render;
mod set_order;
mod source;

use crate::terraform::computed::{Ask, Computed};
use crate::terraform::value::{Origin, Val};

/// The data source.
pub(super) const COMPUTED: Computed =
    Computed { data_source: "aws_iam_policy_document", attributes: &["json", "minified_json"], compute };

/// A text with where it was written.
#[derive(Debug, Clone)]
struct Text {
    text: String,
    origin: Origin,
}

/// Texts of a list or set.
#[derive(Debug, Clone)]
struct Texts {
    all: Vec<Text>,
    /// Written as a text and not as a list; only one is then.
    single: bool,
    origin: Origin,
}

/// A document.
#[derive(Debug, Default)]
struct Document {
    version: Option<Text>,
    id: Option<Text>,
    statements: Vec<Statement>,
    /// What lists the statements.
    origin: Origin,
}

#[derive(Debug, Clone)]
struct Statement {
    sid: Option<Text>,
    effect: Option<Text>,
    actions: Option<Texts>,
    not_actions: Option<Texts>,
    resources: Option<Texts>,
    not_resources: Option<Texts>,
    principals: Vec<Principals>,
    not_principals: Vec<Principals>,
    conditions: Vec<Condition>,
    origin: Origin,
}

/// Principals of one type, as one block or key says them.
#[derive(Debug, Clone)]
struct Principals {
    kind: Text,
    who: Texts,
    origin: Origin,
}

/// A condition, as one block or key says it.
#[derive(Debug, Clone)]
struct Condition {
    test: Text,
    variable: Text,
    values: Texts,
    origin: Origin,
}

fn compute(ask: &Ask<'_>) -> Result<Val, String> {
    let document = merge::document(ask.arguments)?;
    let form = render::Form {
        indented: ask.attribute == "json",
        empty_sids: ask
            .recorded
            .is_some_and(|recorded| recorded.contains(r#""Sid": """#) || recorded.contains(r#""Sid":"""#)),
    };
    Ok(render::render(&document, form, ask.at))
}

impl Statement {
    fn new(origin: Origin) -> Self {
        Statement {
            sid: None,
            effect: None,
            actions: None,
            not_actions: None,
            resources: None,
            not_resources: None,
            principals: Vec::new(),
            not_principals: Vec::new(),
            conditions: Vec::new(),
            origin,
        }
    }

    fn sid(&self) -> &str {
        self.sid.as_ref().map_or("", |sid| &sid.text)
    }
}
