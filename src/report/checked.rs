//! What a parser of each format makes of a report, held against the report.

use super::view::Report;
use crate::source::clean::{for_terminal, is_steering};
use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::{Html, Selector};
use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// Panics when the text is no sound report in this format; `name` is what whoever was hostile chose.
pub(super) fn check(format: &str, text: &str, report: &Report, name: &str) {
    assert!(!text.chars().any(|c| c != '\n' && is_steering(c)), "{format}: {text:?}");
    match format {
        "table" => {}
        "json" => drop(json(text)),
        "sarif" => sarif(text, report),
        "markdown" => markdown(text, report),
        "github" => github(text, report),
        "gitlab" => gitlab(text, report),
        "junit" => junit(text, report, name),
        "rdjson" => rdjson(text, report),
        "csv" => spreadsheet(text, report),
        "html" => html(text, report, name),
        other => panic!("`{other}` is checked by no parser"),
    }
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn shown(report: &Report) -> usize {
    report.open().count()
}

fn sarif(text: &str, report: &Report) {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let mut schema = json(include_str!("../../testdata/sarif/sarif-schema-2.1.0.json"));
        // A bracket too many makes its pattern for languages one that no reader takes; nothing here names a language.
        for of in ["run", "toolComponent"] {
            let language = &mut schema["definitions"][of]["properties"]["language"];
            assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
        }
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    });
    let document = json(text);
    valid(&document, schema);
    let run = &document["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), shown(report));
    for (result, finding) in results.iter().zip(report.open()) {
        assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"], finding.id.as_str());
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["shortDescription", "fullDescription", "help"].iter().all(|part| rule[part]["text"].is_string()));
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("), "a link");
        let base = url::Url::parse("file:///repository/").unwrap();
        for location in
            result["locations"].as_array().into_iter().chain(result["relatedLocations"].as_array()).flatten()
        {
            let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(base.join(uri).unwrap().as_str().starts_with("file:///repository/"), "{uri}");
        }
    }
    let notifications = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notifications.as_array().unwrap().len(), report.gaps.len());
}

fn valid(document: &Json, schema: &jsonschema::Validator) {
    let wrong: Vec<_> =
        schema.iter_errors(document).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// GitHub reads more than CommonMark: outside of code nothing may be left that it makes a mention, reference or link.
fn markdown(text: &str, report: &Report) {
    assert!(text.chars().count() <= 60_000);
    let mut code = 0;
    let mut headings = 0;
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => code -= 1,
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::BlockQuote(_)
                | Tag::FootnoteDefinition(_)
                | Tag::Strikethrough
                | Tag::Emphasis
                | Tag::DefinitionList
                | Tag::MetadataBlock(_)
                | Tag::Superscript
                | Tag::Subscript),
            ) => panic!("{tag:?}: {text}"),
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = ["<details><summary>values and step</summary>", "</details>"];
                assert!(own.contains(&html.trim()), "{html}: {text}");
            }
            Event::Text(plain) if code == 0 => {
                assert!(!plain.contains(['@', '#', '!', '$', '~', '<', '`', '/', '\\']), "{plain:?}: {text}");
                assert!(!plain.contains("www.") && !plain.contains("GH-"), "{plain:?}: {text}");
            }
            Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Rule => {
                panic!("{event:?}: {text}")
            }
            _ => {}
        }
    }
    let parts = [!report.gaps.is_empty(), report.pending().count() > 0, report.accepted().count() > 0];
    assert_eq!(headings, 1 + parts.iter().filter(|is| **is).count(), "{text}");
}

/// As the runner reads a line: `::NAME PROPERTIES::DATA`, split at the first `::` behind the properties.
fn github(text: &str, report: &Report) {
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), shown(report) + report.gaps.len() + 1, "{text}");
    for line in lines {
        let (command, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (name, properties) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&name), "{line}");
        let mut names = Vec::new();
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap();
            names.push(name);
            unescaped(value, &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]);
        }
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(names.iter().all(|name| known.contains(name)), "{line}");
        assert!(names.contains(&"title"), "{line}");
        unescaped(data, &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]);
    }
}

/// Every `%` begins an escape that the runner knows.
fn unescaped(text: &str, escapes: &[(&str, &str)]) {
    for (at, _) in text.match_indices('%') {
        assert!(escapes.iter().any(|(escape, _)| text[at..].starts_with(escape)), "{text}");
    }
}

fn gitlab(text: &str, report: &Report) {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Issue {
        description: String,
        check_name: String,
        fingerprint: String,
        severity: String,
        location: Location,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Location {
        path: String,
        lines: Lines,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Lines {
        begin: usize,
    }
    let issues: Vec<Issue> = serde_json::from_str(text).unwrap();
    assert_eq!(issues.len(), shown(report) + report.gaps.len());
    let mut fingerprints: Vec<_> = issues.iter().map(|issue| &issue.fingerprint).collect();
    fingerprints.sort();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), issues.len());
    for issue in issues {
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue.severity.as_str()));
        assert!(!issue.check_name.is_empty() && !issue.location.path.is_empty() && issue.location.lines.begin > 0);
        assert!(!issue.location.path.starts_with('/') && !issue.location.path.split('/').any(|part| part == ".."));
        assert!(!issue.description.contains('\n'));
    }
}

/// The published schema lets every other field through: the structs hold that there is none.
fn rdjson(text: &str, report: &Report) {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let schema = json(include_str!("../../testdata/rdjson/DiagnosticResult.json"));
        jsonschema::validator_for(&schema).unwrap()
    });
    valid(&json(text), schema);
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Result {
        source: Source,
        diagnostics: Vec<Diagnostic>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Source {
        name: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Diagnostic {
        message: String,
        severity: String,
        code: Code,
        location: Option<Location>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Code {
        value: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Location {
        path: String,
        range: Option<Range>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Range {
        start: Position,
        end: Option<Position>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Position {
        line: usize,
        column: Option<usize>,
    }
    let result: Result = serde_json::from_str(text).unwrap();
    assert_eq!(result.source.name, "driftline");
    assert_eq!(result.diagnostics.len(), shown(report) + report.gaps.len());
    for diagnostic in result.diagnostics {
        assert!(!diagnostic.message.is_empty() && !diagnostic.code.value.is_empty());
        assert!(["ERROR", "WARNING", "INFO"].contains(&diagnostic.severity.as_str()));
        let Some(location) = diagnostic.location else { continue };
        assert!(!location.path.is_empty());
        let Some(Range { start, end }) = location.range else { continue };
        assert!(start.line > 0 && start.column != Some(0));
        assert!(end.is_none_or(|end| end.line >= start.line && end.column != Some(0)));
    }
}

fn junit(text: &str, report: &Report, name: &str) {
    let document = roxmltree::Document::parse(text).unwrap();
    let known = ["testsuites", "testsuite", "testcase", "failure", "error"];
    let elements: Vec<_> = document.descendants().filter(|node| node.is_element()).collect();
    assert!(elements.iter().all(|node| known.contains(&node.tag_name().name())), "{text}");
    assert!(document.descendants().all(|node| !node.is_comment() && !node.is_pi()));
    let count = |tag: &str| elements.iter().filter(|node| node.has_tag_name(tag)).count();
    assert_eq!((count("failure"), count("error")), (shown(report), report.gaps.len()));
    assert_eq!(count("testcase"), shown(report) + report.gaps.len() + 1);
    let suite = elements.iter().find(|node| node.has_tag_name("testsuite")).unwrap();
    assert_eq!(suite.attribute("failures"), Some(shown(report).to_string().as_str()));
    if name.len() < 100 && !name.contains(['\u{fffe}', '\u{ffff}']) {
        let expected = for_terminal(name, false);
        let named =
            |node: &&roxmltree::Node<'_, '_>| node.attribute("name").is_some_and(|name| name.contains(&expected));
        assert!(elements.iter().filter(named).count() >= shown(report), "{expected:?} in {text}");
    }
}

fn spreadsheet(text: &str, report: &Report) {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).flexible(false).from_reader(text.as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.unwrap()).collect();
    assert_eq!(rows.len(), report.findings.len() + report.gaps.len());
    for cell in rows.iter().flat_map(|row| row.iter()) {
        let first = cell.trim_start().chars().next();
        assert!(!first.is_some_and(|c| "=+-@|%\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(c)), "{cell:?}");
        assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
    }
    let ids: Vec<_> = rows.iter().filter(|row| &row[0] == "finding").map(|row| row[1].to_owned()).collect();
    assert_eq!(ids, report.findings.iter().map(|finding| finding.id.clone()).collect::<Vec<_>>());
}

fn html(text: &str, report: &Report, name: &str) {
    let page = Html::parse_document(text);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let select = |selector: &str| Selector::parse(selector).unwrap();
    let all = |selector: &str| page.select(&select(selector)).count();
    let known = [
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "strong", "form", "input",
        "select", "option", "output", "main", "section", "article", "ul", "li", "div", "span", "code", "pre", "mark",
        "ins", "del", "details", "summary", "script",
    ];
    let attributes = [
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "class",
        "id",
        "hidden",
        "type",
        "aria-label",
        "placeholder",
        "value",
        "data-severity",
        "data-change",
        "data-status",
        "data-kind",
        "data-system",
    ];
    for element in page.select(&select("*")) {
        assert!(known.contains(&element.value().name()), "<{}>", element.value().name());
        for (attribute, _) in element.value().attrs() {
            assert!(attributes.contains(&attribute), "{attribute} of <{}>", element.value().name());
        }
    }
    assert_eq!((all("script"), all("style"), all("form"), all("main")), (1, 1, 1, 1));
    assert_eq!(all("main > section > article"), report.findings.len() + report.gaps.len());
    let policy = page.select(&select("meta[http-equiv]")).next().unwrap().value().attr("content").unwrap();
    assert!(policy.starts_with("default-src 'none'; "));
    for tag in ["script", "style"] {
        use base64::Engine;
        let inner: String = page.select(&select(tag)).next().unwrap().text().collect();
        let hash = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(inner));
        assert!(policy.contains(&format!("{tag}-src 'sha256-{hash}'")), "{policy}");
    }
    // Back-ticks are what the title quotes with: pairs of them become code.
    let plain = |text: &str| text.replace('`', "");
    let expected = plain(&for_terminal(name, false));
    let headings = select("h3");
    let titles = page.select(&headings).map(|title| plain(&title.text().collect::<String>()));
    assert!(
        name.len() > 300 || titles.filter(|title| title.contains(&expected)).count() >= report.findings.len(),
        "{expected:?}"
    );
}
