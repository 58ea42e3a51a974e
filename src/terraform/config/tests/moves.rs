//! Old addresses, through `moved` blocks.

use super::*;

#[test]
fn old_addresses_lead_to_where_the_block_is_now() {
    let scene = scene(&[
        (
            "main.tf",
            "resource \"t\" \"new\" {\n  for_each = toset([\"x\", \"y\"])\n}\n\
             moved {\n  from = t.old\n  to   = t.middle\n}\n\
             moved {\n  from = t.middle\n  to   = t.new\n}\n\
             moved {\n  from = t.single\n  to   = t.new[\"x\"]\n}\n\
             moved {\n  from = t.list[0]\n  to   = t.new[\"y\"]\n}\n\
             module \"now\" {\n  source = \"./m\"\n  for_each = { a = 1 }\n}\n\
             moved {\n  from = module.then\n  to   = module.now\n}\n\
             moved {\n  from = module.plain\n  to   = module.now[\"a\"]\n}\n\
             moved {\n  from = t.outside\n  to   = module.now[\"a\"].t.inside\n}\n",
        ),
        ("m/main.tf", "resource \"t\" \"inside\" {}\nmoved {\n  from = t.earlier\n  to   = t.inside\n}\n"),
        ("j.tf.json", r#"{"moved": [{"from": "t.json[\"a\"]", "to": "t.new[\"x\"]"}]}"#),
    ]);
    for (old, place) in [
        ("t.old[\"x\"]", "main.tf:1"),
        ("t.middle[\"y\"]", "main.tf:1"),
        ("t.single", "main.tf:1"),
        ("t.list[0]", "main.tf:1"),
        ("t.json[\"a\"]", "main.tf:1"),
        ("module.then[\"a\"].t.inside", "m/main.tf:1"),
        ("module.plain.t.inside", "m/main.tf:1"),
        ("module.plain.t.earlier", "m/main.tf:1"),
        ("t.outside", "m/main.tf:1"),
    ] {
        assert_eq!(scene.place(old), place, "{old}");
    }
    assert_eq!(scene.related("t.old[\"x\"]"), ["for_each entry main.tf:2", "moved main.tf:4", "moved main.tf:8"]);
    assert_eq!(
        scene.related("module.plain.t.earlier"),
        ["module call main.tf:20", "for_each entry main.tf:22", "moved main.tf:28", "moved m/main.tf:2"]
    );
    // Another key than the one that was moved.
    for gone in ["t.list[1]", "t.old[\"z\"]", "module.then[\"b\"].t.inside"] {
        assert!(scene.locate(gone, AttrPath::default()).is_err(), "{gone}");
    }
}

#[test]
fn a_circle_of_moves_is_told() {
    let scene = one_file(
        "resource \"t\" \"a\" {}\nmoved {\n  from = t.a\n  to   = t.b\n}\nmoved {\n  from = t.b\n  to   = t.a\n}\n",
    );
    assert!(scene.refusal("t.a").reason.contains("never come to an end"));
}

#[test]
fn a_move_that_grows_without_end_is_told() {
    let scene = scene(&[
        (
            "main.tf",
            "module \"a\" {\n  source = \"./m\"\n}\nmoved {\n  from = module.a\n  to   = module.a.module.a\n}\n",
        ),
        ("m/main.tf", "resource \"t\" \"r\" {}\n"),
    ]);
    assert!(scene.refusal("module.a.t.r").reason.contains("never come to an end"));
}
