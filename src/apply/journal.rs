//! What was done and what was not, on disk before and after each step: whatever ends the run, the report is right.

use crate::model::Problem;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The report of one run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Journal {
    pub schema_version: String,
    pub steps: Vec<Entry>,
    #[serde(skip)]
    path: PathBuf,
}

/// One step: a run of Terraform.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    pub what: String,
    pub command: String,
    /// Ids of the findings that it is for.
    pub findings: Vec<String>,
    pub state: Progress,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    NotDone,
    /// Being planned: nothing live is touched.
    Planning,
    /// Being applied: when this is what is left on disk, what came of it is not known.
    Applying,
    Done,
    Failed,
    Interrupted,
}

impl Progress {
    /// In words, for a person who asks what came of it.
    pub fn words(self) -> &'static str {
        match self {
            Progress::NotDone => "not done",
            Progress::Planning => "not done: it ended while it was planned",
            Progress::Applying => "ended while it was applied: part of it may be done",
            Progress::Done => "done",
            Progress::Failed => "failed",
            Progress::Interrupted => "interrupted: part of it may be done",
        }
    }
}

impl Journal {
    /// The report of the run before, when it did not get to its end.
    pub fn unfinished(path: &Path) -> Option<Journal> {
        let journal: Journal = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        journal.steps.iter().any(|step| step.state != Progress::Done).then_some(journal)
    }

    /// A new one, with every step still to be done.
    ///
    /// # Errors
    /// When it cannot be written: nothing is begun without it.
    pub fn begin(path: PathBuf, steps: Vec<Entry>) -> Result<Journal, Problem> {
        let journal = Journal { schema_version: "1.0".to_owned(), steps, path };
        journal.save()?;
        Ok(journal)
    }

    /// Notes what came of a step.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&mut self, at: usize, state: Progress, message: Option<String>) -> Result<(), Problem> {
        if let Some(step) = self.steps.get_mut(at) {
            step.state = state;
            step.message = message;
        }
        self.save()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn save(&self) -> Result<(), Problem> {
        let written = || -> std::io::Result<()> {
            let dir = self.path.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(dir)?;
            let mut file = NamedTempFile::new_in(dir)?;
            file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
            file.write_all(b"\n")?;
            file.as_file().sync_all()?;
            file.persist(&self.path)?;
            Ok(())
        };
        written().map_err(|error| {
            Problem::new(format!("the report of what is done cannot be written: {error}"))
                .at(self.path.display().to_string())
        })
    }
}
