//! Files as forges name them: from the repository's root, whatever directory the run was in.

use crate::model::{Finding, Gap, Location};
use std::path::{Component, Path, PathBuf};
use unicode_segmentation::UnicodeSegmentation;

/// Directories that the tools write.
const WRITTEN: [&str; 3] = [".terraform", ".terragrunt-cache", ".terragrunt-stack"];

/// Where a run stands in its repository.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The repository's root; where there is none, the directory of the run.
    pub root: PathBuf,
    /// The directory of the run: paths in findings are relative to it.
    pub here: PathBuf,
    /// The root modules, as they were named.
    pub modules: Vec<PathBuf>,
    /// A file that is there, as findings name files: stands in for the line of what no line declares.
    pub anchor: Option<String>,
}

/// A place in a file of the repository.
pub struct Spot<'a> {
    /// From the repository's root, with `/`.
    pub path: String,
    /// Line, when the file was read there; none when the file only stands in.
    pub line: Option<usize>,
    /// The exact place, when it is the finding's own.
    pub exact: Option<&'a Location>,
}

/// What a format counts columns in.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Utf8,
    Utf16,
}

impl Tree {
    /// The path from the repository's root, if it lies below.
    pub fn path(&self, shown: impl AsRef<Path>) -> Option<String> {
        let mut plain = PathBuf::new();
        for part in self.here.join(shown).components() {
            match part {
                Component::ParentDir if plain.file_name().is_some() => drop(plain.pop()),
                Component::ParentDir => return None,
                Component::CurDir => {}
                part => plain.push(part),
            }
        }
        let below = plain.strip_prefix(&self.root).ok().filter(|below| below.is_relative())?;
        let parts: Option<Vec<_>> = below.components().map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// What tells runs over different root modules of one repository apart.
    pub(super) fn name(&self) -> String {
        let names: Vec<_> = self.modules.iter().filter_map(|dir| self.path(dir)).collect();
        names.join("+")
    }

    /// Where to show a finding: at its line or, when that is in a downloaded module, at the nearest line of the chain
    /// that is the repository's own; else at the file that stands in.
    pub fn spot<'a>(&self, finding: &'a Finding) -> Option<Spot<'a>> {
        let exact = finding.location.as_ref().and_then(|location| self.exact(location));
        let nearest = || finding.related.iter().find_map(|place| Some((self.own(&place.path)?, place.line)));
        exact
            .or_else(|| nearest().map(|(path, line)| Spot { path, line: Some(line), exact: None }))
            .or_else(|| self.stand_in())
    }

    /// Where to show a gap.
    pub(super) fn spot_of_gap<'a>(&self, gap: &'a Gap) -> Option<Spot<'a>> {
        gap.location.as_ref().and_then(|location| self.exact(location)).or_else(|| self.stand_in())
    }

    fn exact<'a>(&self, location: &'a Location) -> Option<Spot<'a>> {
        Some(Spot { path: self.own(&location.path)?, line: Some(location.line), exact: Some(location) })
    }

    fn stand_in(&self) -> Option<Spot<'static>> {
        Some(Spot { path: self.own(self.anchor.as_ref()?)?, line: None, exact: None })
    }

    /// The path of a file that is kept in the repository: what `init` downloads and Terragrunt writes is not.
    fn own(&self, shown: &str) -> Option<String> {
        let path = self.path(shown)?;
        let written = path.split('/').any(|part| WRITTEN.contains(&part));
        (!written && !path.is_empty()).then_some(path)
    }
}

/// First column and the column behind the last, in the unit; none where the lines are not at hand.
pub(super) fn columns(location: &Location, unit: Unit) -> Option<(usize, usize)> {
    let last = location.end_line.checked_sub(location.line)?;
    let start = column(location.excerpt.first()?, location.column, unit)?;
    let end = column(location.excerpt.get(last)?, location.end_column, unit)?;
    (last > 0 || end >= start).then_some((start, end))
}

/// A column counted in grapheme clusters, as [`crate::source::Position`] has it, in another unit; both from 1.
fn column(line: &str, column: usize, unit: Unit) -> Option<usize> {
    let before = line.trim_start_matches('\u{feff}').graphemes(true).take(column.checked_sub(1)?);
    let width = |cluster: &str| match unit {
        Unit::Utf8 => cluster.len(),
        Unit::Utf16 => cluster.encode_utf16().count(),
    };
    Some(before.map(width).sum::<usize>() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn tree() -> Tree {
        Tree {
            root: "/repo".into(),
            here: "/repo/infra/identity".into(),
            modules: vec![".".into()],
            anchor: Some("main.tf".to_owned()),
        }
    }

    #[test]
    fn paths_are_those_of_the_repository() {
        let path = |shown: &str| tree().path(shown);
        assert_eq!(path("main.tf").as_deref(), Some("infra/identity/main.tf"));
        assert_eq!(path("../../modules/team/./roles.tf").as_deref(), Some("modules/team/roles.tf"));
        assert_eq!(path("/repo/x.tf").as_deref(), Some("x.tf"));
        assert_eq!(path("../../../elsewhere/x.tf"), None);
        assert_eq!(path("/etc/x.tf"), None);
        assert_eq!(tree().name(), "infra/identity");
    }

    #[test]
    fn a_line_of_a_downloaded_module_is_shown_at_its_call() {
        let mut finding = samples::session_length();
        for path in [".terraform/modules/team/roles.tf", ".terragrunt-stack/team/main.tf"] {
            finding.location.as_mut().unwrap().path = path.to_owned();
            let spot = tree().spot(&finding).unwrap();
            assert_eq!((spot.path.as_str(), spot.line), ("infra/identity/main.tf", Some(3)));
            assert!(spot.exact.is_none());
        }
        let unmanaged = samples::admin();
        let spot = tree().spot(&unmanaged).unwrap();
        assert_eq!((spot.path.as_str(), spot.line), ("infra/identity/main.tf", None));
        assert!(Tree { anchor: None, ..tree() }.spot(&unmanaged).is_none());
    }

    #[test]
    fn columns_are_counted_as_the_format_counts_them() {
        let mut location = samples::session_length().location.unwrap();
        location.excerpt = vec!["x = \"e\u{301}😀\" # y".to_owned()];
        (location.column, location.end_column) = (5, 9);
        assert_eq!(columns(&location, Unit::Utf8), Some((5, 14)));
        assert_eq!(columns(&location, Unit::Utf16), Some((5, 11)));
        location.excerpt.clear();
        assert_eq!(columns(&location, Unit::Utf8), None);
    }
}
