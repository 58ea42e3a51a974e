//! The table of formats: a new one is a file and a line here.

use super::table::{self, Look};
use super::view::Report;
use super::{csv, github, gitlab, html, json, junit, markdown, rdjson, sarif};
use std::io::{self, Write};

/// One way to write a report.
#[derive(Debug)]
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    write: fn(&Report, Look, &mut dyn Write) -> io::Result<()>,
}

/// Every format, in the order in which help lists them.
pub static FORMATS: [Format; 10] = [
    Format { name: "table", about: "for people at a terminal", write: table::write },
    Format {
        name: "json",
        about: "for scripts, schema version 1.0",
        write: |report, _, out| json::v1::write(report, out),
    },
    Format {
        name: "sarif",
        about: "SARIF 2.1.0, for code scanning",
        write: |report, _, out| sarif::write(report, out),
    },
    Format {
        name: "markdown",
        about: "a comment or step summary",
        write: |report, _, out| markdown::write(report, out),
    },
    Format {
        name: "github",
        about: "workflow commands of GitHub Actions",
        write: |report, _, out| github::write(report, out),
    },
    Format {
        name: "gitlab",
        about: "GitLab's code quality report",
        write: |report, _, out| gitlab::write(report, out),
    },
    Format { name: "junit", about: "JUnit XML, for test reports", write: |report, _, out| junit::write(report, out) },
    Format { name: "rdjson", about: "for reviewdog", write: |report, _, out| rdjson::write(report, out) },
    Format { name: "csv", about: "for spreadsheets", write: |report, _, out| csv::write(report, out) },
    Format {
        name: "html",
        about: "one page with search and filters, works offline",
        write: |report, _, out| html::write(report, out),
    },
];

impl Format {
    /// The format of this name.
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Writes the report. `look` is what a terminal needs to be told; other formats do without.
    ///
    /// # Errors
    /// Those of `out` itself, for example a closed pipe.
    pub fn write(&self, report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
        (self.write)(report, look, out)
    }
}
