//! GitLab's part of the forge. <https://docs.gitlab.com/api/notes/>, <https://docs.gitlab.com/api/discussions/>

use crate::forge::{File, Spot, State, Written, lines, page, said};
use crate::server::{Answer, Request};
use serde_json::{Value as Json, json};

const BASE: &str = "1111111111111111111111111111111111111111";

pub(crate) fn answer(request: &Request, parts: &[&str], state: &mut State) -> Answer {
    let body: Json = serde_json::from_str(&request.body).unwrap_or_default();
    match (request.method.as_str(), parts) {
        ("GET", ["projects", "42", "merge_requests", "7"]) => {
            let refs = json!({"base_sha": BASE, "start_sha": BASE, "head_sha": state.head});
            said(200, json!({"iid": 7, "sha": state.head, "diff_refs": refs}))
        }
        ("GET", ["projects", "42", "merge_requests", "7", "diffs"]) => {
            let file = |file: &File| json!({"new_path": file.path, "old_path": file.path, "diff": file.patch});
            page(request, &state.files.iter().map(file).collect::<Vec<_>>())
        }
        ("GET", ["projects", "42", "merge_requests", "7", "notes"]) => {
            page(request, &state.written.iter().map(note).collect::<Vec<_>>())
        }
        ("GET", ["projects", "42", "merge_requests", "7", "discussions"]) => {
            let begins = state.written.iter().filter(|one| one.answers.is_none());
            let of = |first: &Written| {
                let answers = state.written.iter().filter(|one| one.answers == Some(first.id));
                json!({"id": first.id.to_string(), "notes": std::iter::once(first).chain(answers).map(note).collect::<Vec<_>>()})
            };
            page(request, &begins.map(of).collect::<Vec<_>>())
        }
        ("POST", ["projects", "42", "merge_requests", "7", "notes"]) => match wrong_body(&body, state) {
            Some(wrong) => wrong,
            None => {
                let me = state.me.clone();
                said(201, note(&state.write(&me, body["body"].as_str().unwrap(), None, None)))
            }
        },
        ("POST", ["projects", "42", "merge_requests", "7", "discussions"]) => discussion(&body, state),
        ("PUT" | "DELETE", ["projects", "42", "merge_requests", "7", "notes", id]) => {
            change(request, &body, id.parse().unwrap(), state)
        }
        _ => said(404, json!({"message": "404 Not found"})),
    }
}

fn note(one: &Written) -> Json {
    let mut json =
        json!({"id": one.id, "type": null, "system": false, "author": {"username": one.author}, "body": one.body});
    if let Some(place) = &one.place {
        json["type"] = "DiffNote".into();
        json["position"] = json!({"new_path": place.path, "new_line": place.line, "old_line": place.old_line});
    }
    json
}

fn wrong_body(json: &Json, state: &State) -> Option<Answer> {
    match json["body"].as_str() {
        None => Some(said(400, json!({"error": "body is missing"}))),
        Some(body) if body.chars().count() > state.most => {
            let long = format!("is too long (maximum is {} characters)", state.most);
            Some(said(400, json!({"message": {"note": [long]}})))
        }
        Some(_) => None,
    }
}

fn change(request: &Request, body: &Json, id: u64, state: &mut State) -> Answer {
    let Some(at) = state.written.iter().position(|one| one.id == id) else {
        return said(404, json!({"message": "404 Note Not Found"}));
    };
    if state.written[at].author != state.me {
        return said(403, json!({"message": "403 Forbidden"}));
    }
    if request.method == "DELETE" {
        state.written.remove(at);
        return Answer { status: 204, headers: Vec::new(), body: String::new() };
    }
    if let Some(wrong) = wrong_body(body, state) {
        return wrong;
    }
    state.written[at].body = body["body"].as_str().unwrap().to_owned();
    said(200, note(&state.written[at]))
}

/// A line that is unchanged is named by both its numbers, one that is added by its new one alone.
fn discussion(json: &Json, state: &mut State) -> Answer {
    if let Some(wrong) = wrong_body(json, state) {
        return wrong;
    }
    let position = &json["position"];
    let wrong = |what: &str| said(400, json!({"message": format!("400 Bad request - Note {{:{what}}}")}));
    if position["head_sha"] != state.head.as_str() || position["base_sha"] != BASE || position["start_sha"] != BASE {
        return wrong("position=>[\"is incomplete\"]");
    }
    let Some(file) = state.files.iter().find(|file| position["new_path"] == file.path.as_str()) else {
        return wrong("position=>[\"is invalid\"]");
    };
    let (line, old_line) = (position["new_line"].as_u64(), position["old_line"].as_u64());
    let is_there = match position["position_type"].as_str() {
        Some("text") => line.is_some_and(|line| lines(&file.patch).contains(&(line, old_line))),
        Some("file") => line.is_none(),
        _ => false,
    };
    if !is_there {
        return wrong("line_code=>[\"can't be blank\", \"must be a valid line code\"]");
    }
    let place = Spot { path: file.path.clone(), start: None, line, old_line };
    let me = state.me.clone();
    said(201, note(&state.write(&me, json["body"].as_str().unwrap(), Some(place), None)))
}
