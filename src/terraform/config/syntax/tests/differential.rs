//! A second reading of the same texts, by hcl-edit: names, spans and literal strings must be the same.

use super::*;
use hcl_edit::Span as _;
use hcl_edit::expr::Expression as Other;
use hcl_edit::structure::{Body as OtherBody, Structure};

fn compare_bodies(text: &str, ours: &Body, theirs: &OtherBody) {
    let attributes: Vec<_> = theirs.attributes().collect();
    assert_eq!(ours.attributes.len(), attributes.len(), "{text}");
    for (ours, theirs) in ours.attributes.iter().zip(attributes) {
        assert_eq!(ours.name.text, theirs.key.as_str());
        assert_eq!(Some(ours.name.span.start..ours.name.span.end), theirs.key.span());
        compare(text, &ours.value, &theirs.value);
    }
    let blocks: Vec<_> = theirs.iter().filter_map(Structure::as_block).collect();
    assert_eq!(ours.blocks.len(), blocks.len(), "{text}");
    for (ours, theirs) in ours.blocks.iter().zip(blocks) {
        assert_eq!(ours.kind.text, theirs.ident.as_str());
        let labels: Vec<_> = theirs.labels.iter().map(|label| label.as_str()).collect();
        assert_eq!(ours.labels.iter().map(|label| label.text.as_str()).collect::<Vec<_>>(), labels);
        compare_bodies(text, &ours.body, &theirs.body);
    }
}

fn compare(text: &str, ours: &Expression, theirs: &Other) {
    // hcl-edit counts a heredoc's span otherwise.
    if !matches!(theirs, Other::HeredocTemplate(_)) {
        let span = theirs.span().unwrap();
        assert_eq!(&text[ours.span.start..ours.span.end], &text[span], "{text}");
    }
    match (&ours.kind, theirs) {
        (Kind::Template(template), Other::String(string)) => {
            assert_eq!(template.literal_text().as_deref(), Some(string.as_str()), "{text}");
        }
        (Kind::Tuple(elements), Other::Array(array)) => {
            assert_eq!(elements.len(), array.len());
            elements.iter().zip(array).for_each(|(ours, theirs)| compare(text, ours, theirs));
        }
        (Kind::Object(items), Other::Object(object)) => {
            assert_eq!(items.len(), object.len());
            for (item, (_, value)) in items.iter().zip(object.iter()) {
                compare(text, &item.value, value.expr());
            }
        }
        (Kind::Call(call), Other::FuncCall(other)) => {
            assert_eq!(call.arguments.len(), other.args.len());
            call.arguments.iter().zip(other.args.iter()).for_each(|(ours, theirs)| compare(text, ours, theirs));
        }
        (Kind::Conditional { condition, when_true, when_false }, Other::Conditional(other)) => {
            compare(text, condition, &other.cond_expr);
            compare(text, when_true, &other.true_expr);
            compare(text, when_false, &other.false_expr);
        }
        (Kind::Parentheses(inner), Other::Parenthesis(other)) => compare(text, inner, other.inner()),
        (Kind::Null, Other::Null(_))
        | (Kind::Bool(_), Other::Bool(_))
        | (Kind::Number(_), Other::Number(_))
        | (Kind::Variable(_), Other::Variable(_))
        | (Kind::Template(_), Other::StringTemplate(_) | Other::HeredocTemplate(_))
        | (Kind::Traversal { .. }, Other::Traversal(_))
        | (Kind::Unary { .. }, Other::UnaryOp(_) | Other::Number(_))
        | (Kind::Operation { .. }, Other::BinaryOp(_))
        | (Kind::For(_), Other::ForExpr(_)) => {}
        (ours, theirs) => panic!("{ours:?} against {theirs:?}"),
    }
}

fn compare_text(text: &str) {
    let (ours, errors) = parse_native(text);
    assert_eq!(errors, [], "{text}");
    let theirs = hcl_edit::parser::parse_body(text).unwrap();
    compare_bodies(text, &ours, &theirs);
}

#[test]
fn test_data_reads_the_same() {
    let mut directories = vec![std::path::PathBuf::from("testdata/config")];
    let mut files = 0;
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                compare_text(&std::fs::read_to_string(&path).unwrap());
                files += 1;
            }
        }
    }
    assert!(files > 8);
}

#[test]
fn snippets_read_the_same() {
    for text in [
        "a = 1\n",
        "a = -1.5e3\n",
        "a = [1, \"two\", [true, null]]\n",
        "a = { b = 1, \"c d\" : \"e\", (f) = g }\n",
        "a = \"tab\\t quote\\\" \\u00e9 $${x} %%{y} $ %\"\n",
        "a = \"x ${b.c} y\"\n",
        "a = b ? c : d\n",
        "a = f(1, [2], \"3\")\n",
        "a = f(b...)\n",
        "a = b[0].c[\"d\"].*.e\n",
        "a = b[*].c\n",
        "a = (1 + 2) * 3\n",
        "a = !b && c || d == e\n",
        "a = [for x in y : x if x]\n",
        "a = { for k, v in y : k => v... }\n",
        "a = <<EOT\nline\n${x}\nEOT\n",
        "b \"l\" m {\n  # comment\n  c = 1 // more\n  /* and */ d = 2\n  e { f = 1 }\n}\n",
        "b {}\n",
    ] {
        compare_text(text);
    }
}
