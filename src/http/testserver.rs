//! An HTTP/1.1 server on this machine that answers as a test has written down, and remembers what it was asked.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One answer, in the order in which requests come.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status, headers, body.
    Whole(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A head that promises more than the body holds.
    Cut(Vec<u8>),
    /// A body that ends with the connection, as old proxies send it.
    Unframed(Vec<u8>),
    /// The connection closed without a word.
    HangUp,
    /// Nothing for this long, then a hang-up.
    Silence(Duration),
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Reply::Whole(status, vec![("content-type", "text/xml".to_owned())], body.into())
    }

    pub(crate) fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        match self {
            Reply::Whole(status, mut headers, body) => {
                headers.retain(|(n, _)| *n != name);
                headers.push((name, value.into()));
                Reply::Whole(status, headers, body)
            }
            other => other,
        }
    }
}

/// A request as it arrived: its first line, its headers in lower case, its body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: String,
    pub(crate) body: String,
}

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    most_at_once: Arc<Mutex<(usize, usize)>>,
    task: tokio::task::JoinHandle<()>,
}

impl TestServer {
    /// Answers each request with the next reply; the last one is repeated for ever.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let replies = Arc::new(Mutex::new(replies.into_iter().collect::<VecDeque<_>>()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let most_at_once = Arc::new(Mutex::new((0, 0)));
        let (into, gauge) = (seen.clone(), most_at_once.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, replies.clone(), into.clone(), gauge.clone()));
            }
        });
        TestServer { address, seen, most_at_once, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The most requests that were being answered at one time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.lock().unwrap().1
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    gauge: Arc<Mutex<(usize, usize)>>,
) {
    while let Some(request) = read(&mut stream).await {
        {
            let mut gauge = gauge.lock().unwrap();
            gauge.0 += 1;
            gauge.1 = gauge.1.max(gauge.0);
        }
        seen.lock().unwrap().push(request);
        let reply = {
            let mut replies = replies.lock().unwrap();
            if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() }
        };
        // Long enough for requests that run side by side to meet.
        tokio::time::sleep(Duration::from_millis(5)).await;
        gauge.lock().unwrap().0 -= 1;
        let keep = match reply {
            Some(Reply::Whole(status, headers, body)) => {
                let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                write(&mut stream, format!("{head}\r\n").as_bytes()).await;
                write(&mut stream, &body).await;
                true
            }
            Some(Reply::Cut(body)) => {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len() + 100);
                write(&mut stream, head.as_bytes()).await;
                write(&mut stream, &body).await;
                false
            }
            Some(Reply::Unframed(body)) => {
                write(&mut stream, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
                write(&mut stream, &body).await;
                false
            }
            Some(Reply::Silence(time)) => {
                tokio::time::sleep(time).await;
                false
            }
            Some(Reply::HangUp) | None => false,
        };
        if !keep {
            let _ = stream.shutdown().await;
            return;
        }
    }
}

async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).await.ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let (line, headers) = head.split_once("\r\n")?;
    let headers = headers.to_ascii_lowercase();
    let length = headers.lines().find_map(|l| l.strip_prefix("content-length: ")).map_or(0, |l| l.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Seen { line: line.to_owned(), headers, body: String::from_utf8_lossy(&body).into_owned() })
}
