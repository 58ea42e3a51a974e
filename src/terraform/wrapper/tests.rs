//! What is taken from arguments of `plan`; the runs themselves are held by `scripts/live-wrapper`.

use super::arguments::Asked;
use crate::terraform::workdir::Environment;
use std::ffi::OsString;

fn asked(words: &[&str], environment: &Environment) -> Asked {
    Asked::of(&words.iter().map(OsString::from).collect::<Vec<_>>(), environment)
}

fn out(words: &[&str], environment: &Environment) -> Option<String> {
    asked(words, environment).out.map(|out| out.into_string().unwrap())
}

#[test]
fn a_plan_file_is_named_in_four_ways_and_the_last_counts() {
    let none = Environment::default();
    let cases: &[(&[&str], Option<&str>)] = &[
        (&[], None),
        (&["-out", "a"], Some("a")),
        (&["-out=a"], Some("a")),
        (&["--out", "a"], Some("a")),
        (&["--out=a b"], Some("a b")),
        (&["-out=a", "-refresh=false", "-out", "b"], Some("b")),
        (&["-var", "x=1", "-target=a.b"], None),
        (&["-output=a"], None),
        (&["out"], None),
        (&["-out=a=b"], Some("a=b")),
    ];
    for (words, expected) in cases {
        assert_eq!(out(words, &none).as_deref(), *expected, "{words:?}");
    }
}

/// As `terraform` 1.11.4 was seen to take them.
#[test]
fn the_environment_names_one_too_and_the_command_line_goes_before_it() {
    let of_plan = Environment::default().with("TF_CLI_ARGS_plan", r#"-var 'a=b c' -out="my plan""#);
    assert_eq!(out(&[], &of_plan).as_deref(), Some("my plan"));
    assert_eq!(out(&["-out=mine"], &of_plan).as_deref(), Some("mine"));
    let both = of_plan.with("TF_CLI_ARGS", r"-out=of\ all");
    assert_eq!(out(&[], &both).as_deref(), Some("of all"));
}

#[test]
fn flags_are_on_without_a_value() {
    let none = Environment::default();
    assert!(asked(&["-json", "-no-color"], &none).json && asked(&["-json", "-no-color"], &none).no_color);
    assert!(asked(&["-json=true"], &none).json && !asked(&["-json=false"], &none).json);
    assert!(asked(&[], &Environment::default().with("TF_CLI_ARGS", "-no-color")).no_color);
}

#[cfg(unix)]
#[test]
fn an_argument_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let word = std::ffi::OsStr::from_bytes(b"-out=\xff").to_owned();
    let named = Asked::of(&[word], &Environment::default()).out.unwrap();
    assert_eq!(named.as_bytes(), b"\xff");
}
