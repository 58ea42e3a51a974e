//! What the real binary makes of a PostgreSQL server that refuses, goes silent, breaks off or is another one. The server here
//! speaks just enough of the protocol (PostgreSQL documentation, "Message Formats") to answer as it is told; the live suite
//! does the same with real ones.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use driftline::providers::postgres::queries;
use serde_json::{Value as Json, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output};

/// How the server fails, and at which question: a text in it.
#[derive(Clone, Copy)]
enum Fault {
    Nothing,
    /// The code of an error that a session with any database begins with.
    Login(&'static str),
    /// Likewise with the one that the role may not log in to.
    Database(&'static str, &'static str),
    /// The server says that it fails with this code, and goes on.
    Fails(&'static str, &'static str),
    /// It says so and ends the session.
    Ends(&'static str, &'static str),
    CutWithin(&'static str),
    /// A row is none.
    Garbled(&'static str),
    Silent(&'static str),
    /// Nothing is said to somebody who wants in.
    SilentAtLogin,
}

/// A value of an answer, in the binary format.
#[derive(Clone)]
enum Cell {
    Text(&'static str),
    Number(i64),
    Truth(bool),
    Texts(Vec<&'static str>),
    Null,
}

use Cell::{Null, Number, Text, Texts, Truth};

/// Answers of a small cluster by a text in the question: types of the columns, as object ids, and rows.
fn answer(question: &str, in_shop: bool) -> (Vec<u32>, Vec<Vec<Cell>>) {
    const TEXT: u32 = 25;
    const NUMBER: u32 = 20;
    const TRUTH: u32 = 16;
    const TEXTS: u32 = 1009;
    let role = |oid, name| {
        let flags = [false, true, false, false, false, false, false].map(Truth);
        [Number(oid), Text(name)].into_iter().chain(flags).chain([Number(-1), Null, Null]).collect()
    };
    let roles = [NUMBER, TEXT].into_iter().chain([TRUTH; 7]).chain([NUMBER, TEXT, TEXTS]).collect();
    let owned = |list| [Text("app"), Texts(list), Null];
    match question {
        q if q.contains("pg_control_system()") => (vec![TEXT], vec![vec![Text(CLUSTER)]]),
        q if q.contains("server_version_num") => {
            (vec![TEXT, NUMBER, TEXT], vec![vec![Text("reader"), Number(160_004), Text("postgres")]])
        }
        q if q.contains("FROM pg_catalog.pg_roles ORDER") => (roles, vec![role(20_000, "app"), role(20_001, "reader")]),
        q if q.contains("FROM pg_catalog.pg_auth_members") => (
            vec![NUMBER, TEXT, NUMBER, TEXT, TRUTH, TRUTH],
            vec![vec![Number(20_001), Text("reader"), Number(20_000), Text("app"), Truth(false), Truth(false)]],
        ),
        q if q.contains("FROM pg_catalog.pg_database") => {
            let one = |name, oid| {
                let own = [Text(name), Number(oid), Truth(true), Truth(false), Number(-1), Text("pg_default")];
                own.into_iter().chain(owned(vec!["=Tc/app", "app=CTc/app"])).collect()
            };
            let types = vec![TEXT, NUMBER, TRUTH, TRUTH, NUMBER, TEXT, TEXT, TEXTS, TEXTS];
            (types, vec![one("postgres", 5), one("shop", 20_002)])
        }
        q if in_shop && q.contains("FROM pg_catalog.pg_namespace") => {
            let sales = [Text("sales"), Number(20_003), Truth(false)].into_iter().chain(owned(vec!["app=UC/app"]));
            (vec![TEXT, NUMBER, TRUTH, TEXT, TEXTS, TEXTS], vec![sales.collect()])
        }
        _ => (Vec::new(), Vec::new()),
    }
}

const CLUSTER: &str = "7123456789012345678";

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[kind], length.to_be_bytes().as_slice(), body].concat()
}

fn refusal(code: &str) -> Vec<u8> {
    message(b'E', format!("SERROR\0VERROR\0C{code}\0Mno\0\0").as_bytes())
}

fn columns(types: &[u32]) -> Vec<u8> {
    let one = |oid: &u32| {
        let fixed: [&[u8]; 5] =
            [&[0; 6], &oid.to_be_bytes(), &(-1_i16).to_be_bytes(), &(-1_i32).to_be_bytes(), &[0, 1]];
        [b"c\0".as_slice(), &fixed.concat()].concat()
    };
    let count = u16::try_from(types.len()).unwrap().to_be_bytes();
    message(b'T', &[count.as_slice(), &types.iter().flat_map(one).collect::<Vec<_>>()].concat())
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    [u32::try_from(bytes.len()).unwrap().to_be_bytes().as_slice(), bytes].concat()
}

fn cell(cell: &Cell) -> Vec<u8> {
    match cell {
        Text(text) => sized(text.as_bytes()),
        Number(number) => sized(&number.to_be_bytes()),
        Truth(truth) => sized(&[u8::from(*truth)]),
        Texts(all) => {
            let head: Vec<u8> =
                [1, 0, 25, i32::try_from(all.len()).unwrap(), 1].iter().flat_map(|n: &i32| n.to_be_bytes()).collect();
            sized(&all.iter().fold(head, |array, text| [array, sized(text.as_bytes())].concat()))
        }
        Null => (-1_i32).to_be_bytes().to_vec(),
    }
}

fn row(cells: &[Cell]) -> Vec<u8> {
    let count = u16::try_from(cells.len()).unwrap().to_be_bytes();
    message(b'D', &[count.as_slice(), &cells.iter().flat_map(cell).collect::<Vec<_>>()].concat())
}

/// The next message: its kind, none at the beginning of a session, and its body.
fn read(stream: &mut TcpStream, begins: bool) -> Option<(u8, Vec<u8>)> {
    let mut kind = [0];
    if !begins {
        stream.read_exact(&mut kind).ok()?;
    }
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).ok()?.checked_sub(4)?];
    stream.read_exact(&mut body).ok()?;
    Some((kind[0], body))
}

/// One session; nothing is left to say when the client is gone.
fn serve(mut stream: TcpStream, fault: Fault) -> Option<()> {
    let (_, wishes) = read(&mut stream, true)?;
    let wishes = String::from_utf8_lossy(&wishes).into_owned();
    let refused = match fault {
        Fault::SilentAtLogin => return stream.read_to_end(&mut Vec::new()).ok().map(drop),
        Fault::Login(code) => Some(code),
        Fault::Database(name, code) if wishes.contains(&format!("database\0{name}\0")) => Some(code),
        _ => None,
    };
    if let Some(code) = refused {
        return stream.write_all(&refusal(code)).ok();
    }
    stream.write_all(&[message(b'R', &[0; 4]), message(b'Z', b"I")].concat()).ok()?;
    let mut question = String::new();
    loop {
        let (kind, body) = read(&mut stream, false)?;
        let (types, rows) = answer(&question, wishes.contains("database\0shop\0"));
        let said = match (kind, fault) {
            (b'P', _) => {
                question = String::from_utf8_lossy(&body).into_owned();
                message(b'1', &[])
            }
            (b'D', _) if types.is_empty() => [message(b't', &[0; 2]), message(b'n', &[])].concat(),
            (b'D', _) => [message(b't', &[0; 2]), columns(&types)].concat(),
            (b'B', _) => message(b'2', &[]),
            (b'E', Fault::Fails(at, code)) if question.contains(at) => refusal(code),
            (b'E', Fault::Ends(at, code)) if question.contains(at) => return stream.write_all(&refusal(code)).ok(),
            (b'E', Fault::Garbled(at)) if question.contains(at) => {
                [message(b'D', &[0, 9, 0, 0, 0, 1]), message(b'C', b"SELECT\0")].concat()
            }
            (b'E', Fault::Silent(at)) if question.contains(at) => {
                // Until the client gives up.
                return stream.read_to_end(&mut Vec::new()).ok().map(drop);
            }
            (b'E', Fault::CutWithin(at)) if question.contains(at) => {
                let whole = row(rows.first()?);
                return stream.write_all(&whole[..whole.len() / 2]).ok();
            }
            (b'E', _) => [rows.iter().flat_map(|cells| row(cells)).collect(), message(b'C', b"SELECT\0")].concat(),
            (b'S', _) => message(b'Z', b"T"),
            _ => return None,
        };
        stream.write_all(&said).ok()?;
    }
}

fn resource(kind: &str, name: &str, attributes: &Json) -> Json {
    json!({
        "mode": "managed", "type": format!("postgresql_{kind}"), "name": name,
        "provider": "provider[\"registry.terraform.io/cyrilgdn/postgresql\"]",
        "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}],
    })
}

fn state() -> String {
    let role = |name: &str| resource("role", name, &json!({"id": name, "name": name, "valid_until": "infinity"}));
    let resources = [
        role("app"),
        role("reader"),
        resource("grant_role", "reads", &json!({"role": "reader", "grant_role": "app", "with_admin_option": false})),
        resource("database", "shop", &json!({"id": "shop", "name": "shop", "owner": "app"})),
        resource("schema", "sales", &json!({"database": "shop", "name": "sales", "owner": "app", "policy": []})),
    ];
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}, "resources": resources})
        .to_string()
}

fn check(fault: Fault, extra: &[&str]) -> Output {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    // Ends with the process: whoever waits for connections has no other end.
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || serve(stream, fault));
        }
    });
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("terraform.tfstate"), state()).unwrap();
    Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["check", "--no-source", "--state", "terraform.tfstate", "--format", "json", "--timeout", "1"])
        .args(extra)
        .current_dir(dir.path())
        .env_clear()
        .envs([("HOME", "."), ("PGHOST", "127.0.0.1"), ("PGPORT", &port), ("PGSSLMODE", "disable")])
        .output()
        .unwrap()
}

fn report(output: &Output) -> Json {
    let told = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"))
}

/// One error, and no report of what would be missing.
fn refused(output: &Output, words: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), b"".as_slice()), "{told}");
    assert!(told.contains(words), "{told}");
}

/// Gaps with this code that hide at least these kinds, nothing found, and this many things in sync.
fn gap(output: &Output, code: &str, kinds: &[&str], in_sync: usize) {
    let report = report(output);
    let gaps = report["gaps"].as_array().unwrap();
    assert!(gaps.iter().all(|gap| gap["code"] == code), "{gaps:?}");
    let hidden: Vec<_> = gaps.iter().flat_map(|gap| gap["kinds"].as_array().unwrap()).collect();
    assert!(kinds.iter().all(|kind| hidden.iter().any(|known| *known == kind)), "{gaps:?}");
    assert_eq!((&report["findings"], &report["verdict"]), (&json!([]), &json!("incomplete")));
    assert_eq!((report["summary"]["in_sync"].as_u64(), output.status.code()), (u64::try_from(in_sync).ok(), Some(4)));
}

#[test]
fn a_cluster_as_recorded_is_in_sync() {
    let output = check(Fault::Nothing, &[]);
    let report = report(&output);
    assert_eq!((&report["verdict"], &report["gaps"]), (&json!("in_sync"), &json!([])));
    assert_eq!((&report["summary"]["in_sync"], output.status.code()), (&json!(5), Some(0)));
}

#[test]
fn a_refused_login_is_one_error() {
    for code in ["28P01", "28000"] {
        refused(&check(Fault::Login(code), &[]), "credentials not accepted");
    }
}

#[test]
fn a_server_that_is_busy_going_or_silent_lets_nobody_in() {
    for (code, words) in [("53300", "53300"), ("57P03", "57P03"), ("57P01", "57P01")] {
        refused(&check(Fault::Login(code), &[]), words);
    }
    refused(&check(Fault::SilentAtLogin, &[]), "no answer in time");
}

/// Every question that makes up a check, one after the other: whatever becomes of its answer, nothing is called missing or
/// unmanaged for it.
#[test]
fn no_fault_at_any_question_is_taken_for_an_answer() {
    let faults: [(&str, fn(&'static str) -> Fault); 7] = [
        ("denied", |at| Fault::Fails(at, "42501")),
        ("server_error", |at| Fault::Fails(at, "XX000")),
        ("timeout", |at| Fault::Fails(at, "57014")),
        ("throttled", |at| Fault::Fails(at, "53200")),
        ("rejected", |at| Fault::Fails(at, "42P01")),
        ("cut", |at| Fault::Ends(at, "57P01")),
        ("garbage", Fault::Garbled),
    ];
    // The first is asked before anything else; the last only after an error.
    let apart = ["pg_control_system", "rollback"];
    let asked: Vec<_> = queries::ALL.iter().filter(|query| !apart.contains(&query.name())).collect();
    assert_eq!(asked.len() + apart.len(), queries::ALL.len());
    for query in asked {
        for (code, fault) in faults {
            let answered = !answer(query.sql(), true).0.is_empty();
            if code == "garbage" && !answered {
                continue;
            }
            let output = check(fault(query.sql()), &[]);
            let report = report(&output);
            let name = query.name();
            assert_eq!((&report["findings"], output.status.code()), (&json!([]), Some(4)), "{code} at {name}");
            let gaps = report["gaps"].as_array().unwrap();
            assert!(gaps.iter().any(|gap| gap["code"] == code), "{code} at {name}: {gaps:?}");
        }
    }
}

#[test]
fn a_refused_database_hides_what_is_in_it() {
    gap(&check(Fault::Database("shop", "42501"), &[]), "denied", &["postgres/schema"], 4);
    gap(&check(Fault::Database("shop", "3D000"), &[]), "rejected", &["postgres/schema"], 4);
}

#[test]
fn what_may_not_be_read_is_hidden_alone() {
    let members = check(Fault::Fails("FROM pg_catalog.pg_auth_members", "42501"), &[]);
    gap(&members, "denied", &["postgres/membership", "postgres/owner"], 4);
    gap(&check(Fault::Fails("FROM pg_catalog.pg_namespace", "42501"), &[]), "denied", &["postgres/schema"], 4);
}

#[test]
fn an_answer_that_breaks_off_hides_what_would_have_followed() {
    let kinds = ["postgres/membership", "postgres/database", "postgres/schema"];
    gap(&check(Fault::CutWithin("FROM pg_catalog.pg_auth_members"), &[]), "cut", &kinds, 2);
}

/// The server gets five seconds to say that it gave up; whoever says nothing is not asked again.
#[test]
fn a_silent_session_is_waited_for_once() {
    let begun = std::time::Instant::now();
    let output = check(Fault::Silent("FROM pg_catalog.pg_auth_members"), &[]);
    gap(&output, "timeout", &["postgres/membership", "postgres/database", "postgres/schema"], 2);
    assert!(begun.elapsed().as_secs() < 11, "{:?}", begun.elapsed());
}

#[test]
fn another_cluster_is_one_error() {
    assert_eq!(check(Fault::Nothing, &["--cluster", CLUSTER]).status.code(), Some(0));
    refused(
        &check(Fault::Nothing, &["--cluster", "7000000000000000000"]),
        "wrong cluster: `7123456789012345678` answered",
    );
    let secret = check(Fault::Fails("pg_control_system()", "42501"), &["--cluster", CLUSTER]);
    refused(&secret, "does not say which one it is");
}
