//! Every scalar and key is where its origin says.

use super::{of_file, shown};
use crate::terraform::value::{Data, Origin, Val};
use std::fs;
use std::path::Path;

/// The source of the place where an origin ends.
fn source(origin: &Origin) -> Option<String> {
    let end = origin.trail().end?;
    Some(end.place.file.slice(end.place.span).to_owned())
}

/// All scalars with their sources, and keys with theirs.
fn scalars(value: &Val, found: &mut Vec<(Val, String)>) {
    match &value.data {
        Data::Tuple(items) | Data::List(_, items) => items.iter().for_each(|item| scalars(item, found)),
        Data::Object(entries) => {
            for (key, entry) in entries.iter() {
                found.push((Val::string(key.clone()), source(&entry.key_origin).unwrap()));
                scalars(&entry.value, found);
            }
        }
        _ => found.push((value.clone(), source(&value.origin).unwrap())),
    }
}

/// The scalars and keys of a text for which what stands at their place means something else, in words.
fn misplaced(function: &str, text: &str) -> (usize, Vec<String>) {
    let Ok(value) = of_file(function, text) else { return (0, Vec::new()) };
    let mut found = Vec::new();
    scalars(&value, &mut found);
    // What a block means depends on where it stands.
    found.retain(|(_, source)| !source.starts_with(['|', '>']));
    let wrong = found.iter().filter_map(|(scalar, source)| {
        let alone = match source.as_str() {
            "" => "null".to_owned(),
            source => of_file(function, source).map_or("nothing".to_owned(), |value| shown(&value)),
        };
        // A key is a text, whatever it looks like.
        let alike = alone == shown(scalar) || format!("{alone:?}") == shown(scalar);
        (!alike).then(|| format!("{source:?} is {alone} and not {}", shown(scalar)))
    });
    (found.len(), wrong.collect())
}

#[test]
fn what_stands_at_a_place_is_the_scalar() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/decode");
    let (mut compared, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let function = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml") => "yamldecode",
            Some("json") => "jsondecode",
            _ => continue,
        };
        let text = fs::read_to_string(&path).unwrap();
        // A tag stands outside of the scalar that it speaks of, and a byte order mark counts only at the beginning.
        if text.contains(['!', '\u{feff}']) {
            continue;
        }
        let (count, found) = misplaced(function, &text);
        compared += count;
        wrong.extend(found.into_iter().map(|found| format!("{path:?}: {found}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 500, "{compared}");
}
