//! What the suite knows of one system: how to point the binary at a server, what may be asked there, what each answer
//! feeds, and how a refusal looks in its protocol. A new system is one file that says this.

use crate::server::{Answer, Reply, Request, middle};

/// Who or what answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Everything is as recorded.
    Usual,
    /// The right tenant, where every list is empty.
    Empty,
    /// The credentials are those of another tenant.
    Stranger,
    /// A way of the system's own in which it may answer, by name.
    Own(&'static str),
}

/// One read operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// As errors name it.
    pub(crate) name: &'static str,
    /// In which it is asked at all.
    pub(crate) scene: Scene,
    /// It tells as whom we are known: without it nothing can be done.
    pub(crate) tells_who: bool,
    /// Ids of the kinds of which live things, or properties of such things, are not seen without it.
    pub(crate) hides: &'static [&'static str],
    /// Those of them of which declared things are not seen either: nothing asks for them by name.
    pub(crate) loses: &'static [&'static str],
    /// Codes of further gaps that follow from its being lost.
    pub(crate) besides: &'static [&'static str],
    /// It is read page by page.
    pub(crate) paged: bool,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Denied,
    Throttled,
    /// A reason that is in no table.
    Rejected,
    /// The credentials were good a moment ago.
    Expired,
    /// The credentials are not known.
    UnknownKey,
    /// The credentials do not fit the request.
    BadSignature,
    /// An answer to another question.
    OtherAnswer,
    /// An answer to this question that says nothing.
    HollowAnswer,
    /// 500, with a page for people.
    ServerPage,
    /// 200, with a page for people.
    Page,
    /// 200, with JSON that means nothing here.
    Json,
    /// Somewhere else, with a page for people.
    Redirect,
    Silence,
    CutOnTheWay,
    /// As long as it says, and not whole.
    CutWhole,
}

impl Fault {
    /// The code of the gap that it leaves.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Fault::Denied => "denied",
            Fault::Throttled => "throttled",
            Fault::Rejected => "rejected",
            Fault::Expired | Fault::UnknownKey | Fault::BadSignature => "credentials",
            Fault::OtherAnswer | Fault::HollowAnswer | Fault::Page | Fault::Json | Fault::Redirect => "garbage",
            Fault::ServerPage => "server_error",
            Fault::Silence => "timeout",
            Fault::CutOnTheWay | Fault::CutWhole => "cut",
        }
    }
}

/// A page of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    First,
    Last,
}

pub(crate) trait System: Sync {
    fn name(&self) -> &'static str;

    /// Folder below `testdata/providers` with the root module, its state and the recorded answers.
    fn fixture(&self) -> &'static str;

    /// Variables that point the binary at a server, with credentials. A question is asked three times at most.
    fn environment(&self, server: &str) -> Vec<(&'static str, String)>;

    /// Those of them that are the credentials.
    fn credentials(&self) -> &'static [&'static str];

    /// Secrets in the environment, the state and the answers: none may be shown.
    fn secrets(&self) -> &'static [&'static str];

    fn operations(&self) -> &'static [Operation];

    /// Everything that may arrive, as [`System::describe`] says it. Kept here, and not taken from the program.
    fn reads(&self) -> &'static [&'static str];

    /// A request in a line: all that decides what it does.
    fn describe(&self, request: &Request) -> String;

    /// The name of the operation that a request is; `None` for any other.
    fn operation_of(&self, request: &Request) -> Option<String>;

    /// What the system says to a request.
    fn recorded(&self, request: &Request, scene: Scene) -> Answer;

    /// One half of a recorded list, with a marker that leads on unless it is the last.
    fn page(&self, whole: &Answer, page: Page, operation: &str) -> Answer;

    /// Whether a request asks for what follows the first page.
    fn asks_for_more(&self, request: &Request) -> bool;

    /// How a fault looks in this system's protocol; only asked for those that [`spoil`] does not know.
    fn says(&self, fault: Fault, operation: &str) -> Answer;
}

/// The reply with a fault, in place of what the system would have said.
pub(crate) fn spoil(system: &dyn System, fault: Fault, operation: &str, whole: Answer) -> Reply {
    let page = |status| Answer::new(status, "text/html", "<!doctype html><html><body><h1>Sorry</h1><br></body></html>");
    Reply::Whole(match fault {
        Fault::ServerPage => page(500),
        Fault::Page => page(200),
        Fault::Json => Answer::new(200, "application/json", "{\"status\":\"ok\",\"items\":[]}"),
        Fault::Redirect => {
            let mut answer = page(302);
            answer.headers.push(("location", "/elsewhere/login".to_owned()));
            answer
        }
        Fault::Silence => return Reply::Silence,
        Fault::CutOnTheWay => return Reply::CutOnTheWay(whole),
        Fault::CutWhole => Answer { body: whole.body[..middle(&whole.body)].to_owned(), ..whole },
        _ => system.says(fault, operation),
    })
}
