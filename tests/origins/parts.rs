//! Strings inside of policy documents: where each is said, and the proof by editing it there.

use crate::edit;
use crate::expect::{Folder, Part, folders};
use crate::place;
use crate::scene::Scene;

#[test]
fn every_string_of_a_document_leads_to_its_place() {
    let (mut asked, mut wrong) = (0, Vec::new());
    for folder in folders() {
        for part in &folder.expect.parts {
            asked += 1;
            wrong.extend(difference(&folder, part));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(asked >= MIN_ASKED, "{asked} strings of documents");
}

/// Fewer would mean that folders are no longer asked.
const MIN_ASKED: usize = 8;

/// What is otherwise than expected.
fn difference(folder: &Folder, part: &Part) -> Option<String> {
    let name = format!("{}: {} {}", folder.name, part.address, part.string);
    assert_eq!(part.why.is_none(), part.precision == "value", "{name}");
    let scene = Scene::of(folder);
    let read = scene.read();
    let Some((text, located)) = read.part(part) else { return Some(format!("{name}: no such string")) };
    let found = read.place_of(&located);
    let chain: Vec<_> = located.related.iter().map(place::related).collect();
    let answer = (place::shown(&located.location), read.text(&found), located.location.precision.to_string(), chain);
    let expected = (part.at.clone(), part.text.clone(), part.precision.clone(), part.chain.clone());
    if answer != expected {
        return Some(format!("{name}\nexpected {expected:?}\nfound    {answer:?}"));
    }
    if part.precision != "value" {
        return None;
    }
    let other = edit::other(&answer.1);
    let edited = Part { string: other.means.clone(), ..part.clone() };
    let wanted = text.replace(&format!("\"{}\"", part.string), &format!("\"{}\"", other.means));
    let after = scene.with(&found, &other.text, |read| read.part(&edited).map(|(text, _)| text));
    (after.as_deref() != Some(wanted.as_str())).then(|| format!("{name}: after {other:?} it is {after:?}"))
}
