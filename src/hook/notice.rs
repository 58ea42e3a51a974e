//! What the hook says: where, what is wrong, and the way out.

use std::fmt;

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub check: &'static Check,
    pub level: Level,
    /// From where driftline runs.
    pub path: String,
    /// None for a whole file.
    pub line: Option<usize>,
    pub message: String,
    /// The way out.
    pub help: String,
}

/// Whether it stops the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error,
    Warning,
}

/// One of the checks.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Stands behind each of its notices, and in brackets in a comment that accepts one.
    pub name: &'static str,
    /// For `explain`.
    pub about: &'static str,
}

pub static AGE: Check = Check {
    name: "snapshot_age",
    about: "The last report, or the facts that it was made from, are older than is wanted (`--warn-after`, `--fail-after`, \
            in hours), or there is none yet: what the commit touches is held against what was live then. Spoken of only when \
            configuration is committed.",
};
pub static DRIFT: Check = Check {
    name: "touched_drift",
    about: "The commit changes lines that declare something that the last report found to differ live: the next apply \
            overwrites what somebody did there, or the change is made on top of it. Where the file is not the one that the \
            report read, the place is called approximate.",
};
pub static ENDING: Check = Check {
    name: "exception_ending",
    about: "An exception that has expired, or does within 7 days, where the commit changes its ledger or what it covers.",
};
pub static HYGIENE: Check = Check {
    name: "exception_malformed",
    about: "An exception in a ledger or comment that the commit changes is not right: it lacks an owner, a reason, a last \
            day or another required field, or names no ticket.",
};
pub static UNDECLARED: Check = Check {
    name: "exception_undeclared",
    about: "The commit adds a `driftline:ignore` comment, and no exception of the ledger is about the resource or property \
            there: nobody is named who approved it.",
};
pub static PRIVILEGE: Check = Check {
    name: "privilege",
    about: "The commit adds administrator access by name, a wildcard over actions, everybody as a principal, or a new \
            principal. Judged by names and wildcards alone, not by what policies allow together.",
};
pub static DELETED: Check = Check {
    name: "deleted_live",
    about: "The commit deletes what declares something that the last snapshot shows to be live: the next apply takes it \
            away, and if the state does not hold it any more, it stays and nobody declares it.",
};

/// All of them, in the order in which they are documented.
pub static CHECKS: [&Check; 7] = [&AGE, &DRIFT, &ENDING, &HYGIENE, &UNDECLARED, &PRIVILEGE, &DELETED];

impl Level {
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
        }
    }
}

/// As compilers write it, so that editors find the place.
impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        let (level, check) = (self.level.name(), self.check.name);
        write!(f, ": {level}: {} [{check}]\n  help: {}", self.message, self.help)
    }
}
