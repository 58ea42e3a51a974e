//! The Terraform side: states, plans and source of all roots, turned into claims.

use super::request::{Request, StateAt};
use super::scopes::{Accounts, Leads};
use crate::model::{
    Address, Claims, Configured, Gap, Hides, Instance, InstanceRef, Key, Problem, ProviderConfiguration, ProviderRef,
    ProviderUse, StateRef, Value,
};
use crate::providers::{self, Provider, ResourceType, Used};
use crate::report::Layer;
use crate::terraform::config::Configuration;
use crate::terraform::plan::{self, Change, Desired, Plan};
use crate::terraform::state::{self, State};
use crate::terraform::workdir;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Everything that is declared.
#[derive(Default)]
pub struct Declared {
    pub recorded: Claims,
    /// What plans want; of things that no plan speaks of, what is recorded.
    pub desired: Option<Claims>,
    pub gaps: Vec<Gap>,
    pub accounts: Accounts,
    roots: Vec<Option<Configuration>>,
    /// Provider blocks of each root.
    blocks: Vec<Vec<Arc<ProviderConfiguration>>>,
    /// Provider configurations that claims are managed with.
    used: BTreeSet<ProviderUse>,
    /// Provider configurations that stand for several of their provider, because the state does not name aliases.
    ambiguous: BTreeSet<ProviderUse>,
    /// Sources of the providers that manage any object, whatever its type.
    sources: BTreeSet<String>,
    /// Instances of types that declare access and that nothing here reads, by type.
    unread: BTreeMap<String, (usize, &'static str)>,
}

impl Declared {
    /// The source of a root, when it was read.
    pub fn configuration(&self, root: usize) -> Option<&Configuration> {
        self.roots.get(root)?.as_ref()
    }

    /// What findings are judged on.
    pub fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![Layer::Recorded, Layer::Live];
        if self.desired.is_some() {
            layers.insert(0, Layer::Desired);
        }
        if self.roots.iter().any(Option::is_some) {
            layers.push(Layer::Source);
        }
        layers
    }

    /// Whether a state, a plan or a provider block speaks of this system.
    pub fn speaks_of(&self, provider: &dyn Provider) -> bool {
        let of_system = |source: &str| provider.sources().contains(&source);
        self.sources.iter().any(|source| of_system(source))
            || self.blocks.iter().flatten().any(|block| of_system(&block.provider.source))
    }

    /// The provider configurations of this system that something claimed is managed with; where nothing is claimed,
    /// those that the source declares.
    pub fn configurations_of(&self, provider: &dyn Provider) -> Vec<Used> {
        let of_system = |name: &ProviderRef| provider.sources().contains(&name.source.as_str());
        let used = self.used.iter().filter(|used| of_system(&used.provider));
        let used: Vec<_> = used
            .map(|used| Used {
                of: used.clone(),
                block: self.block_of(used.root, &used.provider).cloned(),
                accounts: self.accounts.of_use(used),
            })
            .collect();
        if !used.is_empty() {
            return used;
        }
        let blocks = self.blocks.iter().enumerate().flat_map(|(root, blocks)| blocks.iter().map(move |b| (root, b)));
        blocks
            .filter(|(_, block)| of_system(&block.provider))
            .map(|(root, block)| Used {
                of: ProviderUse { root: Some(root), provider: block.provider.clone() },
                block: Some(block.clone()),
                accounts: Vec::new(),
            })
            .collect()
    }

    /// Which provider configurations decide the account of what is managed with them.
    pub(super) fn leads(&self) -> Leads {
        Leads { used: self.used.clone(), ambiguous: self.ambiguous.clone() }
    }

    /// Ids and keys of everything that is claimed.
    pub fn names(&self) -> BTreeSet<(&'static str, Key)> {
        let sides = [Some(&self.recorded), self.desired.as_ref()];
        let claims = sides.into_iter().flatten().flat_map(|side| &side.claims);
        claims.map(|claim| (claim.kind.id, claim.key.clone())).collect()
    }

    fn block_of(&self, root: Option<usize>, name: &ProviderRef) -> Option<&Arc<ProviderConfiguration>> {
        self.blocks.get(root?)?.iter().find(|block| {
            block.provider.alias == name.alias
                && block.provider.module == name.module
                && block.provider.local_name() == name.local_name()
        })
    }
}

/// Reads all states, plans and source that the request names.
///
/// # Errors
/// When one of them cannot be read: a verdict without it would be about something else.
pub async fn read(request: &Request) -> Result<Declared, Problem> {
    let mut declared = Declared::default();
    let mut plans = Vec::new();
    for at in &request.plans {
        let (bytes, path) = document(at)?;
        plans.push(plan::read(bytes, &path, &providers::secrets_of)?);
    }
    for plan in &plans {
        declared.gaps.extend(plan.gaps.iter().cloned());
    }
    let mut states = Vec::new();
    for (at, (dir, given)) in request.roots.iter().enumerate() {
        read_source(&mut declared, request, dir)?;
        let source = declared.configuration(at);
        let state = state_of(request, dir, given.as_ref(), plans.get(at), source).await?;
        states.extend(state.map(|state| (Some(at), state)));
    }
    for at in &request.states {
        let (bytes, path) = document(at)?;
        states.push((None, state::read(bytes, &path, &providers::secrets_of)?));
    }
    // A plan speaks of its own root module: the same address in another one is another thing.
    let (changes, none) = (plans.iter().map(Changes::of).collect::<Vec<_>>(), Changes::default());
    if !plans.is_empty() {
        declared.desired = Some(Claims::default());
    }
    for (root, state) in &states {
        let of_root = root.and_then(|at| changes.get(at)).unwrap_or(&none);
        read_state(&mut declared, request, *root, state, of_root)?;
    }
    for (at, plan) in plans.iter().enumerate() {
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

/// The bytes of a document and the name that findings give it.
fn document(at: &StateAt) -> Result<(Vec<u8>, String), Problem> {
    let path = match at {
        StateAt::StandardInput => "-".to_owned(),
        StateAt::File(path) => path.to_string_lossy().into_owned(),
    };
    workdir::input(&path, &mut std::io::stdin()).map(|read| (read.bytes, read.path))
}

/// Reads the source of one root module.
fn read_source(declared: &mut Declared, request: &Request, dir: &Path) -> Result<(), Problem> {
    let none = request.no_source || (request.root_by_default && !Configuration::is_in(dir));
    if none {
        declared.roots.push(None);
        declared.blocks.push(Vec::new());
        return Ok(());
    }
    let data_dir = std::env::var_os("TF_DATA_DIR").filter(|value| !value.is_empty());
    let shown = if dir == Path::new(".") { String::new() } else { dir.display().to_string() };
    let (configuration, gaps) = Configuration::load(dir, &shown, data_dir.as_deref().map(Path::new))?;
    declared.gaps.extend(gaps);
    declared.blocks.push(configuration.provider_configurations().into_iter().map(Arc::new).collect());
    declared.roots.push(Some(configuration));
    Ok(())
}

/// The state of a root: the one given for it, else its own. With a plan at hand a root without a state of its own is
/// judged on what the plan records.
async fn state_of(
    request: &Request,
    dir: &Path,
    given: Option<&StateAt>,
    plan: Option<&Plan>,
    source: Option<&Configuration>,
) -> Result<Option<State>, Problem> {
    if let Some(at) = given {
        let (bytes, path) = document(at)?;
        return state::read(bytes, &path, &providers::secrets_of).map(Some);
    }
    if request.root_by_default && !request.states.is_empty() {
        return Ok(None);
    }
    let environment = workdir::Environment::of_process();
    let found = match source.and_then(Configuration::backend) {
        // A file that lies there is left over from before: Terraform itself refuses to use it.
        Some(backend) if !workdir::is_initialised(dir, &environment) => Err(not_initialised(dir, &backend)),
        _ => workdir::state_of(dir, request.binary.as_deref(), &environment).await,
    };
    match found {
        Ok(found) => state::read(found.bytes, &found.path, &providers::secrets_of).map(Some),
        Err(problem) => match plan {
            Some(_) => Ok(None),
            None => Err(problem),
        },
    }
}

fn not_initialised(dir: &Path, backend: &str) -> Problem {
    Problem::new(format!("the source keeps its state in backend `{backend}`, and the directory is not initialised"))
        .at(dir.display().to_string())
        .help("run `terraform init` there first, or give the state with `--state`")
}

/// The planned changes by the address that a state knows them by.
#[derive(Default)]
struct Changes<'a>(BTreeMap<(&'a Address, Option<&'a str>), &'a Change>);

impl<'a> Changes<'a> {
    fn of(plan: &'a Plan) -> Self {
        Changes(
            plan.changes()
                .map(|change| {
                    let recorded_as = change.previous_address.as_ref().unwrap_or(&change.address);
                    ((recorded_as, change.deposed.as_deref()), change)
                })
                .collect(),
        )
    }

    fn on(&self, address: &Address, deposed: Option<&str>) -> Option<&'a Change> {
        self.0.get(&(address, deposed)).copied()
    }
}

/// Claims of every object of a state, and what the plan wants of it.
fn read_state(
    declared: &mut Declared,
    request: &Request,
    root: Option<usize>,
    state: &State,
    changes: &Changes<'_>,
) -> Result<(), Problem> {
    for object in state.objects() {
        declared.sources.insert(object.provider.source.clone());
        let name = object.address.resource_type.as_str();
        let Some((provider, of)) = providers::resource_type(name) else {
            note_unread(declared, name);
            continue;
        };
        let about = About {
            address: &object.address,
            provider: &object.provider,
            state: Some(state.reference.clone()),
            root,
            deposed: object.deposed.clone(),
            tainted: object.tainted,
        };
        let recorded = instance(declared, &about, object.attributes()?);
        if let Some(account) = provider.scope_of(&recorded.attributes) {
            declared.accounts.note(&recorded.by, account);
        }
        note_used(declared, root, &object.provider, state.names_aliases);
        // What is not looked at tells all the same which account is meant.
        if !wanted(request, of) {
            continue;
        }
        (of.claims)(&recorded, &mut declared.recorded);
        if declared.desired.is_some() {
            let change = changes.on(&object.address, object.deposed.as_deref());
            want(declared, of, change, &about, &recorded)?;
        }
    }
    Ok(())
}

/// Notes which provider configuration manages an object; any of the root's, where the state does not name aliases.
fn note_used(declared: &mut Declared, root: Option<usize>, provider: &ProviderRef, names_aliases: bool) {
    let own = ProviderUse { root, provider: provider.clone() };
    if !names_aliases && let Some(blocks) = root.and_then(|root| declared.blocks.get(root)) {
        let of_provider = blocks.iter().filter(|block| block.provider.local_name() == provider.local_name());
        let names: Vec<_> = of_provider.map(|block| block.provider.clone()).collect();
        if names.len() > 1 {
            declared.ambiguous.insert(own.clone());
        }
        declared.used.extend(names.into_iter().map(|name| ProviderUse { root, provider: name }));
    }
    let of_provider = |used: &ProviderUse| used.root == root && used.provider.local_name() == provider.local_name();
    if names_aliases || !declared.used.iter().any(of_provider) {
        declared.used.insert(own);
    }
}

/// What is wanted of an object that a state records.
fn want(
    declared: &mut Declared,
    of: &ResourceType,
    change: Option<&Change>,
    about: &About<'_>,
    recorded: &Instance,
) -> Result<(), Problem> {
    let wanted = match change {
        None => recorded.clone(),
        Some(change) => match change.desired()? {
            Desired::NotPlanned => recorded.clone(),
            Desired::Gone => return Ok(()),
            Desired::Value(mut value) => {
                settle_sets(&mut value, &recorded.attributes);
                instance(declared, &About { address: &change.address, ..about.clone() }, value)
            }
        },
    };
    let mut claims = Claims::default();
    (of.claims)(&wanted, &mut claims);
    merge_desired(declared, claims);
    Ok(())
}

/// A set of which the plan does not know every element yet is judged on what is recorded: its known part alone would
/// make elements look taken away.
fn settle_sets(wanted: &mut Value, recorded: &Value) {
    let Value::Map(fields) = wanted else { return };
    for (name, value) in fields {
        if let Some(list @ Value::List(_)) = recorded.get(name)
            && value.has_unknown()
        {
            *value = list.clone();
        }
    }
}

/// Claims of a plan: what it wants and no state records and, where no state is at hand, what it says was recorded.
fn read_plan(
    declared: &mut Declared,
    request: &Request,
    root: Option<usize>,
    plan: &Plan,
    recorded_elsewhere: bool,
) -> Result<(), Problem> {
    if !recorded_elsewhere && (plan.errored || plan.refresh_only || !plan.complete) {
        declared.gaps.push(partial_plan_alone());
    }
    for change in plan.changes() {
        declared.sources.insert(change.provider.source.clone());
        let name = change.address.resource_type.as_str();
        let Some((provider, of)) = providers::resource_type(name) else {
            note_unread(declared, name);
            continue;
        };
        if !wanted(request, of) {
            continue;
        }
        let recorded = change.recorded()?;
        if recorded_elsewhere && recorded.is_some() {
            continue;
        }
        let about = About {
            address: &change.address,
            provider: &change.provider,
            state: None,
            root,
            deposed: change.deposed.clone(),
            tainted: false,
        };
        declared.used.insert(ProviderUse { root, provider: change.provider.clone() });
        let recorded = recorded.map(|value| instance(declared, &about, value));
        if let Some(recorded) = &recorded {
            if let Some(account) = provider.scope_of(&recorded.attributes) {
                declared.accounts.note(&recorded.by, account);
            }
            (of.claims)(recorded, &mut declared.recorded);
        }
        let wanted = match (change.desired()?, recorded) {
            (Desired::Gone, _) | (Desired::NotPlanned, None) => continue,
            (Desired::NotPlanned, Some(recorded)) => recorded,
            (Desired::Value(value), None) => instance(declared, &about, value),
            (Desired::Value(mut value), Some(recorded)) => {
                settle_sets(&mut value, &recorded.attributes);
                instance(declared, &about, value)
            }
        };
        let mut claims = Claims::default();
        (of.claims)(&wanted, &mut claims);
        merge_desired(declared, claims);
    }
    Ok(())
}

fn merge_desired(declared: &mut Declared, claims: Claims) {
    if let Some(desired) = &mut declared.desired {
        desired.claims.extend(claims.claims);
        desired.authorities.extend(claims.authorities);
        desired.gaps.extend(claims.gaps);
    }
}

/// What is known of an object besides its attributes.
#[derive(Clone)]
struct About<'a> {
    address: &'a Address,
    provider: &'a ProviderRef,
    state: Option<Arc<StateRef>>,
    root: Option<usize>,
    deposed: Option<String>,
    tainted: bool,
}

fn instance(declared: &Declared, about: &About<'_>, attributes: Value) -> Instance {
    let source = about.root.and_then(|root| declared.configuration(root));
    Instance {
        by: Arc::new(InstanceRef {
            address: about.address.clone(),
            provider: about.provider.clone(),
            state: about.state.clone(),
            root: about.root,
        }),
        attributes,
        deposed: about.deposed.clone(),
        tainted: about.tainted,
        configured: source.map_or(Configured::Unknown, |source| source.configured(about.address)),
        settings: declared.block_of(about.root, about.provider).cloned(),
    }
}

fn wanted(request: &Request, of: &ResourceType) -> bool {
    request.only.as_ref().is_none_or(|ids| of.kinds.iter().any(|kind| ids.iter().any(|id| id == kind.id)))
}

fn keep_wanted(claims: &mut Claims, request: &Request) {
    claims.claims.retain(|claim| request.wants(claim.kind));
    claims.authorities.retain(|authority| request.wants(authority.kind));
    claims.gaps.retain_mut(|gap| match &mut gap.hides {
        Hides::Claims { kinds } if !kinds.is_empty() => {
            kinds.retain(|kind| request.wants(kind));
            !kinds.is_empty()
        }
        _ => true,
    });
}

fn note_unread(declared: &mut Declared, name: &str) {
    let known =
        providers::SYSTEMS.iter().flat_map(|provider| provider.unread_types()).find(|(known, _)| *known == name);
    if let Some((name, what)) = known {
        declared.unread.entry((*name).to_owned()).or_insert((0, what)).0 += 1;
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

fn partial_plan_alone() -> Gap {
    Gap {
        code: "plan_without_state".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Claims { kinds: Vec::new() },
        reason: "the plan is partial and no state was given, so not everything that is declared is known".to_owned(),
        hint: "give the state too, with `--state`".to_owned(),
        location: None,
    }
}
