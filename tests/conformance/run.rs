//! One run of the binary against a server of its own, and what is to hold of every run.

use crate::server::{Answer, Reply, Request, Server};
use crate::system::{Fault, Page, Scene, System, spoil};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The one authority that is trusted: nothing here speaks TLS, and to read all of the machine's takes longer than a run.
const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/ca.pem");

/// A state in which nothing is.
pub(crate) const NOTHING_DECLARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/nothing.tfstate");

/// What the server does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Script {
    Faithful,
    /// The first so many requests of an operation meet the fault; all of them without a number.
    Spoil {
        operation: &'static str,
        fault: Fault,
        times: Option<usize>,
    },
    /// A list comes in two pages.
    TwoPages {
        operation: &'static str,
    },
    /// The first page comes again and again.
    Circle {
        operation: &'static str,
    },
    /// The second page meets the fault.
    SpoilMore {
        operation: &'static str,
        fault: Fault,
    },
}

impl Script {
    /// Whether most of the run is waiting for an answer that does not come.
    pub(crate) fn waits_for_nothing(self) -> bool {
        matches!(self, Script::Spoil { fault: Fault::Silence, .. })
    }
}

/// How a run is made.
pub(crate) struct Run {
    pub(crate) scene: Scene,
    pub(crate) script: Script,
    /// Arguments beside the usual ones.
    pub(crate) arguments: Vec<String>,
    pub(crate) without_credentials: bool,
    /// The system is read by `snapshot`, and what that saved is checked.
    pub(crate) by_snapshot: bool,
}

impl Run {
    pub(crate) fn new(scene: Scene, script: Script) -> Self {
        Run { scene, script, arguments: Vec::new(), without_credentials: false, by_snapshot: false }
    }
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stderr: String,
    /// The JSON report; `null` when none was written.
    pub(crate) report: Value,
    /// Requests in a line each.
    pub(crate) asked: BTreeSet<String>,
}

/// Runs the binary.
///
/// # Errors
/// What did not hold that holds of every run: only listed requests arrive, no secret is shown, nothing panics.
pub(crate) fn run(system: &'static dyn System, run: &Run) -> Result<Outcome, String> {
    let (scene, script) = (run.scene, run.script);
    let met = AtomicUsize::new(0);
    let server = Server::start(move |request| reply(system, scene, script, &met, request));
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let report = home.path().join("report.json");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/providers").join(system.fixture());
    let mut environment = system.environment(&server.url());
    if run.without_credentials {
        environment.retain(|(name, _)| !system.credentials().contains(name));
    }
    let binary = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("SSL_CERT_FILE", AUTHORITY)
            .envs(environment.iter().cloned());
        command
    };
    let (mut shown, mut saved) = (Vec::new(), String::new());
    let mut made = |mut command: Command| -> Result<i32, String> {
        let output = command.arg(&folder).output().map_err(|error| error.to_string())?;
        shown.extend([output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
        Ok(output.status.code().unwrap_or(-1))
    };
    let mut check = binary(&["check", "-v", "--format", "table", "--format"]);
    check.arg(format!("json={}", report.display())).args(&run.arguments);
    if script.waits_for_nothing() {
        check.args(["--timeout", "2"]);
    }
    if run.by_snapshot {
        let facts = home.path().join("facts.json");
        let mut snapshot = binary(&["snapshot", "-o"]);
        snapshot.arg(&facts);
        made(snapshot)?;
        saved = std::fs::read_to_string(&facts).unwrap_or_default();
        check.arg("--live").arg(facts);
    }
    let status = made(check)?;
    let json = std::fs::read_to_string(&report).unwrap_or_default();
    for secret in system.secrets() {
        if shown.iter().chain([&json, &saved]).any(|text| text.contains(secret)) {
            return Err(format!("a secret is shown: {shown:?} {json} {saved}"));
        }
    }
    if shown.iter().any(|text| text.contains("panicked")) {
        return Err(shown.concat());
    }
    let asked: BTreeSet<_> = server.seen().iter().map(|request| system.describe(request)).collect();
    if let Some(stranger) = asked.iter().find(|line| !system.reads().contains(&line.as_str())) {
        return Err(format!("this is not on the list of reads: {stranger}"));
    }
    let stderr = shown.pop().unwrap_or_default();
    Ok(Outcome { status, stderr, report: serde_json::from_str(&json).unwrap_or_default(), asked })
}

fn reply(system: &dyn System, scene: Scene, script: Script, met: &AtomicUsize, request: &Request) -> Reply {
    let whole = system.recorded(request, scene);
    let of = system.operation_of(request).unwrap_or_default();
    let more = system.asks_for_more(request);
    let paged = |page| -> Answer { if whole.status == 200 { system.page(&whole, page, &of) } else { whole.clone() } };
    match script {
        Script::Spoil { operation, fault, times } if of == operation => {
            let before = met.fetch_add(1, Ordering::Relaxed);
            if times.is_none_or(|times| before < times) {
                return spoil(system, fault, &of, whole);
            }
        }
        Script::TwoPages { operation } if of == operation => {
            return Reply::Whole(paged(if more { Page::Last } else { Page::First }));
        }
        Script::Circle { operation } if of == operation => return Reply::Whole(paged(Page::First)),
        Script::SpoilMore { operation, fault } if of == operation => {
            let first = paged(Page::First);
            return if more { spoil(system, fault, &of, whole) } else { Reply::Whole(first) };
        }
        _ => {}
    }
    Reply::Whole(whole)
}

impl Outcome {
    /// Everything was seen and nothing differs.
    pub(crate) fn is_in_sync(&self) -> Result<(), String> {
        self.is(0, "in_sync")?;
        self.findings()?;
        let gaps = self.list("gaps");
        let complete = self.list("scopes").iter().all(|scope| scope["complete"] == true);
        if !gaps.is_empty() || !complete { Err(format!("not complete: {gaps:#?}")) } else { Ok(()) }
    }

    /// Something was not seen: gaps with these codes hide these kinds and no others, and nothing is said of them.
    pub(crate) fn is_incomplete(&self, codes: &[&str], kinds: &[&str]) -> Result<(), String> {
        self.is(4, "incomplete")?;
        self.findings()?;
        let gaps = self.list("gaps");
        let given: BTreeSet<_> = gaps.iter().filter_map(|gap| gap["code"].as_str()).collect();
        if given != codes.iter().copied().collect() {
            return Err(format!("codes {given:?} in place of {codes:?}: {gaps:#?}"));
        }
        let hidden = gaps.iter().flat_map(|gap| gap["kinds"].as_array().into_iter().flatten());
        let hidden: BTreeSet<_> = hidden.filter_map(Value::as_str).collect();
        if hidden != kinds.iter().copied().collect() {
            return Err(format!("hidden are {hidden:?} in place of {kinds:?}: {gaps:#?}"));
        }
        let told = gaps.iter().all(|gap| gap["reason"] != "" && gap["hint"] != "" && gap["hides"] != "");
        let open = self.list("scopes").iter().all(|scope| scope["complete"] == false);
        if told && open {
            Ok(())
        } else {
            Err(format!("a gap without words, or a scope said to be complete: {gaps:#?}"))
        }
    }

    /// The job could not be done: one error with these words and a way out, and no report.
    pub(crate) fn is_refused(&self, words: &str) -> Result<(), String> {
        let errors = self.stderr.lines().filter(|line| line.starts_with("error:")).count();
        let helped = self.stderr.contains("\n  help: ");
        let right = self.status == 1 && errors == 1 && helped && self.report.is_null() && self.stderr.contains(words);
        if right {
            Ok(())
        } else {
            Err(format!("exit {}, wanted one error with `{words}`: {}", self.status, self.stderr))
        }
    }

    /// How many live things of each kind nobody declares.
    pub(crate) fn unmanaged(&self) -> Result<BTreeMap<String, usize>, String> {
        self.is(3, "findings")?;
        let mut counts = BTreeMap::new();
        for finding in self.list("findings") {
            if finding["change"] != "unmanaged" {
                return Err(format!("made-up findings: {:#?}", self.short_findings()));
            }
            *counts.entry(finding["kind"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        Ok(counts)
    }

    /// One declared thing is not there, and everything was seen.
    pub(crate) fn misses_one(&self) -> Result<(), String> {
        self.is(3, "findings")?;
        let findings = self.list("findings");
        let right = findings.len() == 1
            && ["missing", "removed"].iter().any(|change| findings[0]["change"] == *change)
            && self.list("gaps").is_empty();
        if right { Ok(()) } else { Err(format!("{:#?}", self.short_findings())) }
    }

    /// Declared things that were found equal.
    pub(crate) fn in_sync(&self) -> usize {
        number(&self.report["summary"]["in_sync"])
    }

    /// Live things that were seen.
    pub(crate) fn facts(&self) -> usize {
        self.list("scopes").iter().map(|scope| number(&scope["facts"])).sum()
    }

    fn is(&self, status: i32, verdict: &str) -> Result<(), String> {
        if self.status == status && self.report["verdict"] == verdict {
            return Ok(());
        }
        let (said, findings) = (&self.report["verdict"], self.short_findings());
        let gaps = self.list("gaps");
        Err(format!("exit {} and {said} in place of {status}: {} {findings:#?} {gaps:#?}", self.status, self.stderr))
    }

    /// The recorded system is just as declared: any finding is one that a fault made up.
    fn findings(&self) -> Result<(), String> {
        let findings = self.short_findings();
        if findings.is_empty() { Ok(()) } else { Err(format!("made-up findings: {findings:#?}")) }
    }

    fn short_findings(&self) -> Vec<String> {
        let findings = self.list("findings");
        findings
            .iter()
            .map(|f| format!("{} {} {} {} {}", f["change"], f["title"], f["property"], f["recorded"], f["live"]))
            .collect()
    }

    fn list(&self, name: &str) -> &[Value] {
        self.report[name].as_array().map(Vec::as_slice).unwrap_or_default()
    }
}

fn number(value: &Value) -> usize {
    value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or_default()
}
