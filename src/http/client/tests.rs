//! The client against a server that misbehaves, and against one that must not be reached at all.

use super::*;
use crate::http::gate::{Body, Shape};
use crate::http::retry::Reason;
use crate::http::testserver::{Reply, TestServer};
use crate::http::transport::Options;
use std::net::TcpListener;

const ALLOWED: [Allowed; 2] = [
    Allowed { operation: "iam:ListRoles", shape: Shape::Query { action: "ListRoles", version: "2010-05-08" } },
    Allowed {
        operation: "s3:GetBucketPolicy",
        shape: Shape::Rest { method: "GET", paths: &["/{}"], required: &["policy"], optional: &[], body: Body::Empty },
    },
];

fn client(options: Options) -> Client {
    let policy = Policy { attempts: 3, base: Duration::from_millis(1), ..Policy::default() };
    Client::new(Arc::new(Transport::new(&options).unwrap()), ALLOWED, policy)
}

fn request(method: &str, url: &str, body: &str) -> Request {
    let mut inner = ::http::Request::builder().method(method);
    if !body.is_empty() {
        inner = inner.header("content-type", "application/x-www-form-urlencoded");
    }
    let inner = inner.body(body.as_bytes().to_vec()).unwrap();
    Request { url: url.parse().unwrap(), base: String::new(), inner }
}

/// Asks `GET /bucket?policy`; 200 is an answer, 503 is worth another attempt, 401 is expiry, 301 a move.
struct Ask {
    url: String,
    renewals: u32,
}

#[async_trait]
impl Exchange for Ask {
    fn operation(&self) -> &str {
        "s3:GetBucketPolicy"
    }

    async fn request(&mut self, renew: bool) -> Result<Request, Error> {
        self.renewals += u32::from(renew);
        Ok(request("GET", &format!("{}/bucket?policy", self.url), ""))
    }

    fn judge(&mut self, answer: &Answer) -> Verdict {
        let words = String::from_utf8_lossy(&answer.body).into_owned();
        match answer.status.as_u16() {
            200 => Verdict::Done,
            503 => Verdict::Retry(Reason { kind: Kind::Throttled, code: Some("SlowDown".to_owned()), words }),
            401 => Verdict::Expired { code: None, words },
            301 => Verdict::Moved { words },
            _ => Verdict::Refuse { kind: Kind::Denied, code: None, words },
        }
    }
}

async fn ask(server: &TestServer, options: Options) -> (Result<Answer, Error>, Ask) {
    let mut exchange = Ask { url: server.url(), renewals: 0 };
    (client(options).call(&mut exchange).await, exchange)
}

#[tokio::test]
async fn a_write_never_reaches_the_wire() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = client(Options::default());
    for (method, path, body) in [
        ("POST", "/", "Action=CreateUser&Version=2010-05-08&UserName=mallory"),
        ("POST", "/", "Action=AttachRolePolicy&Version=2010-05-08&RoleName=r"),
        ("POST", "/", "Action=ListRoles&Action=CreateUser&Version=2010-05-08"),
        ("POST", "/", "Action=ListRoles&action=CreateUser&Version=2010-05-08"),
        ("POST", "/?Action=CreateUser", "Action=ListRoles&Version=2010-05-08"),
        ("PUT", "/bucket?policy", ""),
        ("DELETE", "/bucket?policy", ""),
        ("DELETE", "/bucket", ""),
        ("GET", "/bucket?policy", "Action=CreateUser&Version=2010-05-08"),
        ("GET", "/?Action=CreateUser&Version=2010-05-08", ""),
    ] {
        let error = client.once("test", request(method, &format!("{url}{path}"), body)).await.unwrap_err();
        assert_eq!(error.kind, Kind::NotAllowed, "{method} {path} {body}");
        assert_eq!(error.attempts, 0);
    }
    // No connection was even opened.
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    assert_eq!(client.transport().counters().requests(), 0);
}

#[tokio::test]
async fn asks_again_and_counts() {
    let server = TestServer::start([Reply::new(503, "slow"), Reply::HangUp, Reply::new(200, "yes")]).await;
    let options = Options::default();
    let (answer, _) = ask(&server, options.clone()).await;
    assert_eq!(answer.unwrap().body, b"yes");
    assert_eq!(options.counters.requests(), 3);
    assert_eq!(options.counters.received(), 7);
    assert!(options.counters.sent() > 0);
    assert!(server.seen()[0].headers.contains("user-agent: driftline/"));
}

#[tokio::test]
async fn gives_up_with_the_systems_words() {
    let server = TestServer::start([Reply::new(503, "please \u{1b}[31mslow down")]).await;
    let error = ask(&server, Options::default()).await.0.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Throttled, 3));
    assert_eq!(error.words, "please \\u{1b}[31mslow down");
    assert_eq!(error.code.as_deref(), Some("SlowDown"));
}

#[tokio::test]
async fn credentials_are_renewed_once() {
    let server = TestServer::start([Reply::new(401, ""), Reply::new(200, "yes")]).await;
    let (answer, exchange) = ask(&server, Options::default()).await;
    assert!(answer.is_ok());
    assert_eq!(exchange.renewals, 1);

    let server = TestServer::start([Reply::new(401, "expired")]).await;
    let (answer, exchange) = ask(&server, Options::default()).await;
    assert_eq!(answer.unwrap_err().kind, Kind::Credentials);
    assert_eq!(exchange.renewals, 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed_by_the_transport_and_not_for_ever() {
    let server = TestServer::start([Reply::new(301, "there").with("location", "/elsewhere")]).await;
    let error = ask(&server, Options::default()).await.0.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Rejected, 4));
    assert!(server.seen().iter().all(|s| s.line.starts_with("GET /bucket?policy ")));
}

#[tokio::test]
async fn failures_of_the_wire_have_their_own_kinds() {
    let cut = TestServer::start([Reply::Cut(b"half".to_vec())]).await;
    assert_eq!(ask(&cut, Options::default()).await.0.unwrap_err().kind, Kind::Cut);

    let silent = TestServer::start([Reply::Silence(Duration::from_secs(60))]).await;
    let options = Options { timeout: Duration::from_millis(50), ..Options::default() };
    assert_eq!(ask(&silent, options).await.0.unwrap_err().kind, Kind::Timeout);

    let long = TestServer::start([Reply::new(200, vec![b'x'; 1000])]).await;
    let error = ask(&long, Options { body_limit: 999, ..Options::default() }).await.0.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::TooLarge, 1));

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut exchange = Ask { url: format!("http://{nobody}"), renewals: 0 };
    let error = client(Options::default()).call(&mut exchange).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::Connection, 3));
    assert!(error.words.contains("refused"), "{error}");
}

#[tokio::test]
async fn one_host_is_not_asked_more_at_once_than_allowed() {
    let server = TestServer::start([Reply::new(200, "yes")]).await;
    let client = client(Options { per_host: 2, ..Options::default() });
    let asks = (0..12).map(|_| async {
        let mut exchange = Ask { url: server.url(), renewals: 0 };
        client.call(&mut exchange).await.unwrap();
    });
    futures_util::future::join_all(asks).await;
    assert!(server.most_at_once() <= 2, "{}", server.most_at_once());
    assert_eq!(server.seen().len(), 12);
}

#[tokio::test]
async fn retry_after_is_waited_for_and_too_long_a_wait_is_not() {
    let patient = client(Options::default());
    assert_eq!(patient.next_wait(Kind::Throttled, 1, Some(Duration::from_secs(7))), Some(Duration::from_secs(7)));
    assert_eq!(patient.next_wait(Kind::Throttled, 1, Some(Duration::from_secs(4000))), None);

    let server = TestServer::start([Reply::new(503, "").with("retry-after", "1"), Reply::new(200, "yes")]).await;
    let before = std::time::Instant::now();
    assert!(ask(&server, Options::default()).await.0.is_ok());
    assert!(before.elapsed() >= Duration::from_secs(1));
}

#[test]
fn nothing_printed_holds_headers() {
    let mut secret = request("GET", "http://h/p?token=secret", "");
    secret.inner.headers_mut().insert("authorization", "Bearer secret".parse().unwrap());
    assert_eq!(format!("{secret:?}"), "GET h/p");
    let mut headers = ::http::HeaderMap::new();
    headers.insert("set-cookie", "secret".parse().unwrap());
    let answer = Answer { status: ::http::StatusCode::OK, headers, body: b"secret".to_vec() };
    assert!(!format!("{answer:?}").contains("secret"));
}
