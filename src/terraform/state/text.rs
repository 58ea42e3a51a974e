//! The text of a state or plan: kept once, and refused early when it is plainly something else.

use crate::model::Problem;
use serde_json::value::RawValue;
use std::ops::Range;

/// A file's text. Parts of it are kept as ranges, never as copies.
pub(in crate::terraform) struct Text {
    path: String,
    text: String,
    /// Where the JSON begins: after a byte order mark.
    start: usize,
}

impl std::fmt::Debug for Text {
    /// The content may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({}, {} bytes)", self.path, self.text.len())
    }
}

impl Text {
    pub(in crate::terraform) fn new(bytes: Vec<u8>, path: &str) -> Result<Self, Problem> {
        if let Some(problem) = not_text(&bytes) {
            return Err(problem.at(path));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let byte = error.utf8_error().valid_up_to();
            Problem::new(format!("the file is not UTF-8: byte {byte} begins no character"))
                .at(path)
                .help("give the file as Terraform wrote it")
        })?;
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Ok(Text { path: path.to_owned(), text, start })
    }

    pub(in crate::terraform) fn path(&self) -> &str {
        &self.path
    }

    pub(in crate::terraform) fn json(&self) -> &str {
        self.slice(&(self.start..self.text.len()))
    }

    /// Where a piece that was borrowed from this text stands in it.
    pub(in crate::terraform) fn range(&self, piece: &RawValue) -> Range<usize> {
        let start = piece.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        start..start + piece.get().len()
    }

    pub(in crate::terraform) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// `path:line:column` of an error.
    pub(in crate::terraform) fn place(&self, error: &serde_json::Error) -> String {
        format!("{}:{}:{}", self.path, error.line(), error.column())
    }

    /// The problem that a syntax error is.
    pub(in crate::terraform) fn not_json(&self, error: &serde_json::Error) -> Problem {
        if self.json().lines().next().is_some_and(|line| line.contains("\"@level\":")) {
            return Problem::new("the file is the message stream of a `-json` run, which holds no attribute values")
                .at(&self.path)
                .help("save the plan with `-out=FILE` and give what `terraform show -json FILE` prints");
        }
        let message = if error.is_eof() {
            "the file breaks off in the middle of the JSON".to_owned()
        } else {
            format!("the file is not JSON: {}", reason(error))
        };
        Problem::new(message).at(self.place(error)).help(WHAT_TO_GIVE)
    }
}

pub(super) const WHAT_TO_GIVE: &str =
    "a state is what `terraform state pull` prints, a plan what `terraform show -json FILE` prints of a saved plan";

/// What an error says, without its position and without any text of the file: that may be a secret.
pub(in crate::terraform) fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    match text.split_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => text.to_owned(),
    }
}

/// What the bytes are when they are no UTF-8 text at all, or a text that is known to be something else.
fn not_text(bytes: &[u8]) -> Option<Problem> {
    let (what, help) = if bytes.iter().all(u8::is_ascii_whitespace) {
        ("the file is empty", WHAT_TO_GIVE)
    } else if bytes.starts_with(b"PK\x03\x04") {
        ("the file is a saved plan, not a state", "give it with `--plan`")
    } else if bytes.starts_with(b"\x1f\x8b") {
        ("the file is compressed with gzip", "unpack it first: `gunzip -c FILE > FILE.json`")
    } else if bytes.starts_with(b"version https://git-lfs.github.com/spec/") {
        ("the file is a Git LFS pointer, not the content it points to", "fetch the content with `git lfs pull`")
    } else if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        (
            "the file is UTF-16 text",
            "Windows PowerShell writes it with `>`; pipe into `Out-File -Encoding utf8 FILE` instead",
        )
    } else if bytes.iter().take(512).any(|byte| *byte == 0) {
        ("the file is binary", WHAT_TO_GIVE)
    } else {
        return None;
    };
    Some(Problem::new(what).help(help))
}
