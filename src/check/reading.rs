//! Reads the Terraform side: states, plans and source of all roots.

mod variables;

use super::claiming::{Changes, read_plan, read_state};
use super::declared::Declared;
use super::plans;
use super::request::{Request, StateAt};
use super::seen;
use super::unrecorded::{read_alone, read_new};
use crate::backends;
use crate::http::Options;
use crate::model::{Claims, Gap, Hides, Problem};
use crate::providers;
use crate::reconcile::{Root, TERRAGRUNT};
use crate::source::Overlay;
use crate::terraform::config::{Configuration, Inputs};
use crate::terraform::encryption::{Closed, Encryption, Of, is_encrypted};
use crate::terraform::plan::{self, Plan, Sources};
use crate::terraform::state::{self, State};
use crate::terraform::workdir::{self, StateBytes};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// Reads all states, plans and source that the request names.
///
/// # Errors
/// When one of them cannot be read: a verdict without it would be about something else.
pub async fn read(request: &Request) -> Result<Declared, Problem> {
    let mut declared = Declared::default();
    let mut plans = Vec::new();
    for at in &request.plans {
        let (bytes, path) = document(at)?;
        let bytes = opened_plan(request, plans.len(), bytes, &path)?;
        plans.push(plan::read(bytes, &path, &providers::secrets_of)?);
    }
    for plan in &plans {
        declared.gaps.extend(plan.gaps.iter().cloned());
    }
    let mut states = Vec::new();
    for (at, (dir, given)) in request.roots.iter().enumerate() {
        let mut source = read_source(&mut declared, request, dir, plans.get(at), &Overlay::default())?;
        let state = state_of(request, dir, given.as_ref(), plans.get(at), source.as_ref()).await?;
        if let (Some(source), Some(state)) = (&mut source, &state) {
            source.record(state);
        }
        if request.no_state && source.is_some() && plans.get(at).is_none() {
            declared.stateless.insert(at);
        }
        let blocks = source.iter().flat_map(Configuration::provider_configurations);
        declared.blocks.push(blocks.map(Arc::new).collect());
        declared.roots.push(source);
        declared.homes.push(home(request, dir, state.as_ref(), declared.configuration(at)));
        states.extend(state.map(|state| (Some(at), state)));
    }
    for at in &request.states {
        // A state without source of its own may well be encrypted as the first root module says.
        let source = declared.roots.first().and_then(Option::as_ref);
        states.push((None, read_document(document(at)?, source)?));
    }
    declared.has_record = !states.is_empty() || !plans.is_empty();
    // A plan speaks of its own root module: the same address in another one is another thing.
    let changes: Vec<_> = plans.iter().map(Changes::of).collect();
    if !plans.is_empty() || declared.roots.iter().any(Option::is_some) {
        declared.desired = Some(Claims::default());
    }
    for (root, state) in &states {
        let of_root = root.and_then(|at| changes.get(at));
        read_state(&mut declared, request, *root, state, of_root)?;
    }
    for at in plans.len()..declared.roots.len() {
        if let Some((_, state)) = states.iter().find(|(root, _)| *root == Some(at)) {
            read_new(&mut declared, request, at, state);
        } else if declared.is_stateless(Some(at)) {
            read_alone(&mut declared, request, at);
        }
    }
    declared.has_plan = !plans.is_empty();
    declared.gaps.extend(request.without_plan.iter().map(|unit| unplanned(unit)));
    for (at, plan) in plans.iter().enumerate() {
        seen::read(&mut declared, request, Some(at).filter(|at| *at < request.roots.len()), plan)?;
        let recorded_elsewhere = states.iter().any(|(root, _)| *root == Some(at));
        read_plan(&mut declared, request, Some(at).filter(|at| *at < request.roots.len()), plan, recorded_elsewhere)?;
    }
    // An instance may claim more kinds than the one that it is looked at for.
    for claims in [Some(&mut declared.recorded), declared.desired.as_mut()].into_iter().flatten() {
        keep_wanted(claims, request);
    }
    let unread = std::mem::take(&mut declared.unread);
    declared.gaps.extend(unread.into_iter().map(|(name, (count, what))| unread_type(&name, count, what)));
    let claimed = std::mem::take(&mut declared.recorded.gaps);
    declared.gaps.extend(claimed);
    Ok(declared)
}

/// Reads the source of the first root module with its state, for questions about what it says. Without a state it says
/// less: `Ok` holds the reason then.
///
/// # Errors
/// When there is no source, or a state that was named cannot be read.
pub async fn source_of(request: &Request) -> Result<(Configuration, Vec<Gap>, Option<Problem>), Problem> {
    let mut declared = Declared::default();
    let (dir, given) = request.roots.first().ok_or_else(|| Problem::new("no root module is named"))?;
    let source = read_source(&mut declared, request, dir, None, &Overlay::default())?;
    let mut source = source.ok_or_else(|| {
        Problem::new("no configuration files (`*.tf`, `*.tf.json`, `*.tofu`) in this directory")
            .help("name the directory of a root module with `--dir`")
    })?;
    let without = match state_of(request, dir, given.as_ref(), None, Some(&source)).await {
        Ok(state) => {
            state.iter().for_each(|state| source.record(state));
            None
        }
        Err(problem) if given.is_some() => return Err(problem),
        Err(problem) => Some(problem),
    };
    Ok((source, declared.gaps, without))
}

/// What the source of the first root module declares by itself, with these texts in place of what stands in its files.
///
/// # Errors
/// When there is no source, or it cannot be read.
pub fn read_source_alone(request: &Request, overlay: &Overlay) -> Result<Declared, Problem> {
    let mut declared = Declared::default();
    let (dir, _) = request.roots.first().ok_or_else(|| Problem::new("no root module is named"))?;
    let source = read_source(&mut declared, request, dir, None, overlay)?;
    let blocks = source.iter().flat_map(Configuration::provider_configurations);
    declared.blocks.push(blocks.map(Arc::new).collect());
    declared.roots.push(source);
    declared.stateless.insert(0);
    read_alone(&mut declared, request, 0);
    Ok(declared)
}

/// The root module as commands name it.
fn home(request: &Request, dir: &Path, state: Option<&State>, source: Option<&Configuration>) -> Root {
    let tool = workdir::tool(dir, request.binary.as_deref(), &workdir::Environment::of_process());
    let written_by = state.and_then(|state| state.written_by.clone());
    // Nothing else has the source and the inputs of a unit together.
    let is_unit = request.of_tree && dir.join(plans::UNIT).is_file();
    Root {
        dir: dir.display().to_string(),
        binary: if is_unit { TERRAGRUNT.to_owned() } else { tool.binary },
        is_opentofu: tool.is_opentofu,
        version: tool.pinned.or(written_by).as_deref().and_then(version),
        variables: variables::options(&request.variables, dir, source),
    }
}

/// Major and minor version.
fn version(text: &str) -> Option<(u64, u64)> {
    let mut parts = text.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    parts.next().zip(parts.next())
}

/// The bytes of a document and the name that findings give it.
fn document(at: &StateAt) -> Result<(Vec<u8>, String), Problem> {
    let path = match at {
        StateAt::StandardInput => "-".to_owned(),
        StateAt::File(path) => path.to_string_lossy().into_owned(),
        StateAt::Read { bytes, shown } => return Ok((bytes.to_vec(), shown.clone())),
    };
    workdir::input(&path, &mut std::io::stdin()).map(|read| (read.bytes, read.path))
}

/// Reads the source of one root module; `None` when there is none to read.
fn read_source(
    declared: &mut Declared,
    request: &Request,
    dir: &Path,
    plan: Option<&Plan>,
    overlay: &Overlay,
) -> Result<Option<Configuration>, Problem> {
    if request.no_source {
        return Ok(None);
    }
    let beside = plan.and_then(|plan| plan.saved.as_ref());
    let unpacked = match beside {
        // What stands in the directory is what a person edits: it goes before what the plan was made of.
        Some(beside) if !Configuration::is_in(dir) && !beside.sources.files.is_empty() => {
            Some(unpacked(&beside.sources)?)
        }
        _ if (request.root_by_default || request.of_tree) && !Configuration::is_in(dir) => return Ok(None),
        _ => None,
    };
    let data_dir = std::env::var_os("TF_DATA_DIR").filter(|value| !value.is_empty() && unpacked.is_none());
    let shown = if dir == Path::new(".") { String::new() } else { dir.display().to_string() };
    let environment = workdir::Environment::of_process();
    let of_plan = beside.and_then(|beside| beside.workspace.clone());
    let inputs = Inputs {
        workspace: of_plan.map_or_else(|| workdir::workspace_of(dir, &environment), Ok)?,
        environment: environment.variables(),
        given: request.variables.clone(),
        planned: plan.map(|plan| plan.variables.0.clone()).unwrap_or_default(),
    };
    let from = unpacked.as_ref().map_or(dir, TempDir::path);
    let data_dir = data_dir.as_deref().map(Path::new);
    let (mut configuration, gaps) = Configuration::load_with(from, &shown, data_dir, &inputs, overlay)?;
    declared.unpacked.extend(unpacked);
    configuration.compute(providers::computed());
    declared.gaps.extend(gaps);
    Ok(Some(configuration))
}

/// The source that a saved plan was made of, in a directory of its own that only this user may enter.
fn unpacked(sources: &Sources) -> Result<TempDir, Problem> {
    let written = || -> std::io::Result<TempDir> {
        let dir = tempfile::Builder::new().prefix("driftline-").tempdir()?;
        let manifest = (".terraform/modules/modules.json".to_owned(), sources.manifest.clone());
        for (name, text) in sources.files.clone().into_iter().chain([manifest]) {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(dir.path()))?;
            std::fs::write(path, text)?;
        }
        Ok(dir)
    };
    written().map_err(|error| {
        Problem::new(format!("there is no room for the source inside of the plan: {error}"))
            .at(std::env::temp_dir().display().to_string())
            .help("set `TMPDIR` to a directory that can be written, or look without lines with `--no-source`")
    })
}

/// The state of a root: the one given for it, else the one that its plan was made on, else its own. With a plan at hand a root without a state of its own is
/// judged on what the plan records.
async fn state_of(
    request: &Request,
    dir: &Path,
    given: Option<&StateAt>,
    plan: Option<&Plan>,
    source: Option<&Configuration>,
) -> Result<Option<State>, Problem> {
    if let Some(at) = given {
        return read_document(document(at)?, source).map(Some);
    }
    if let Some(beside) = plan.and_then(|plan| plan.saved.as_ref()).filter(|_| !request.no_state) {
        let path = format!("{} (tfstate-prev)", beside.path);
        return state::read(beside.state.clone(), &path, &providers::secrets_of).map(Some);
    }
    // A unit of Terragrunt keeps its state where its copy of the source says; its plan says what was recorded.
    if request.of_tree || request.no_state || (request.root_by_default && !request.states.is_empty()) {
        return Ok(None);
    }
    let found = backends::state_of(&backends::Root {
        dir,
        declared: source.and_then(Configuration::backend),
        binary: request.binary.as_deref(),
        environment: &workdir::Environment::of_process(),
        sending: backends::Sending {
            options: Options { ca_file: request.ca_file.clone(), ..Options::default() }.within(request.timeout),
            ..backends::Sending::default()
        },
    })
    .await;
    match found {
        Ok(found) => read_own(request, dir, found, source).await.map(Some),
        Err(problem) => match plan {
            Some(_) => Ok(None),
            None => Err(problem),
        },
    }
}

/// A plan in clear: one that OpenTofu encrypted is opened as its root module says.
fn opened_plan(request: &Request, at: usize, bytes: Vec<u8>, path: &str) -> Result<Vec<u8>, Problem> {
    if !is_encrypted(&bytes) {
        return Ok(bytes);
    }
    let root = request.roots.get(at).filter(|(dir, _)| Configuration::is_in(dir));
    let source = root
        .map(|(dir, _)| read_source(&mut Declared::default(), request, dir, None, &Overlay::default()))
        .transpose()?
        .flatten();
    encryption(source.as_ref())?.open(bytes, Of::Plan).map_err(|closed| match closed {
        Closed::Problem(problem) => problem.at(path),
        Closed::NeedsTofu(why) => Problem::new(format!("the plan is encrypted by OpenTofu: {why}"))
            .at(path)
            .help("give what `tofu show -json PLAN` prints in its root module"),
    })
}

/// A state that was given.
fn read_document((bytes, path): (Vec<u8>, String), source: Option<&Configuration>) -> Result<State, Problem> {
    let opened = encryption(source)?.open(bytes, Of::State).map_err(|closed| match closed {
        Closed::Problem(problem) => problem.at(&*path),
        Closed::NeedsTofu(why) => Problem::new(format!("the state is encrypted by OpenTofu: {why}"))
            .at(&*path)
            .help("give what `tofu state pull` prints in its root module"),
    })?;
    state::read(opened, &path, &providers::secrets_of)
}

/// A root module's own state. Where only OpenTofu itself can ask for the key, it is asked for the state.
async fn read_own(
    request: &Request,
    dir: &Path,
    found: StateBytes,
    source: Option<&Configuration>,
) -> Result<State, Problem> {
    let StateBytes { bytes, path } = found;
    let opened = match encryption(source)?.open(bytes, Of::State) {
        Ok(bytes) => bytes,
        Err(Closed::Problem(problem)) => return Err(problem.at(path)),
        Err(Closed::NeedsTofu(why)) => {
            let environment = workdir::Environment::of_process();
            // Terraform knows no encryption.
            let binary = request.binary.as_deref().unwrap_or("tofu");
            let pulled = workdir::pulled(dir, Some(binary), &environment).await;
            pulled.map_err(|problem| Problem { message: format!("{why}: {}", problem.message), ..problem })?.bytes
        }
    };
    state::read(opened, &path, &providers::secrets_of)
}

fn encryption(source: Option<&Configuration>) -> Result<Encryption, Problem> {
    let environment = workdir::Environment::of_process();
    let variable = environment.get("TF_ENCRYPTION").map(OsStr::to_string_lossy);
    source.map_or_else(|| Ok(Encryption::default()), |source| source.encryption(variable.as_deref()))
}

fn unplanned(unit: &Path) -> Gap {
    Gap {
        code: "unit_without_plan".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Claims { kinds: Vec::new() },
        reason: format!("the directory of plans holds none of the unit `{}`", unit.display()),
        hint: "look at how its plan ended: the exit code of a run over many units does not tell".to_owned(),
        location: None,
    }
}

fn unread_type(name: &str, count: usize, what: &str) -> Gap {
    Gap {
        code: "type_not_read".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Unread(what.to_owned()),
        reason: format!("{count} declared `{name}` and this version does not read that type"),
        hint: "look at them with `terraform plan -refresh-only`".to_owned(),
        location: None,
    }
}

fn keep_wanted(claims: &mut Claims, request: &Request) {
    claims.claims.retain(|claim| request.wants(claim.kind));
    claims.sweeps.retain(|sweep| request.wants(sweep.claim.kind));
    claims.authorities.retain(|authority| request.wants(authority.kind));
    claims.gaps.retain_mut(|gap| match &mut gap.hides {
        Hides::Claims { kinds } if !kinds.is_empty() => {
            kinds.retain(|kind| request.wants(kind));
            !kinds.is_empty()
        }
        _ => true,
    });
}

#[cfg(test)]
mod tests;
