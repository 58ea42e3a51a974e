//! Every question is answered with the place, the text and the chain that its folder says.

use crate::expect::{Folder, Question, as_value, folders};
use crate::place;
use crate::scene::{Read, read};
use driftline::model::Value;

#[test]
fn every_question_leads_to_its_place() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let read = read(&folder, &folder.dir);
        for question in &folder.expect.questions {
            if let Err(difference) = compare(&read, question) {
                wrong.push(format!("{}\n{difference}", question.name(&folder)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn compare(read: &Read, question: &Question) -> Result<(), String> {
    let located = read.locate(question)?;
    let location = &located.location;
    let is_told = |value: &Value| !question.is_of_block() && !value.has_unknown() && !value.has_secret();
    let found = Answer {
        at: place::shown(location),
        text: read.text(&read.place(question)),
        precision: location.precision.to_string(),
        chain: located.related.iter().map(place::related).collect(),
        value: read.value(&question.address(), &question.path()).filter(is_told),
    };
    let expected = Answer {
        at: question.at.clone(),
        text: question.text.clone(),
        precision: question.precision.clone(),
        chain: question.chain.clone(),
        value: question.value.as_ref().map(as_value),
    };
    match found == expected {
        true => Ok(()),
        false => Err(format!("expected {}\nfound    {}", expected.shown(), found.shown())),
    }
}

#[derive(PartialEq, Eq)]
struct Answer {
    at: String,
    text: String,
    precision: String,
    chain: Vec<String>,
    value: Option<Value>,
}

impl Answer {
    fn shown(&self) -> String {
        let Answer { at, text, precision, chain, value } = self;
        format!("{precision} {at} `{text}` = {value:?}\n         {}", chain.join("\n         "))
    }
}

/// What is coarse says why, and what is exact needs no reason.
#[test]
fn what_is_coarse_says_why() {
    let says = |folder: &Folder, question: &Question| {
        assert_eq!(question.why.is_none(), question.is_exact(), "{}", question.name(folder));
    };
    let folders = folders();
    folders.iter().for_each(|folder| folder.expect.questions.iter().for_each(|question| says(folder, question)));
}

/// The line of what is sensitive is named and not shown.
#[test]
fn what_is_sensitive_is_not_shown() {
    let mut secrets = 0;
    for folder in folders() {
        let read = read(&folder, &folder.dir);
        for question in &folder.expect.questions {
            let value = read.value(&question.address(), &question.path());
            if !question.is_of_block() && value.is_some_and(|value| value.has_secret()) {
                let located = read.locate(question).unwrap();
                assert_eq!(located.location.excerpt, Vec::<String>::new(), "{}", question.name(&folder));
                secrets += 1;
            }
        }
    }
    assert!(secrets > 0, "a folder holds something sensitive");
}
