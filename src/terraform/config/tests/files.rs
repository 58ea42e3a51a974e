//! Which files are read, how override files change others, and what cannot be read.

use super::*;
use crate::model::{Configured, Hides};

fn samples(name: &str) -> Configuration {
    let (configuration, gaps) =
        Configuration::load(&Path::new("testdata/config").join(name), name, None, &Inputs::default()).unwrap();
    assert!(gaps.is_empty(), "{gaps:?}");
    configuration
}

#[test]
fn override_files_apply_in_the_order_of_their_names() {
    let configuration = samples("ovr");
    let place = |address: &str, path: AttrPath| {
        let location = configuration.locate(&self::address(address), &path).unwrap().location;
        (location.path, location.line, location.precision)
    };
    let a = "terraform_data.a";
    assert_eq!(place(a, AttrPath::attr("input")), ("ovr/z_override.tf".to_owned(), 2, Precision::Attribute));
    assert_eq!(place(a, AttrPath::attr("triggers_replace")), ("ovr/a.tf".to_owned(), 3, Precision::Value));
    assert_eq!(place(a, AttrPath::default()), ("ovr/a.tf".to_owned(), 1, Precision::Block));
    assert_eq!(place("terraform_data.j[\"k\"]", AttrPath::attr("input")).0, "ovr/c.tf.json");
    // Hidden files and those that editors leave behind are not read.
    for address in ["terraform_data.hidden", "terraform_data.bak"] {
        assert!(configuration.locate(&self::address(address), &AttrPath::default()).is_err());
    }
}

#[test]
fn nested_blocks_of_an_override_file_replace_all_of_their_type() {
    let scene = scene(&[
        (
            "main.tf",
            "resource \"t\" \"r\" {\n  p {\n    n = \"a\"\n  }\n  q {\n    n = \"a\"\n  }\n  lifecycle {\n    \
             prevent_destroy = true\n    ignore_changes = [x]\n  }\n}\n",
        ),
        (
            "override.tf",
            "resource \"t\" \"r\" {\n  dynamic \"p\" {\n    for_each = []\n    content {}\n  }\n  lifecycle {\n    \
             ignore_changes = [y]\n  }\n}\n",
        ),
    ]);
    let line = |path| {
        let location = scene.locate("t.r", path).unwrap().location;
        (location.path, location.line)
    };
    assert_eq!(line(AttrPath::attr("p")), ("override.tf".to_owned(), 2));
    assert_eq!(line(AttrPath::attr("q")), ("main.tf".to_owned(), 5));
    let lifecycle = |name: &str| AttrPath::attr("lifecycle").then(crate::model::Step::Attr(name.to_owned()));
    assert_eq!(line(lifecycle("prevent_destroy")), ("main.tf".to_owned(), 9));
    assert_eq!(line(lifecycle("ignore_changes")), ("override.tf".to_owned(), 7));
}

#[test]
fn files_of_opentofu_go_before_their_namesakes() {
    let scene = scene(&[
        ("a.tf", "resource \"t\" \"old\" {}\n"),
        ("a.tofu", "resource \"t\" \"new\" {}\n"),
        ("b.tf.json", "{\"resource\": {\"t\": {\"old2\": {}}}}"),
        ("b.tofu.json", "{\"resource\": {\"t\": {\"new2\": {}}}}"),
        ("c.tf", "resource \"t\" \"c\" {}\n"),
    ]);
    assert_eq!(scene.place("t.new"), "a.tofu:1");
    assert_eq!(scene.place("t.new2"), "b.tofu.json:1");
    assert_eq!(scene.place("t.c"), "c.tf:1");
    assert!(scene.locate("t.old", AttrPath::default()).is_err());
    assert!(scene.locate("t.old2", AttrPath::default()).is_err());
}

#[test]
fn a_syntax_error_hides_its_block_and_says_where_it_is() {
    let scene = scene(&[("main.tf", "resource \"t\" \"bad\" {\n  x = = 1\n}\nresource \"t\" \"good\" {}\n")]);
    assert_eq!(scene.place("t.good"), "main.tf:4");
    let refusal = scene.refusal("t.bad");
    assert!(refusal.reason.contains("could not be read"), "{}", refusal.reason);
    let [gap] = scene.gaps.as_slice() else { panic!() };
    let location = gap.location.as_ref().unwrap();
    assert_eq!(
        (gap.code.as_ref(), location.path.as_str(), location.line, location.column),
        ("source_syntax", "main.tf", 2, 7)
    );
    assert!(matches!(gap.hides, Hides::Lines));
    assert_eq!(scene.configuration.configured(&address("t.bad")), Configured::Unknown);
}

#[test]
fn files_that_are_no_text_are_gaps() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "main.tf", b"resource \"t\" \"r\" {}\n");
    write(dir.path(), "latin.tf", b"# caf\xe9\n");
    write(dir.path(), "secret.tf", b"\0GITCRYPT\0\x01\x02");
    let (configuration, gaps) = Configuration::load(dir.path(), "infra", None, &Inputs::default()).unwrap();
    let mut reasons: Vec<_> = gaps.iter().map(|gap| (gap.code.as_ref(), gap.reason.as_str())).collect();
    reasons.sort_unstable();
    assert_eq!(
        reasons,
        [
            ("source_unreadable", "`infra/latin.tf` cannot be read: it is not UTF-8 (byte 5)"),
            ("source_unreadable", "`infra/secret.tf` cannot be read: it is encrypted with git-crypt"),
        ]
    );
    let located = configuration.locate(&address("t.r"), &AttrPath::default()).unwrap();
    assert_eq!(located.location.path, "infra/main.tf");
}

#[test]
fn a_directory_without_configuration_is_a_problem() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "x.txt", b"");
    let problem = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap_err();
    assert!(problem.message.contains("no configuration files") && problem.help.is_some());
    assert!(
        Configuration::load(&dir.path().join("nowhere"), "nowhere", None, &Inputs::default())
            .unwrap_err()
            .help
            .is_some()
    );
}

#[test]
fn real_projects_are_read() {
    let proj = samples("proj");
    let place = |address: &str, path: AttrPath| {
        let located = proj.locate(&self::address(address), &path).unwrap();
        let related: Vec<_> = located.related.iter().map(|r| format!("{} {}:{}", r.role, r.path, r.line)).collect();
        (format!("{}:{}", located.location.path, located.location.line), related)
    };
    assert_eq!(
        place("module.team[\"plat.form\"].terraform_data.membership[\"alice\"]", AttrPath::attr("input")),
        (
            "proj/modules/team/main.tf:9".to_owned(),
            [
                "for_each entry proj/main.tf:25",
                "for_each proj/main.tf:60",
                "module argument proj/main.tf:62",
                "for_each proj/modules/team/main.tf:8",
                "module call proj/main.tf:58",
                "for_each entry proj/main.tf:25",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
    assert_eq!(
        place("module.counted[0].module.inner.terraform_data.sink", AttrPath::attr("input")),
        (
            "proj/modules/team/main.tf:13".to_owned(),
            [
                "argument proj/modules/team/inner/main.tf:3",
                "module call proj/modules/team/main.tf:11",
                "module call proj/main.tf:66",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
    assert_eq!(
        place("terraform_data.each[\"w[0].\\\"q\\\"\"]", AttrPath::default()),
        ("proj/main.tf:40".to_owned(), vec!["for_each entry proj/main.tf:41".to_owned()])
    );
    let idp = samples("idp");
    let entry = idp.locate(&address("idp_user.many[\"carol.d\"]"), &AttrPath::attr("login")).unwrap();
    assert_eq!((entry.location.line, entry.location.column), (32, 29));
    assert_eq!(entry.related.iter().map(|r| (r.role.as_str(), r.line)).collect::<Vec<_>>(), [("argument", 34)]);
}
