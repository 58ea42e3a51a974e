//! `--format FORMAT[=PATH]`: which reports to write, and where; a file is there whole or as it was before.

use super::check::Stream;
use super::terminal::{self, Color};
use crate::model::Problem;
use crate::report::table::Look;
use crate::report::{FORMATS, Format, Report};
use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Columns of a table that is written to a file.
const WIDTH_OF_FILES: usize = 120;

/// The arguments that say what to write.
#[derive(clap::Args)]
pub(super) struct Outputs {
    #[arg(long, value_name = "FORMAT[=PATH]", default_value = "table", env = "DRIFTLINE_FORMAT", help = help())]
    format: Vec<Output>,

    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "DRIFTLINE_COLOR")]
    color: Color,
}

/// One `--format`.
#[derive(Debug, Clone)]
struct Output {
    format: &'static Format,
    path: Option<PathBuf>,
}

fn help() -> String {
    let formats: Vec<_> = FORMATS.iter().map(|format| format!("`{}` ({})", format.name, format.about)).collect();
    format!("What to write, and where; may be given several times: {}", formats.join(", "))
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((_, "")) => return Err("the path behind `=` is empty".to_owned()),
            Some((name, path)) => (name, Some(PathBuf::from(path)).filter(|path| path.as_os_str() != "-")),
            None => (text, None),
        };
        let format = Format::named(name).ok_or_else(|| {
            let names: Vec<_> = FORMATS.iter().map(|format| format!("`{}`", format.name)).collect();
            format!("`{name}` is no format; formats are {}", names.join(", "))
        })?;
        Ok(Output { format, path })
    }
}

impl Outputs {
    /// Why these outputs cannot be written side by side, if they cannot.
    pub(super) fn conflict(&self) -> Option<String> {
        for (at, output) in self.format.iter().enumerate() {
            let same = self.format.iter().take(at).find(|before| before.path == output.path);
            match (same, &output.path) {
                (Some(before), None) => {
                    return Some(format!(
                        "`{}` and `{}` cannot both go to standard output: give one of them a path, as `--format {}=PATH`",
                        before.format.name, output.format.name, output.format.name
                    ));
                }
                (Some(_), Some(path)) => return Some(format!("two reports cannot both go to `{}`", path.display())),
                (None, _) => {}
            }
        }
        None
    }

    /// Writes the report in every form that was asked for; files first, so that they are there when standard output
    /// is closed.
    ///
    /// # Errors
    /// When a file or standard output cannot be written.
    pub(super) fn write(&self, report: &Report, stream: Stream) -> Result<(), Problem> {
        let look = Look { width: WIDTH_OF_FILES, colour: self.color == Color::Always };
        for output in &self.format {
            if let Some(path) = &output.path {
                write_file(path, |out| output.format.write(report, look, out)).map_err(|error| {
                    Problem::new(format!("cannot write the report: {error}")).at(path.display().to_string())
                })?;
            }
        }
        let look = Look { width: terminal::width(), colour: self.color.on() };
        match self.format.iter().find(|output| output.path.is_none()) {
            Some(output) => {
                let write = |out: &mut dyn Write| output.format.write(report, look, out);
                match stream {
                    Stream::Output => terminal::out(write),
                    Stream::Error => terminal::aside(write),
                }
            }
            None => Ok(()),
        }
    }
}

/// Writes a file beside its place and moves it there. What is no file, such as a pipe, is written as it is.
pub(super) fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: the file that it leads to is replaced.
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if path.exists() && !path.is_file() {
        let mut out = BufWriter::new(File::options().write(true).open(&path)?);
        write(&mut out)?;
        return out.flush();
    }
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".driftline-").permissions(permissions(&path)).tempfile_in(dir)?;
    let mut out = BufWriter::new(&mut file);
    write(&mut out)?;
    out.flush()?;
    drop(out);
    file.persist(&path)?;
    Ok(())
}

/// Those of the file that is replaced, else what any new file gets: the process's mask is taken off by the system.
#[cfg(unix)]
fn permissions(path: &Path) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().map_or(Permissions::from_mode(0o666), |about| about.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_fails_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        write_file(&path, |out| out.write_all(b"first")).unwrap();
        let failed = write_file(&path, |out| {
            out.write_all(b"sec")?;
            Err(io::Error::other("full"))
        });
        assert!(failed.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("report"), dir.path().join("link"));
        std::fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_file(&link, |out| out.write_all(b"new")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn formats_are_read_with_their_paths() {
        let output: Output = "sarif=a=b.sarif".parse().unwrap();
        assert_eq!((output.format.name, output.path), ("sarif", Some("a=b.sarif".into())));
        assert!("json=-".parse::<Output>().unwrap().path.is_none());
        assert!("xml".parse::<Output>().unwrap_err().contains("`junit`"));
        assert!("json=".parse::<Output>().is_err());
    }
}
