//! Where the plan is written. It holds state, source and secrets: one that the user did not ask for never touches the disk
//! where the system has files in memory, and else only a directory that nobody else may enter.

use crate::model::Problem;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The file of a plan; what driftline made goes away with it.
pub(super) enum Artefact {
    /// Of the user: it stays.
    Users(PathBuf),
    #[cfg(target_os = "linux")]
    InMemory {
        file: std::fs::File,
        path: PathBuf,
    },
    Private {
        path: PathBuf,
        _dir: TempDir,
    },
}

impl Artefact {
    pub(super) fn users(path: PathBuf) -> Result<Artefact, Problem> {
        // It is opened from the root module's directory.
        std::path::absolute(&path).map(Artefact::Users).map_err(|error| {
            Problem::new(format!("the plan's file cannot be named: {error}")).at(path.display().to_string())
        })
    }

    /// For a binary that inherits what is open here.
    #[cfg(target_os = "linux")]
    pub(super) fn own() -> Result<Artefact, Problem> {
        use std::os::fd::AsRawFd;
        // Without `CLOEXEC`, so that the binary finds it under its own number.
        match rustix::fs::memfd_create("driftline-plan", rustix::fs::MemfdFlags::empty()) {
            Ok(fd) => {
                let file = std::fs::File::from(fd);
                let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
                Ok(Artefact::InMemory { file, path })
            }
            Err(_) => Artefact::named(),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn own() -> Result<Artefact, Problem> {
        Artefact::named()
    }

    /// A file with a name, in a directory of its own that only this user may enter.
    pub(super) fn named() -> Result<Artefact, Problem> {
        let dir = tempfile::Builder::new().prefix("driftline-").tempdir().map_err(|error| {
            Problem::new(format!("there is no room for the plan: {error}"))
                .at(std::env::temp_dir().display().to_string())
                .help("set `TMPDIR` to a directory that can be written, or give `-out` a file")
        })?;
        Ok(Artefact::Private { path: dir.path().join("plan"), _dir: dir })
    }

    pub(super) fn is_users(&self) -> bool {
        matches!(self, Artefact::Users(_))
    }

    /// As the binary opens it.
    pub(super) fn path(&self) -> &Path {
        match self {
            Artefact::Users(path) | Artefact::Private { path, .. } => path,
            #[cfg(target_os = "linux")]
            Artefact::InMemory { path, .. } => path,
        }
    }

    /// For messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Artefact::Users(path) => path.display().to_string(),
            _ => "plan".to_owned(),
        }
    }

    pub(super) fn is_written(&self) -> bool {
        let about = match self {
            Artefact::Users(path) | Artefact::Private { path, .. } => path.metadata(),
            #[cfg(target_os = "linux")]
            Artefact::InMemory { file, .. } => file.metadata(),
        };
        about.is_ok_and(|about| about.len() > 0)
    }
}
