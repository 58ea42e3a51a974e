//! Module calls, instance keys, and modules that are not at hand.

use super::*;

#[test]
fn installed_modules_are_found_through_their_list() {
    let files = [
        (
            "main.tf",
            "module \"a\" {\n  source = \"org/a/aws\"\n}\nmodule \"b\" {\n  source = \"git::https://x/y.git?ref=v2\"\n}\n\
             module \"c\" {\n  source = \"org/c/aws\"\n}\n",
        ),
        ("data/modules/a/main.tf", "resource \"t\" \"r\" {}\nmodule \"in\" {\n  source = \"./in\"\n}\n"),
        ("data/modules/a/in/main.tf", "resource \"t\" \"r\" {}\n"),
        ("data/modules/b/main.tf", "resource \"t\" \"r\" {}\n"),
        (
            "data/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},
            {"Key":"a","Source":"registry.terraform.io/org/a/aws","Version":"1.0.0","Dir":"data/modules/a"},
            {"Key":"a.in","Source":"./in","Dir":"data/modules/a/in"},
            {"Key":"b","Source":"git::https://x/y.git?ref=v1","Dir":"data/modules/b"}]}"#,
        ),
    ];
    let dir = tempfile::tempdir().unwrap();
    files.iter().for_each(|(path, text)| write(dir.path(), path, text.as_bytes()));
    let (configuration, gaps) =
        Configuration::load(dir.path(), "env/prod", Some(Path::new("data")), &Inputs::default()).unwrap();
    let place = |address: &str| {
        let location = configuration.locate(&self::address(address), &AttrPath::default()).unwrap().location;
        (format!("{}:{}", location.path, location.line), location.precision)
    };
    assert_eq!(place("module.a.t.r"), ("env/prod/data/modules/a/main.tf:1".to_owned(), Precision::Block));
    assert_eq!(place("module.a.module.in.t.r").0, "env/prod/data/modules/a/in/main.tf:1");
    // Another version is installed than the source asks for; and nothing at all.
    assert_eq!(place("module.b.t.r"), ("env/prod/main.tf:4".to_owned(), Precision::ModuleCall));
    assert_eq!(place("module.c.module.deep.t.r"), ("env/prod/main.tf:7".to_owned(), Precision::ModuleCall));
    let gaps: Vec<_> = gaps.iter().map(|gap| (gap.code.as_ref(), gap.location.as_ref().unwrap().line)).collect();
    assert_eq!(gaps, [("module_not_found", 4), ("module_not_found", 7)]);
    assert_eq!(configuration.configured(&address("module.c.t.r")), crate::model::Configured::Unknown);
}

#[test]
fn local_modules_are_read_where_they_are() {
    let dir = tempfile::tempdir().unwrap();
    write(
        dir.path(),
        "env/prod/main.tf",
        b"module \"x\" {\n  source = \"../../shared/x\"\n  for_each = toset([\"k\"])\n}\n",
    );
    write(dir.path(), "shared/x/main.tf", b"resource \"t\" \"r\" {\n  name = \"n\"\n}\n");
    for (shown, expected) in
        [("env/prod", "shared/x/main.tf"), ("", "../../shared/x/main.tf"), ("./env/prod/", "shared/x/main.tf")]
    {
        let (configuration, gaps) =
            Configuration::load(&dir.path().join("env/prod"), shown, None, &Inputs::default()).unwrap();
        assert!(gaps.is_empty());
        let located = configuration.locate(&address("module.x[\"k\"].t.r"), &AttrPath::attr("name")).unwrap();
        assert_eq!(located.location.path, expected);
        let roles: Vec<_> = located.related.iter().map(|related| (related.role.as_str(), related.line)).collect();
        assert_eq!(roles, [("module call", 1), ("for_each entry", 3)]);
    }
}

#[test]
fn a_directory_called_twice_is_read_once() {
    let scene = scene(&[
        ("main.tf", "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m/../m\"\n}\n"),
        ("m/main.tf", "resource \"t\" \"r\" {}\nbroken = = 1\nmodule \"gone\" {\n  source = \"./gone\"\n}\n"),
    ]);
    assert_eq!(
        (scene.place("module.a.t.r"), scene.place("module.b.t.r")),
        ("m/main.tf:1".into(), "m/main.tf:1".into())
    );
    assert_eq!(scene.gap_codes(), ["source_syntax", "module_not_found"]);
    assert_eq!(scene.related("module.b.module.gone.t.r"), ["module call main.tf:4"]);
}

#[test]
fn modules_that_call_each_other_do_not_loop() {
    let scene = scene(&[
        ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\nmodule \"self\" {\n  source = \"./\"\n}\n"),
        ("a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\nresource \"t\" \"r\" {}\n"),
        ("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
    ]);
    assert_eq!(scene.place("module.a.t.r"), "a/main.tf:4");
    assert_eq!(scene.gap_codes(), ["module_not_found", "module_not_found"]);
    assert!(scene.gaps.iter().all(|gap| gap.reason.contains("calls itself")));
}

#[test]
fn a_doubling_chain_of_calls_ends() {
    let dir = tempfile::tempdir().unwrap();
    for depth in 0..40 {
        let next = depth + 1;
        let call = |name: &str| format!("module \"{name}\" {{\n  source = \"../m{next}\"\n}}\n");
        write(dir.path(), &format!("m{depth}/main.tf"), format!("{}{}", call("a"), call("b")).as_bytes());
    }
    write(dir.path(), "m40/main.tf", b"resource \"t\" \"r\" {}\n");
    let (_, gaps) = Configuration::load(&dir.path().join("m0"), "", None, &Inputs::default()).unwrap();
    assert!(gaps.iter().any(|gap| gap.reason.contains("more than")));
}

#[test]
fn keys_must_fit_their_block() {
    let scene = one_file(
        "resource \"t\" \"one\" {}\n\
         resource \"t\" \"counted\" {\n  count = 2\n}\n\
         resource \"t\" \"toggled\" {\n  count = var.on ? 1 : 0\n}\n\
         resource \"t\" \"each\" {\n  for_each = { a = 1, \"b\" = 2 }\n}\n\
         resource \"t\" \"open\" {\n  for_each = var.all\n}\n",
    );
    for there in ["t.one", "t.one[0]", "t.counted[1]", "t.counted", "t.toggled[7]", "t.each[\"b\"]", "t.open[\"x\"]"] {
        assert!(scene.locate(there, AttrPath::default()).is_ok(), "{there}");
    }
    for gone in [
        "t.one[1]",
        "t.one[\"a\"]",
        "t.counted[2]",
        "t.counted[\"a\"]",
        "t.each[\"c\"]",
        "t.each",
        "t.each[0]",
        "t.open[0]",
        "t.none",
    ] {
        let refusal = scene.refusal(gone);
        assert_eq!(refusal.near.len(), usize::from(gone != "t.none"), "{gone}");
    }
    assert_eq!(scene.related("t.each[\"b\"]"), ["for_each entry main.tf:9"]);
    assert!(scene.refusal("module.none.t.one").reason.contains("no block"));
}

#[test]
fn several_blocks_of_one_address_are_ambiguous() {
    let scene = scene(&[
        ("a.tf", "resource \"t\" \"r\" {}\ndata \"t\" \"r\" {}\n"),
        ("b.tf", "resource \"t\" \"r\" {}\ncheck \"c\" {\n  data \"t\" \"scoped\" {}\n}\n"),
    ]);
    let refusal = scene.refusal("t.r");
    assert!(refusal.reason.contains("ambiguous"), "{}", refusal.reason);
    assert_eq!(refusal.near.iter().map(|near| near.path.as_str()).collect::<Vec<_>>(), ["a.tf", "b.tf"]);
    assert_eq!(scene.place("data.t.r"), "a.tf:2");
}

#[test]
fn data_sources_of_checks_have_addresses() {
    let scene = one_file("check \"c\" {\n  data \"t\" \"scoped\" {\n    x = 1\n  }\n}\n");
    assert_eq!(scene.place("data.t.scoped"), "main.tf:2");
}

/// `resource.TYPE.NAME` is the long form of `TYPE.NAME`.
#[test]
fn a_reference_may_say_that_it_means_a_resource() {
    let scene = scene(&[(
        "main.tf",
        "resource \"t\" \"a\" {\n  name = \"ann\"\n}\nresource \"t\" \"b\" {\n  name = resource.t.a.name\n}\n",
    )]);
    let declaration = scene.configuration.declarations().find(|declaration| declaration.name == "b").unwrap();
    let said = declaration.instance(None);
    assert_eq!(said[0].value.as_str(), Some("ann"));
}
