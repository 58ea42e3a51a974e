//! GitHub's part of the forge. <https://docs.github.com/en/rest>; what is measured and not documented is said.

use crate::forge::{Spot, State, Written, lines, page, said};
use crate::server::{Answer, Request};
use serde_json::{Value as Json, json};

/// Bytes of a body, as probes found them; the documentation names none.
const MOST_BYTES: usize = 262_144;

pub(crate) fn answer(request: &Request, parts: &[&str], state: &mut State) -> Answer {
    let body: Json = serde_json::from_str(&request.body).unwrap_or_default();
    match (request.method.as_str(), parts) {
        ("GET", ["repos", "acme", "infra", "pulls", "7"]) => {
            said(200, json!({"number": 7, "state": "open", "head": {"sha": state.head}}))
        }
        ("GET", ["repos", "acme", "infra", "pulls", "7", "files"]) => {
            let file =
                |file: &crate::forge::File| json!({"filename": file.path, "status": "modified", "patch": file.patch});
            page(request, &state.files.iter().map(file).collect::<Vec<_>>())
        }
        ("GET", ["repos", "acme", "infra", "issues", "7", "comments"]) => {
            list(request, state, |one| one.place.is_none())
        }
        ("GET", ["repos", "acme", "infra", "pulls", "7", "comments"]) => {
            list(request, state, |one| one.place.is_some())
        }
        ("POST", ["repos", "acme", "infra", "issues", "7", "comments"]) => match wrong_body(&body, state) {
            Some(wrong) => wrong,
            None => {
                let me = state.me.clone();
                said(201, shown(&state.write(&me, body["body"].as_str().unwrap(), None, None)))
            }
        },
        ("POST", ["repos", "acme", "infra", "pulls", "7", "comments"]) => remark(&body, state),
        ("PATCH" | "DELETE", ["repos", "acme", "infra", "issues" | "pulls", "comments", id]) => {
            change(request, &body, id.parse().unwrap(), state)
        }
        _ => said(404, json!({"message": "Not Found"})),
    }
}

fn list(request: &Request, state: &State, is: impl Fn(&Written) -> bool) -> Answer {
    page(request, &state.written.iter().filter(|one| is(one)).map(shown).collect::<Vec<_>>())
}

fn shown(one: &Written) -> Json {
    let mut json = json!({"id": one.id, "user": {"login": one.author}, "body": one.body});
    if let Some(place) = &one.place {
        json["path"] = place.path.clone().into();
        (json["line"], json["start_line"]) = (place.line.into(), place.start.into());
        if let Some(answers) = one.answers {
            json["in_reply_to_id"] = answers.into();
        }
    }
    json
}

fn invalid(message: &str) -> Answer {
    said(422, json!({"message": "Validation Failed", "errors": [{"code": "custom", "message": message}]}))
}

fn wrong_body(json: &Json, state: &State) -> Option<Answer> {
    match json["body"].as_str() {
        None => Some(invalid("body is missing")),
        Some(body) if body.chars().count() > state.most || body.len() > MOST_BYTES => {
            Some(invalid(&format!("Body is too long (maximum is {} characters)", state.most)))
        }
        Some(_) => None,
    }
}

fn change(request: &Request, body: &Json, id: u64, state: &mut State) -> Answer {
    let wrong = if request.method == "PATCH" { wrong_body(body, state) } else { None };
    let me = state.me.clone();
    let Some(at) = state.written.iter().position(|one| one.id == id) else {
        return said(404, json!({"message": "Not Found"}));
    };
    if state.written[at].author != me {
        return said(403, json!({"message": "Must have admin rights to Repository."}));
    }
    if let Some(wrong) = wrong {
        return wrong;
    }
    if request.method == "DELETE" {
        state.written.remove(at);
        return Answer { status: 204, headers: Vec::new(), body: String::new() };
    }
    state.written[at].body = body["body"].as_str().unwrap().to_owned();
    said(200, shown(&state.written[at]))
}

/// Lines must be in the diff, those of one comment in one hunk; a file as a whole takes no line.
fn remark(json: &Json, state: &mut State) -> Answer {
    if let Some(wrong) = wrong_body(json, state) {
        return wrong;
    }
    if json["commit_id"] != state.head.as_str() {
        return invalid("commit_id is not part of the pull request");
    }
    let Some(file) = state.files.iter().find(|file| json["path"] == file.path.as_str()) else {
        return invalid("pull_request_review_thread.path is invalid");
    };
    let (start, line) = (json["start_line"].as_u64(), json["line"].as_u64());
    if json["subject_type"] == "file" {
        if line.is_some() {
            return invalid("a comment on a file has no line");
        }
    } else {
        let Some(line) = line else { return invalid("line is missing") };
        let hunks: Vec<&str> = file.patch.split("@@ -").skip(1).collect();
        let in_one = hunks.iter().any(|hunk| {
            let shown: Vec<u64> = lines(&format!("@@ -{hunk}")).into_iter().map(|(new, _)| new).collect();
            shown.contains(&line) && shown.contains(&start.unwrap_or(line))
        });
        let is_right = json["side"] == "RIGHT" && start.is_none_or(|start| start < line);
        if !in_one || !is_right {
            return invalid("pull_request_review_thread.line must be part of the diff");
        }
    }
    let place = Spot { path: file.path.clone(), start, line, old_line: None };
    let me = state.me.clone();
    said(201, shown(&state.write(&me, json["body"].as_str().unwrap(), Some(place), None)))
}
