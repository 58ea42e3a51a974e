//! The round trip of a patch: for what each question asks of, another live value, a member more or less, an instance gone.
//! The patch applied to a copy and evaluated again says so, no other instance changes, and no other byte does.

use crate::expect::{Folder, Question, as_value, folders, path_of};
use crate::scene::{Read, Scene};
use driftline::check::adopt::Wish;
use driftline::model::{Address, AttrPath, Patch, Step, Value};
use driftline::policy;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

/// What a wish came to.
enum Came {
    /// A patch that changes nothing else.
    Alone,
    /// A patch that others share.
    Shared,
    None(String),
}

/// Every wish, by what it is of.
fn wishes(read: &Read, question: &Question) -> Vec<(&'static str, Wish)> {
    let path = question.path();
    let mut found = Vec::new();
    let said = read.value(&question.address(), &path);
    match (path.0.split_last(), &said) {
        (Some((Step::Element(text), list)), Some(_)) => {
            let list = AttrPath(list.to_vec());
            found.push(("drop", Wish::Drop(list.clone(), text.as_str().into())));
            found.push(("add", Wish::Add(list, "zoe".into())));
        }
        (Some((Step::Element(text), list)), None) => {
            found.push(("add", Wish::Add(AttrPath(list.to_vec()), text.as_str().into())));
        }
        (Some((Step::Where { .. }, _)) | None, _) => {}
        (Some((Step::Attr(_) | Step::Key(_), _)), Some(value)) => {
            let live = question.live.as_ref().map(as_value).or_else(|| other(value));
            found.extend(live.map(|live| ("set", Wish::Set(path.clone(), live))));
        }
        (Some(_), None) => {}
    }
    found
}

fn other(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(truth) => Some(Value::Bool(!truth)),
        Value::Number(number) => Some(Value::from(number.as_i64()? + 1)),
        Value::String(text) => Some(Value::String(format!("{}x", text.trim_end_matches('\n')))),
        _ => None,
    }
}

#[test]
fn a_patch_makes_the_source_say_what_is_live_and_changes_nothing_else() {
    let mut came: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told = Vec::new();
    for folder in folders() {
        let scene = Scene::of(&folder);
        let read = scene.read();
        let mut asked: Vec<(Address, &'static str, Wish)> = Vec::new();
        for question in &folder.expect.questions {
            let address = question.address();
            let each = wishes(&read, question).into_iter().map(|(what, wish)| (address.clone(), what, wish));
            asked.extend(each);
            asked.push((address, "gone", Wish::Gone));
        }
        for (at, (address, what, wish)) in asked.iter().enumerate() {
            if asked[..at].iter().any(|(other, _, same)| other == address && same == wish) {
                continue;
            }
            let name = format!("{}: {what} {address} {wish:?}", folder.name);
            let (key, why) = match try_out(&folder, &read, address, wish, &name) {
                Came::Alone => ("alone", None),
                Came::Shared => ("shared", None),
                Came::None(why) => ("none", Some(why)),
            };
            *came.entry(key).or_default() += 1;
            told.push(format!("{key:6} {name} {}", why.unwrap_or_default()));
        }
    }
    let alone = came.get("alone").copied().unwrap_or(0);
    assert!(alone >= MIN_ALONE, "{came:?}\n{}", told.join("\n"));
}

/// Fewer would mean that shapes are no longer patched.
const MIN_ALONE: usize = 230;

/// Asks for a patch, lays it over a fresh copy and reads that.
fn try_out(folder: &Folder, read: &Read, address: &Address, wish: &Wish, name: &str) -> Came {
    let patch = match read.patch(address, wish) {
        Ok(patch) => patch,
        Err(why) => return Came::None(why),
    };
    let copy = Scene::of(folder);
    apply(&copy, read, &patch, name);
    let after = copy.read();
    let now = read.now(address);
    match wish {
        Wish::Set(path, live) => {
            let now = after.value(address, path);
            assert!(now.as_ref().is_some_and(|now| same(now, live)), "{name}: {now:?} after {patch:#?}");
        }
        Wish::Add(list, item) => {
            let path = list.clone().then(Step::Element(item.as_str().unwrap().to_owned()));
            assert_eq!(after.value(address, &path), Some(item.clone()), "{name}: after {patch:#?}");
        }
        Wish::Drop(list, item) => {
            let path = list.clone().then(Step::Element(item.as_str().unwrap().to_owned()));
            assert_eq!(after.value(address, &path), None, "{name}: after {patch:#?}");
        }
        _ => {
            assert!(!after.instances(&|_| true).contains(&now), "{name}: after {patch:#?}");
        }
    }
    others_stay(read, &after, &now, &patch, name);
    if patch.also_changes.is_empty() { Came::Alone } else { Came::Shared }
}

fn same(a: &Value, b: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        other => format!("{other:?}"),
    };
    text(a) == text(b)
}

/// Writes the patch into the copy: what is between the edits stays, and so do comments.
fn apply(copy: &Scene<'_>, read: &Read, patch: &Patch, name: &str) {
    assert!(!patch.edits.is_empty(), "{name}: an empty patch");
    for path in patch.files() {
        let file = copy.path().join(read.relative(path));
        let before = fs::read_to_string(&file).unwrap();
        let after = patch.applied(path, &before).unwrap_or_else(|| panic!("{name}: {patch:#?} does not fit"));
        let gone: usize = patch.edits.iter().map(|edit| edit.old.matches('#').count()).sum();
        assert!(after.matches('#').count() + gone >= before.matches('#').count(), "{name}: comments stand");
        if [".tf", ".tfvars"].iter().any(|ending| path.ends_with(ending)) {
            assert_laid_out(&before, &after, name);
        }
        fs::write(&file, after).unwrap();
    }
}

/// What `terraform fmt` left as it was it still does. DRIFTLINE_FMT names the binary: without it nobody is asked, as these
/// tests start nothing by themselves.
fn assert_laid_out(before: &str, after: &str, name: &str) {
    let Some(binary) = std::env::var_os("DRIFTLINE_FMT") else { return };
    if formatted(&binary, before).as_deref() == Some(before) {
        let wanted = formatted(&binary, after).unwrap_or_else(|| panic!("{name}: it cannot be read:\n{after}"));
        assert_eq!(wanted, after, "{name}: `fmt` would lay it out otherwise");
    }
}

fn formatted(binary: &OsStr, text: &str) -> Option<String> {
    let mut fmt = Command::new(binary)
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    fmt.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = fmt.wait_with_output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

/// Every other instance says what it said, but for those that the patch names.
fn others_stay(before: &Read, after: &Read, but: &Address, patch: &Patch, name: &str) {
    let whole = AttrPath::default();
    let is_other = |address: &&Address| *address != but && !patch.also_changes.contains(address);
    for address in before.instances(&|_| true).iter().filter(is_other) {
        assert_eq!(before.value(address, &whole), after.value(address, &whole), "{name}: {address} after {patch:#?}");
    }
}

/// Strings of policy documents: another one in its place, and one more beside it.
#[test]
fn a_patch_of_a_policy_document_changes_what_differs_in_it() {
    let (mut made, mut told) = (0, Vec::new());
    for folder in folders() {
        let scene = Scene::of(&folder);
        let read = scene.read();
        for part in &folder.expect.parts {
            let (address, path) = (part.address.parse().unwrap(), path_of(&part.path));
            let Some(Value::String(text)) = read.value(&address, &path) else { continue };
            let token = format!("\"{}\"", part.string);
            let at = text.find(&token).unwrap();
            let more = format!("\"{}\",\"s3:Extra\"", part.string);
            let more = if text[..at].ends_with(':') { format!("[{more}]") } else { more };
            for live in [text.replace(&token, &format!("\"{}x\"", part.string)), text.replace(&token, &more)] {
                let name = format!("{}: {live}", folder.name);
                if policy::same_by_meaning(&text, &live) || serde_json::from_str::<serde_json::Value>(&live).is_err() {
                    continue;
                }
                match read.patch(&address, &Wish::Document(path.clone(), live.clone())) {
                    Ok(patch) => {
                        let copy = Scene::of(&folder);
                        apply(&copy, &read, &patch, &name);
                        let after = copy.read();
                        let now = after.value(&address, &path);
                        let now = now.as_ref().and_then(Value::as_str).unwrap();
                        assert!(policy::same_by_meaning(now, &live), "{name}: {now} after {patch:#?}");
                        others_stay(&read, &after, &address, &patch, &name);
                        made += 1;
                    }
                    Err(why) => told.push(format!("{name}: {why}")),
                }
            }
        }
    }
    assert!(made >= MIN_DOCUMENTS, "{made} patches of documents\n{}", told.join("\n"));
}

/// Fewer would mean that documents are no longer patched.
const MIN_DOCUMENTS: usize = 16;
