//! The proof by editing: what is changed at a place changes the value that it is said to say, to exactly what was
//! written; and no other text of any file does so.

use crate::edit::{self, Other};
use crate::expect::{Folder, Question, folders};
use crate::place::Place;
use crate::scene::{Read, Scene};
use driftline::model::{Address, AttrPath, InstanceKey, Step, Value};
use std::fs;

/// The text of a scalar; `None` of anything else.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

#[test]
fn editing_the_place_changes_the_value() {
    let mut proven = 0;
    for folder in folders() {
        let scene = Scene::of(&folder);
        let read = scene.read();
        for question in folder.expect.questions.iter().filter(|q| q.is_exact() || q.is_of_list()) {
            let place = read.place(question);
            let name = question.name(&folder);
            match read.value(&question.address(), &question.path()) {
                Some(Value::Secret(_)) => continue,
                Some(value) if scalar(&value).is_some() => change(&scene, &read, question, &place, &name),
                Some(_) => continue,
                None => list(&scene, &read, question, &place, &name),
            }
            proven += 1;
        }
    }
    assert!(proven >= MIN_PROVEN, "{proven} questions are proven");
}

/// Fewer would mean that folders are no longer asked.
const MIN_PROVEN: usize = 150;

/// Puts another scalar there: the value becomes that one.
fn change(scene: &Scene<'_>, read: &Read, question: &Question, place: &Place, name: &str) {
    let (before, text) = (value_of(read, question), read.text(place));
    let before = scalar(&before).unwrap();
    let in_source = place.file.ends_with(".tf") || place.file.ends_with(".tf.json");
    let other = match in_source && edit::is_reference(&text) {
        true => edit::literal(&before),
        false => {
            let meaning = edit::meaning(&text);
            assert!(same(&before, &meaning), "{name}: `{meaning}` is underlined, the value is `{before}`");
            edit::other(&text)
        }
    };
    let (address, path) = renamed(question, &before, &other);
    scene.with(place, &other.text, |read| {
        let after = read.value(&address, &path).unwrap_or_else(|| panic!("{name}: no value after {other:?}"));
        assert!(scalar(&after).is_some_and(|after| same(&after, &other.means)), "{name}: {after:?} after {other:?}");
        if question.address() != address || question.path() != path {
            assert_eq!(read.value(&question.address(), &question.path()), None, "{name}: it went elsewhere");
        }
    });
}

/// Alike but for the case of letters, which some functions change.
fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn value_of(read: &Read, question: &Question) -> Value {
    read.value(&question.address(), &question.path()).unwrap()
}

/// The address and path under which the value is found when its text has become another.
fn renamed(question: &Question, from: &str, to: &Other) -> (Address, AttrPath) {
    let (mut address, mut path) = (question.address(), question.path());
    if let Some(moves_to) = &question.moves_to {
        address = moves_to.parse().unwrap();
    }
    let keys = address.module.0.iter_mut().map(|step| &mut step.key).chain([&mut address.key]);
    for key in keys.flatten() {
        if *key == InstanceKey::Str(from.to_owned()) {
            *key = InstanceKey::Str(to.means.clone());
        }
    }
    if let Some(Step::Element(text)) = path.0.last_mut() {
        text.clone_from(&to.means);
    }
    (address, path)
}

/// A member that nobody lists: put into the list that is pointed at, it is listed.
fn list(scene: &Scene<'_>, read: &Read, question: &Question, place: &Place, name: &str) {
    let path = question.path();
    let Some(Step::Element(member)) = path.0.last() else { panic!("{name}: nothing is said there") };
    let whole = fs::read_to_string(scene.path().join(&place.file)).unwrap();
    let line = whole[..place.bytes.start].rsplit('\n').next().unwrap();
    let listing = edit::with_element(&read.text(place), member, line);
    let after = scene.with(place, &listing, |read| read.value(&question.address(), &path));
    assert_eq!(after, Some(Value::String(member.clone())), "{name}: after {listing}");
}

#[test]
fn editing_anything_else_does_not() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for folder in folders() {
        let scene = Scene::of(&folder);
        let read = scene.read();
        let asked: Vec<_> = folder.expect.questions.iter().filter(|q| q.is_exact()).map(|q| ask(&read, q)).collect();
        for file in scene.files() {
            let Ok(text) = fs::read_to_string(scene.path().join(&file)) else { continue };
            for bytes in edit::scalars(&file, &text) {
                let line = text[..bytes.start].matches('\n').count() + 1;
                let place = Place { file: file.clone(), line, bytes };
                tried += 1;
                let other = edit::other(&text[place.bytes.clone()]).text;
                scene.with(&place, &other, |changed| {
                    wrong.extend(asked.iter().filter_map(|asked| difference(&folder, asked, &place, changed)));
                });
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= MIN_TRIED, "{tried} texts were changed");
}

/// Fewer would mean that no texts are found to change.
const MIN_TRIED: usize = 350;

/// A question with its answer.
struct Asked<'q> {
    question: &'q Question,
    place: Place,
    value: Option<Value>,
}

fn ask<'q>(read: &Read, question: &'q Question) -> Asked<'q> {
    Asked { question, place: read.place(question), value: read.value(&question.address(), &question.path()) }
}

/// Nothing when the value is still what it was, or its instance is no longer there.
fn difference(folder: &Folder, asked: &Asked<'_>, edited: &Place, changed: &Read) -> Option<String> {
    let question = asked.question;
    let is_within = edited.file == asked.place.file
        && asked.place.bytes.start <= edited.bytes.start
        && edited.bytes.end <= asked.place.bytes.end;
    let decides = question.decided_by.contains(&format!("{}:{}", edited.file, edited.line));
    if is_within || decides || asked.value.is_none() {
        return None;
    }
    let value = changed.value(&question.address(), &question.path()).filter(|value| !value.has_unknown())?;
    let name = question.name(folder);
    let differs = Some(&value) != asked.value.as_ref();
    differs.then(|| format!("{name}: editing {}:{} makes it {value:?}", edited.file, edited.line))
}
