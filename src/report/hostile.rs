//! Every format is given names that whoever can create a user may choose, and what comes out is read by a parser of the
//! format.

use super::checked;
use super::formats::FORMATS;
use super::samples;
use super::table::Look;
use super::view::Report;
use crate::model::{Exception, Finding, Related, Secret, Value, seen};
use crate::report::Tree;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Names that try to steer what reads them.
const NAMES: [&str; 38] = [
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{9b}2J\u{0}\u{8}\u{b}",
    "txt.\u{202e}exe\u{2066}\u{200b}",
    "line\u{2028}separator\u{2029}",
    "@octo-org/owners @all",
    "#1 GH-1 !1 octo/repo#2 deadbeefcafe",
    "x --> <script>alert(1)</script> <!-- y",
    "<img src=x onerror=alert(1)>",
    "'\" onmouseover=\"alert(1)",
    "</script><script>alert(1)</script>",
    "</pre></article></main><form>",
    "</details><details open>",
    "a|b\\|c",
    "`code` ``more`` ```fence",
    "```\n@team\n```",
    "[text](javascript:alert(1)) ![i](http://x/y.png)",
    "[text]: http://x 'title'\n[text]",
    "http://example.org www.example.org me@example.org",
    "*bold* _it_ ~~no~~ $x$ :fire:",
    "# heading\n\n- item\n> quote",
    "=HYPERLINK(\"http://x\",\"y\")",
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "  =1",
    "\r=1",
    "\u{ff1d}1",
    "a,b;\"c\"\n\"d\"",
    "::error file=main.tf,line=1::owned",
    "\n::stop-commands::x\n",
    "\r::add-mask::y",
    "%0A::error::owned %25 %3A",
    "##[error]owned",
    "]]> <![CDATA[ &amp; &#0; <?xml?>",
    "\u{fffe}\u{ffff}\u{fdd0}\u{e000}",
    "${jndi:ldap://x} {{7*7}} <%= 1 %> $(reboot) '; --",
    "名前 😀 e\u{301}\u{feff}",
];

/// A report in which everything that others choose is this text.
fn report(text: &str) -> Report {
    let own = || text.to_owned();
    let tags = BTreeMap::from([(own(), Value::from(text)), ("token".to_owned(), Value::Secret(Secret::present()))]);
    let mut finding = samples::named(text);
    finding.live = Some(Value::Map(tags));
    finding.recorded = Some(Value::List(vec![Value::from(text), Value::Unknown]));
    finding.reasons = vec![own(), format!("`{text}` only carries labels")];
    finding.scope = text.into();
    finding.related = vec![Related { path: own(), line: 1, column: 1, role: own() }];
    for step in &mut finding.steps {
        (step.note, step.command, step.hcl, step.refused) = (own(), Some(own()), Some(own()), Some(own()));
    }
    if let Some(location) = &mut finding.location {
        (location.path, location.excerpt) = (own(), vec![own()]);
    }
    let unmanaged = Finding { key: finding.key.clone(), title: own(), ..samples::admin() };
    let seen = Finding { kind: &seen::ACCESS, id: "seen".to_owned(), property: None, ..finding.clone() };
    let pending = Finding { title: own(), ..samples::not_applied() };
    let by = Exception { id: own(), owner: own(), reason: own(), expires: own() };
    let accepted = Finding { id: "accepted".to_owned(), title: own(), exception: Some(by), ..samples::admin() };
    let mut gap = samples::refused();
    (gap.reason, gap.hint, gap.scope, gap.location) = (own(), own(), Some(text.into()), finding.location.clone());
    let mut scope = samples::account();
    (scope.identity, scope.id) = (own(), text.into());
    let mut run = samples::run();
    run.tree = Tree { modules: vec![text.into()], ..run.tree };
    Report::new(run, vec![scope], vec![finding, seen, unmanaged, pending, accepted], vec![gap], 3, 0)
}

fn hold(text: &str) {
    let report = report(text);
    for format in &FORMATS {
        let mut out = Vec::new();
        format.write(&report, Look { width: 100, colour: false }, &mut out).unwrap();
        let written = String::from_utf8(out).unwrap();
        checked::check(format.name, &written, &report, text);
    }
}

#[test]
fn hostile_names_are_text_in_every_format() {
    NAMES.into_iter().for_each(hold);
    hold(&"long ".repeat(14_000));
    hold("");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_text_in_every_format(text in any::<String>()) {
        hold(&text);
    }

    /// As above, of the signs that some format gives a meaning.
    #[test]
    fn any_signs_are_text_in_every_format(text in "[`|@#:%\\\\<>&\"'=+\\-\\[\\]()!~*_\r\n\t ,;$a-f0-3\u{1b}\u{202e}]{0,24}") {
        hold(&text);
    }
}
