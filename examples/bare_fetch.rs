//! The least that fetching answers can cost: the given questions one after the other over one connection, unsigned, and
//! one pass over each answer that keeps nothing. `scripts/bench` measures driftline against it.
//!
//! Each line of the file is one question: method, target, and the body of a form if there is one.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(place), Some(questions)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bare_fetch HOST:PORT QUESTIONS".into());
    };
    let mut connection = BufReader::new(TcpStream::connect(&place)?);
    let (mut asked, mut received, mut elements) = (0, 0, 0);
    for question in std::fs::read_to_string(questions)?.lines() {
        let body = ask(&mut connection, &place, question)?;
        asked += 1;
        received += body.len();
        elements += pass(&body)?;
    }
    writeln!(std::io::stdout(), "{asked} questions, {received} bytes, {elements} elements")?;
    Ok(())
}

fn ask(connection: &mut BufReader<TcpStream>, place: &str, question: &str) -> Result<Vec<u8>> {
    let mut parts = question.splitn(3, ' ');
    let (method, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let form = parts.next().unwrap_or_default();
    let request =
        format!("{method} {target} HTTP/1.1\r\nHost: {place}\r\nContent-Length: {}\r\n\r\n{form}", form.len());
    connection.get_mut().write_all(request.as_bytes())?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(format!("no answer to `{question}`").into());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(body)
}

/// How many elements an answer has.
fn pass(body: &[u8]) -> Result<usize> {
    let text = std::str::from_utf8(body)?;
    if text.starts_with('{') {
        serde_json::from_str::<serde::de::IgnoredAny>(text)?;
        return Ok(0);
    }
    let mut reader = Reader::from_str(text);
    let mut elements = 0;
    loop {
        match reader.read_event()? {
            Event::Start(_) | Event::Empty(_) => elements += 1,
            Event::Eof => return Ok(elements),
            _ => {}
        }
    }
}
