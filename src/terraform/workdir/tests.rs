//! Directories as `init` leaves them, with a stand-in for the binary.

#![allow(clippy::unwrap_used)]

use super::*;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// The state of a directory by what `init` noted alone.
async fn state_of(dir: &Path, binary: Option<&str>, environment: &Environment) -> Result<StateBytes, Problem> {
    check(dir)?;
    let workspace = workspace_of(dir, environment)?;
    let text = |settings: &serde_json::Map<String, serde_json::Value>, name: &str| {
        settings.get(name).and_then(|value| value.as_str()).map(str::to_owned)
    };
    match noted(dir, environment)? {
        None => local(dir, &Local::default(), &workspace),
        Some(Noted { kind, settings }) if kind == "local" => {
            let (path, workspace_dir) = (text(&settings, "path"), text(&settings, "workspace_dir"));
            local(dir, &Local { path, workspace_dir }, &workspace)
        }
        Some(Noted { kind, .. }) => pull(dir, &kind, binary, environment).await,
    }
}

/// A directory with these files.
fn root(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

async fn fetch(dir: &TempDir, environment: &Environment) -> Result<String, Problem> {
    let state = state_of(dir.path(), None, environment).await?;
    let path = PathBuf::from(state.path);
    let path = path.strip_prefix(dir.path()).unwrap().display().to_string();
    Ok(format!("{path}: {}", String::from_utf8(state.bytes).unwrap()))
}

const S3: (&str, &str) = (".terraform/terraform.tfstate", r#"{"version":3,"backend":{"type":"s3","config":{}}}"#);

#[tokio::test]
async fn without_a_backend_the_state_is_the_local_file_of_the_workspace() {
    let files = [
        ("terraform.tfstate", "default"),
        ("terraform.tfstate.d/dev/terraform.tfstate", "dev"),
        ("terraform.tfstate.d/prod/terraform.tfstate", "prod"),
        ("data/environment", "prod"),
    ];
    let none = Environment::default();
    let dir = root(&files);
    assert_eq!(fetch(&dir, &none).await.unwrap(), "terraform.tfstate: default");
    let selected = none.clone().with("TF_DATA_DIR", "data");
    assert_eq!(fetch(&dir, &selected).await.unwrap(), "terraform.tfstate.d/prod/terraform.tfstate: prod");
    let told = selected.with("TF_WORKSPACE", "dev");
    assert_eq!(fetch(&dir, &told).await.unwrap(), "terraform.tfstate.d/dev/terraform.tfstate: dev");
    let missing = fetch(&dir, &none.clone().with("TF_WORKSPACE", "gone")).await.unwrap_err();
    assert_eq!(missing.message, "the root module has no state in the workspace `gone`");
    assert!(missing.help.unwrap().contains("--state"));
    let outside = fetch(&dir, &none.with("TF_WORKSPACE", "../x")).await.unwrap_err();
    assert_eq!(outside.message, "`../x` is not a name of a workspace");
}

#[tokio::test]
async fn the_local_backend_says_where_its_files_are() {
    let note =
        r#"{"version":3,"backend":{"type":"local","config":{"path":"here.json","workspace_dir":"ws"},"hash":1}}"#;
    let dir = root(&[(".terraform/terraform.tfstate", note), ("here.json", "h"), ("ws/dev/terraform.tfstate", "d")]);
    assert_eq!(fetch(&dir, &Environment::default()).await.unwrap(), "here.json: h");
    let dev = Environment::default().with("TF_WORKSPACE", "dev");
    assert_eq!(fetch(&dir, &dev).await.unwrap(), "ws/dev/terraform.tfstate: d");
    let unset = r#"{"version":3,"backend":{"type":"local","config":{"path":null,"workspace_dir":null}}}"#;
    let dir = root(&[(".terraform/terraform.tfstate", unset), ("terraform.tfstate", "x")]);
    assert_eq!(fetch(&dir, &Environment::default()).await.unwrap(), "terraform.tfstate: x");
}

#[tokio::test]
async fn no_state_is_a_problem_and_not_an_empty_state() {
    for files in [&[("main.tf", "")][..], &[("terraform.tfstate", "")][..]] {
        let problem = fetch(&root(files), &Environment::default()).await.unwrap_err();
        assert!(problem.message.contains("has no state in the workspace `default`"));
        assert!(problem.help.unwrap().contains("terraform init"));
    }
    let problem = state_of("no/such/dir".as_ref(), None, &Environment::default()).await.unwrap_err();
    assert_eq!(problem.message, "`no/such/dir` is not a directory");
    let note = r#"{"version":3,"backend":{"type":7,"config":{"password":"hunter2"}}}"#;
    let problem = fetch(&root(&[(".terraform/terraform.tfstate", note)]), &Environment::default()).await.unwrap_err();
    assert!(problem.message.contains("which backend is in use") && !problem.to_string().contains("hunter2"));
}

#[test]
fn a_named_file_or_standard_input_is_read() {
    let dir = root(&[("s.json", "file")]);
    let path = dir.path().join("s.json").display().to_string();
    assert_eq!(input(&path, &mut "typed".as_bytes()).unwrap().bytes, b"file");
    let typed = input("-", &mut "typed".as_bytes()).unwrap();
    assert_eq!((typed.bytes.as_slice(), typed.path.as_str()), (&b"typed"[..], "-"));
    let problem = input("no/such/file", &mut "".as_bytes()).unwrap_err();
    assert!(problem.message.starts_with("the file cannot be read: ") && problem.help.is_some());
}

#[cfg(unix)]
mod with_a_binary {
    use super::*;

    /// A directory for the `PATH` with the stand-in under these names. A link, because a file just written may still
    /// be open in a process that another test is starting, and could then not be started itself.
    fn bin(names: &[&str]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        let stand_in = fs::canonicalize("testdata/terraform/workdir/stand_in").unwrap();
        for name in names {
            std::os::unix::fs::symlink(&stand_in, dir.path().join(name)).unwrap();
        }
        dir
    }

    fn on_path(bin: &TempDir) -> Environment {
        Environment::default().with("PATH", bin.path())
    }

    /// Which binary was called.
    async fn called(files: &[(&str, &str)], asked: Option<&str>, environment: &Environment) -> Result<String, Problem> {
        let dir = root(&[files, &[S3]].concat());
        let state = state_of(dir.path(), asked, environment).await?;
        let text = String::from_utf8(state.bytes).unwrap();
        Ok(text.split_once("called ").unwrap().1.split(' ').next().unwrap().to_owned())
    }

    #[tokio::test]
    async fn the_state_of_another_backend_is_pulled() {
        let bin = bin(&["terraform"]);
        let environment = on_path(&bin)
            .with("TF_CLI_ARGS", "-x")
            .with("TF_CLI_ARGS_state_pull", "-y")
            .with("TF_LOG", "trace")
            .with("TF_LOG_PATH", "/tmp/log")
            .with("TF_INPUT", "1")
            .with("TF_WORKSPACE", "dev")
            .with("AWS_PROFILE", "audit");
        let dir = root(&[S3]);
        let state = state_of(dir.path(), None, &environment).await.unwrap();
        assert_eq!(state.path, dir.path().display().to_string());
        let name = dir.path().file_name().unwrap().display();
        assert_eq!(
            String::from_utf8(state.bytes).unwrap(),
            format!(
                "TF_IN_AUTOMATION=1\nTF_INPUT=0\nCHECKPOINT_DISABLE=1\nTF_CLI_ARGS=unset\n\
                 TF_CLI_ARGS_state_pull=unset\nTF_LOG=unset\nTF_LOG_PATH=unset\nTF_WORKSPACE=dev\nAWS_PROFILE=audit\n\
                 called terraform state pull -no-color in {name}, input closed\n"
            )
        );
    }

    #[tokio::test]
    async fn the_binary_is_the_one_asked_for_else_the_one_the_directory_is_for() {
        let (both, only_tofu) = (bin(&["terraform", "tofu", "mine"]), bin(&["tofu"]));
        let both_on_path = on_path(&both);
        let plain = [("main.tf", "")];
        assert_eq!(called(&plain, None, &both_on_path).await.unwrap(), "terraform");
        assert_eq!(called(&plain, None, &on_path(&only_tofu)).await.unwrap(), "tofu");
        for file in [".opentofu-version", "main.tofu", "a.tofu.json"] {
            assert_eq!(called(&[(file, "")], None, &both_on_path).await.unwrap(), "tofu");
        }
        let set = both_on_path.clone().with("DRIFTLINE_TF_BIN", "mine");
        assert_eq!(called(&[("main.tofu", "")], None, &set).await.unwrap(), "mine");
        assert_eq!(called(&plain, Some("tofu"), &set).await.unwrap(), "tofu");
        let path = both.path().join("mine").display().to_string();
        assert_eq!(called(&plain, Some(&path), &Environment::default()).await.unwrap(), "mine");
    }

    #[tokio::test]
    async fn a_binary_that_is_not_there_is_named() {
        let (none, terraform) = (bin(&[]), bin(&["terraform"]));
        let message = |result: Result<String, Problem>| {
            let problem = result.unwrap_err();
            assert!(
                problem.help.unwrap().contains("DRIFTLINE_TF_BIN") && problem.place.unwrap().contains("backend `s3`")
            );
            problem.message
        };
        let why = "on the PATH, and is needed here";
        let neither = message(called(&[], None, &on_path(&none)).await);
        assert_eq!(neither, format!("neither `terraform` nor `tofu` is {why}"));
        let tofu = message(called(&[("x.tofu", "")], None, &on_path(&terraform)).await);
        assert_eq!(tofu, format!("`tofu`, which the root module is written for, is not {why}"));
        let asked = message(called(&[], Some("./no/such"), &on_path(&terraform)).await);
        assert_eq!(asked, format!("`./no/such` is not {why}"));
        // A relative entry of the PATH could lead into the root module.
        let relative = Environment::default().with("PATH", "testdata/terraform/workdir");
        assert!(called(&[], Some("stand_in"), &relative).await.is_err());
    }

    #[tokio::test]
    async fn a_failed_or_empty_pull_is_a_problem() {
        let bin = bin(&["tofu"]);
        let dir = root(&[S3]);
        let problem = fetch(&dir, &on_path(&bin).with("STAND_IN", "fail")).await.unwrap_err();
        assert_eq!(
            problem.message,
            "`tofu state pull` failed (exit status: 3):\n\u{1b}[31mError:\u{1b}[0m no such bucket\n  in eu-1"
        );
        assert!(problem.help.unwrap().contains("`tofu state pull`"));
        for nothing in ["empty", "unwritten"] {
            let problem = fetch(&dir, &on_path(&bin).with("STAND_IN", nothing)).await.unwrap_err();
            assert!(problem.message.contains("has no state in the workspace `default`"));
        }
    }
}
