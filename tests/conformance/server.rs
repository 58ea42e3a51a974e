//! An HTTP/1.1 server on this machine that answers as it is told and keeps what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it came in.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// After the `?`; empty when there is none.
    pub(crate) query: String,
    /// Names in lower case.
    #[allow(dead_code, reason = "of the suites that share this file only one looks at them")]
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// What is said to a request.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        Answer { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }
}

/// What happens to a request.
pub(crate) enum Reply {
    Whole(Answer),
    /// The connection ends in the middle of the body.
    CutOnTheWay(Answer),
    /// Nothing comes back until the other side goes away.
    Silence,
}

type Replies = dyn Fn(&Request) -> Reply + Send + Sync;

/// A running server; dropping it ends it.
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(replies: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let server = Server { address, seen: Arc::default(), stopped: Arc::default() };
        let (seen, stopped, replies) = (server.seen.clone(), server.stopped.clone(), Arc::new(replies));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (seen, replies) = (seen.clone(), replies.clone());
                if let Ok(stream) = stream {
                    // A connection that breaks is the client's affair.
                    thread::spawn(move || drop(serve(&stream, &seen, &*replies)));
                }
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().expect("nobody panics while holding it").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(stream: &TcpStream, seen: &Mutex<Vec<Request>>, replies: &Replies) -> std::io::Result<()> {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while let Some(request) = read(&mut reader)? {
        seen.lock().expect("nobody panics while holding it").push(request.clone());
        match replies(&request) {
            Reply::Whole(answer) => writer.write_all(head_and(&answer, answer.body.len()).as_bytes())?,
            Reply::CutOnTheWay(answer) => {
                return writer.write_all(head_and(&answer, middle(&answer.body)).as_bytes());
            }
            Reply::Silence => {
                let mut rest = Vec::new();
                reader.read_to_end(&mut rest)?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The middle of a text, between two characters.
pub(crate) fn middle(text: &str) -> usize {
    (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

/// An answer with the first `sent` bytes of its body; its length is told in full.
fn head_and(answer: &Answer, sent: usize) -> String {
    let mut text = format!("HTTP/1.1 {} Said\r\ncontent-length: {}\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(&answer.body[..sent]);
    text
}

/// The next request; `None` at the end of the connection.
fn read(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body)?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(Request { method, path: path.to_owned(), query: query.to_owned(), headers, body }))
}
