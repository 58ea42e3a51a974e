//! The variables that this run was given, as options of the runs of Terraform that follow from it.

use crate::model::RunOption;
use crate::reconcile::shell_word;
use crate::terraform::config::{Configuration, Given};
use crate::terraform::edit::is_secret_name;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The options for the root module in `dir`. Terraform refuses `-var` for a variable that is not declared, so such ones are
/// left out where the source tells.
pub(super) fn options(given: &[Given], dir: &Path, source: Option<&Configuration>) -> Arc<[RunOption]> {
    if given.is_empty() {
        return Arc::default();
    }
    let declared = source.map(Configuration::variables);
    let option = |given: &Given| match given {
        Given::File(path) => {
            let option = format!("-var-file={}", seen_from(dir, path).display());
            let shown = shell_word(&option);
            Some(RunOption::new(option, shown))
        }
        Given::Variable { name, text } => {
            let is_sensitive = match &declared {
                Some(declared) => *declared.get(name)?,
                None => false,
            };
            let option = format!("-var={name}={text}");
            let shown = match is_sensitive || is_secret_name(name) {
                true => format!("\"-var={name}=${{TF_VAR_{name}:?}}\""),
                false => shell_word(&option),
            };
            Some(RunOption::new(option, shown))
        }
    };
    given.iter().filter_map(option).collect()
}

/// A file as Terraform has to be told of it where it runs in another directory (`-chdir`).
fn seen_from(dir: &Path, file: &Path) -> PathBuf {
    let (true, Ok(from), Ok(to)) = (file.is_relative(), dir.canonicalize(), std::path::absolute(file)) else {
        return file.to_owned();
    };
    // The links on the way to the file count, those of its own name do not.
    let parent = to.parent().and_then(|parent| parent.canonicalize().ok());
    let Some(to) = parent.zip(to.file_name()).map(|(parent, name)| parent.join(name)) else { return file.to_owned() };
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn given(name: &str, text: &str) -> Given {
        Given::Variable { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_file_is_named_from_where_terraform_runs() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["roots/iam", "values"] {
            fs::create_dir_all(dir.path().join(name)).unwrap();
        }
        let here = std::env::current_dir().unwrap();
        let up: PathBuf = here.components().skip(1).map(|_| Component::ParentDir).collect();
        let inside = |name: &str| up.join(dir.path().strip_prefix("/").unwrap()).join(name);
        let seen = |from: &str, to: &str| seen_from(&inside(from), &inside(to)).display().to_string();
        assert_eq!(seen("roots/iam", "values/live.tfvars"), "../../values/live.tfvars");
        assert_eq!(seen("roots/iam", "roots/iam/live.tfvars"), "live.tfvars");
        assert_eq!(seen_from(Path::new("."), Path::new("/a/b.tfvars")), Path::new("/a/b.tfvars"));
    }

    #[test]
    fn a_secret_is_named_and_not_shown() {
        let all = [given("region", "eu west"), given("db_password", "canary")];
        let options = options(&all, Path::new("."), None);
        assert_eq!(options[0].shown, "'-var=region=eu west'");
        assert_eq!(options[1].shown, "\"-var=db_password=${TF_VAR_db_password:?}\"");
        assert_eq!(options[1].given(), "-var=db_password=canary");
        assert!(!format!("{options:?}").contains("canary"));
    }
}
