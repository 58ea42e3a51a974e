//! A forge on this machine that is as strict as the real ones are known to be: it wants the token, bounds bodies, takes
//! comments on lines of the diff alone, gives lists by pages, and lets nobody change what others wrote. It speaks as GitHub
//! below `/repos` and as GitLab below `/projects`.

use crate::server::{Answer, Reply, Request, Server};
use serde_json::{Value as Json, json};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};

pub(crate) const TOKEN: &str = "ghs_Secret0123456789";
pub(crate) const HEAD: &str = "0123456789abcdef0123456789abcdef01234567";

/// A comment, or a remark where it has a place.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) id: u64,
    pub(crate) author: String,
    pub(crate) body: String,
    pub(crate) place: Option<Spot>,
    pub(crate) answers: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spot {
    pub(crate) path: String,
    pub(crate) start: Option<u64>,
    pub(crate) line: Option<u64>,
    pub(crate) old_line: Option<u64>,
}

/// A file of the diff.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) patch: String,
}

/// What happens to the next request of a method whose path ends so.
pub(crate) struct Fault {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) happens: Happens,
}

pub(crate) enum Happens {
    /// It is answered so, and nothing is done.
    Refused(Answer),
    /// It is done, and no answer comes.
    DoneInSilence,
    /// It is done, and the answer ends in the middle.
    DoneAndCut,
    /// It is done, and the answer is this one.
    DoneBut(Answer),
    /// Nothing is done, and no answer comes.
    Silence,
}

pub(crate) struct State {
    pub(crate) me: String,
    pub(crate) head: String,
    /// What `GET /user` is answered with, if not with the account.
    pub(crate) may_ask_who: bool,
    pub(crate) most: usize,
    pub(crate) written: Vec<Written>,
    pub(crate) files: Vec<File>,
    pub(crate) faults: VecDeque<Fault>,
    next: u64,
    /// Runs that are to have read the comments before any of them may write.
    pub(crate) readers: usize,
    read: usize,
}

pub(crate) struct Forge {
    server: Server,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Forge {
    pub(crate) fn start() -> Self {
        let state = State {
            me: "driftline-bot".to_owned(),
            head: HEAD.to_owned(),
            may_ask_who: true,
            most: 65_536,
            written: Vec::new(),
            files: Vec::new(),
            faults: VecDeque::new(),
            next: 1,
            readers: 0,
            read: 0,
        };
        let state = Arc::new((Mutex::new(state), Condvar::new()));
        let shared = state.clone();
        Forge { server: Server::start(move |request| reply(request, &shared)), state }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.0.lock().unwrap())
    }

    /// Comments below the request.
    pub(crate) fn comments(&self) -> Vec<Written> {
        self.with(|state| state.written.iter().filter(|one| one.place.is_none()).cloned().collect())
    }

    /// Comments on the diff.
    pub(crate) fn remarks(&self) -> Vec<Written> {
        self.with(|state| state.written.iter().filter(|one| one.place.is_some()).cloned().collect())
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.server.seen()
    }

    /// Requests that would change something.
    pub(crate) fn writes(&self) -> Vec<String> {
        let writes = self.seen().into_iter().filter(|request| request.method != "GET");
        writes.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

impl State {
    pub(crate) fn write(&mut self, author: &str, body: &str, place: Option<Spot>, answers: Option<u64>) -> Written {
        let one = Written { id: self.next, author: author.to_owned(), body: body.to_owned(), place, answers };
        self.next += 1;
        self.written.push(one.clone());
        one
    }

    pub(crate) fn fails(&mut self, method: &'static str, path: &'static str, happens: Happens) {
        self.faults.push_back(Fault { method, path, happens });
    }
}

pub(crate) fn said(status: u16, body: Json) -> Answer {
    Answer::new(status, "application/json", body.to_string())
}

fn reply(request: &Request, shared: &(Mutex<State>, Condvar)) -> Reply {
    let mut state = shared.0.lock().unwrap();
    let fault = state
        .faults
        .iter()
        .position(|fault| fault.method == request.method && request.path.ends_with(fault.path))
        .and_then(|at| state.faults.remove(at));
    match fault.map(|fault| fault.happens) {
        Some(Happens::Refused(answer)) => return Reply::Whole(answer),
        Some(Happens::Silence) => return Reply::Silence,
        Some(Happens::DoneInSilence) => {
            answer(request, &mut state);
            return Reply::Silence;
        }
        Some(Happens::DoneAndCut) => return Reply::CutOnTheWay(answer(request, &mut state)),
        Some(Happens::DoneBut(other)) => {
            answer(request, &mut state);
            return Reply::Whole(other);
        }
        None => {}
    }
    let answer = answer(request, &mut state);
    // Runs that race have all read before one of them is told what it read.
    let reads = request.method == "GET" && ["/comments", "/notes"].iter().any(|name| request.path.ends_with(name));
    if reads && state.read < state.readers {
        state.read += 1;
        shared.1.notify_all();
        drop(shared.1.wait_while(state, |state| state.read < state.readers));
    }
    Reply::Whole(answer)
}

fn answer(request: &Request, state: &mut State) -> Answer {
    let header = |name: &str| request.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str());
    let is_github = !request.path.starts_with("/projects") && header("private-token").is_none();
    let is_known = match is_github {
        true => header("authorization") == Some(&format!("Bearer {TOKEN}")),
        false => header("private-token") == Some(TOKEN),
    };
    if !is_known {
        return said(401, json!({"message": "Bad credentials"}));
    }
    if header("user-agent").is_none() {
        return said(403, json!({"message": "Request forbidden by administrative rules."}));
    }
    if request.path == "/user" {
        return match state.may_ask_who {
            true => said(200, json!({"login": state.me, "username": state.me})),
            false => said(403, json!({"message": "Resource not accessible by integration"})),
        };
    }
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    if is_github {
        crate::github::answer(request, &parts, state)
    } else {
        crate::gitlab::answer(request, &parts, state)
    }
}

/// One page of a list, as asked for.
pub(crate) fn page(request: &Request, all: &[Json]) -> Answer {
    let asked = |name: &str| {
        let pairs = request.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.clone().find(|(of, _)| *of == name).and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let size = asked("per_page").unwrap_or(30).min(100);
    let number = asked("page").unwrap_or(1);
    let entries: Vec<_> = all.iter().skip((number - 1) * size).take(size).collect();
    let mut answer = said(200, json!(entries));
    if all.len() > number * size {
        // By a number and not by its name, as GitHub has it.
        let next = format!("<http://127.0.0.1/repositories/1/x?per_page={size}&page={}>; rel=\"next\"", number + 1);
        answer.headers.push(("link", next));
    }
    answer
}

/// The numbers of lines of the new text that a diff shows, each with its old one where it is unchanged.
pub(crate) fn lines(patch: &str) -> Vec<(u64, Option<u64>)> {
    let (mut shown, mut old, mut new) = (Vec::new(), 0, 0);
    for line in patch.lines() {
        if let Some(head) = line.strip_prefix("@@ -") {
            let number = |text: &str| text.split([',', ' ']).next().unwrap().parse::<u64>().unwrap();
            (old, new) = (number(head), number(head.split_once('+').unwrap().1));
        } else if line.starts_with('+') {
            shown.push((new, None));
            new += 1;
        } else if line.starts_with('-') {
            old += 1;
        } else {
            shown.push((new, Some(old)));
            (old, new) = (old + 1, new + 1);
        }
    }
    shown
}
