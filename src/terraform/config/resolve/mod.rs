//! What names in a configuration mean: variables, locals, modules, resources, each evaluated when somebody asks for it.
//!
//! `inputs` reads the values that the root module is given, `constraint` the types of variables, `expand` which
//! instances `count` and `for_each` make, `recorded` holds what a state knows, `computed` what driftline makes of a data
//! source itself; `variables`, `modules` and `resources`
//! give names their values, and `names` is how expressions ask for them.

mod computed;
mod constraint;
mod expand;
pub(in crate::terraform) mod inputs;
mod modules;
mod names;
mod recorded;
mod resources;
mod variables;

pub(super) use expand::{Expansion, Repetition};
pub(super) use recorded::Recorded;
pub(super) use resources::word;

use super::calls::{Calls, Reached};
use super::module::Declared;
use crate::model::{Address, Gap, Mode, ModulePath, Value};
use crate::source::{Overlay, SourceFile};
use crate::terraform::computed::Computed;
use crate::terraform::evaluate::{Budget, Names, Scope};
use crate::terraform::functions::files::Files;
use crate::terraform::limits::Limits;
use crate::terraform::value::{Cause, Place, Type, Val, Why};
use inputs::{Inputs, Raw};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;
use std::rc::Rc;

/// What evaluations of one configuration share and remember.
pub(super) struct Resolver {
    files: Files,
    budget: Budget,
    workspace: String,
    given: BTreeMap<String, Raw>,
    planned: BTreeMap<String, serde_json::Value>,
    recorded: Recorded,
    computed: Vec<&'static Computed>,
    memory: RefCell<Memory>,
}

/// What has been asked for before.
#[derive(Default)]
struct Memory {
    modules: Vec<ModuleInstance>,
    by_path: HashMap<ModulePath, usize>,
    /// `None` while it is being evaluated.
    values: HashMap<(usize, Symbol), Option<Val>>,
    expansions: HashMap<(usize, BlockName), Option<Expansion>>,
    /// All instances of resources as they were last named, the latest at the end.
    named: VecDeque<(Named, Val)>,
}

/// Where all instances of a resource are named: one expression, for every instance of the block that it stands in.
#[derive(PartialEq, Eq)]
struct Named {
    module: usize,
    block: BlockName,
    at: Place,
}

/// How many of those are kept: as many as one block is likely to name.
const MAX_NAMED: usize = 8;

/// One instance of a module; the first is the root.
#[derive(Clone)]
struct ModuleInstance {
    /// Which module of the configuration it is.
    node: usize,
    path: ModulePath,
    parent: Option<usize>,
    repetition: Repetition,
}

/// Something of a module instance that has a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Symbol {
    Variable(String),
    Local(String),
    Output(String),
    /// An attribute of a resource instance.
    Attribute(BlockName, Option<crate::model::InstanceKey>, String),
}

/// A block with instances: a module call or a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum BlockName {
    Call(String),
    Resource(Mode, String, String),
}

/// A configuration together with what is remembered of it.
#[derive(Clone, Copy)]
pub(super) struct View<'c> {
    pub(super) calls: &'c Calls,
    pub(super) resolver: &'c Resolver,
}

/// A module instance to look into.
#[derive(Clone, Copy)]
pub(super) struct Inside<'c> {
    view: View<'c>,
    /// Which instance of which module.
    module: usize,
    reached: Reached<'c>,
}

/// Names as a block of a module instance sees them.
pub(super) struct Seen<'c> {
    inside: Inside<'c>,
    repetition: Repetition,
    /// Those of the `dynamic` blocks around, the innermost last.
    iterators: Vec<(String, Val)>,
}

impl Resolver {
    /// For the root module in `dir`, shown to people as `shown`. Values that cannot be read become gaps.
    pub(super) fn new(dir: &Path, shown: &str, inputs: &Inputs, overlay: &Overlay, gaps: &mut Vec<Gap>) -> Self {
        let files = Files::new(dir, shown).with(overlay.clone());
        let given = inputs::read(dir, shown, inputs, &files, overlay, gaps);
        let workspace = if inputs.workspace.is_empty() { "default" } else { &inputs.workspace }.to_owned();
        Resolver {
            files,
            budget: Budget::default(),
            workspace,
            given,
            planned: inputs.planned.clone(),
            recorded: Recorded::default(),
            computed: Vec::new(),
            memory: RefCell::default(),
        }
    }

    /// The files of values and of data that were read so far.
    pub(super) fn files_read(&self) -> Vec<SourceFile> {
        self.files.read_so_far()
    }

    /// From now on references lead to what is recorded.
    pub(super) fn record(&mut self, recorded: Recorded) {
        self.recorded = recorded;
        self.memory = RefCell::default();
    }

    /// The one of an edited configuration: it is recorded, computed and limited the same.
    pub(super) fn alike(mut self, other: &Resolver) -> Self {
        self.recorded = other.recorded.clone();
        self.computed.clone_from(&other.computed);
        self.limit(other.budget.limits());
        self
    }

    /// What a state records of an instance.
    pub(super) fn recorded(&self, address: &Address) -> Option<Rc<Value>> {
        self.recorded.attributes(address)
    }

    /// From now on these data sources are computed.
    pub(super) fn compute(&mut self, computed: Vec<&'static Computed>) {
        self.computed = computed;
        self.memory = RefCell::default();
    }

    /// From now on nothing makes more than that.
    pub(super) fn limit(&mut self, limits: Limits) {
        self.budget = Budget::of(limits);
        self.memory = RefCell::default();
    }

    /// How an attribute of a data source is computed, where it is.
    fn computes(&self, data_source: &str, attribute: &str) -> Option<&'static Computed> {
        self.computed.iter().copied().find(|c| c.data_source == data_source && c.attributes.contains(&attribute))
    }

    /// The value of a symbol, evaluated once.
    fn remembered(&self, module: usize, symbol: Symbol, make: impl FnOnce() -> Val) -> Val {
        let key = (module, symbol);
        match self.memory.borrow().values.get(&key) {
            Some(Some(value)) => return value.clone(),
            Some(None) => return Val::unknown(Type::Dynamic, Why::new(Cause::Cycle, "it depends on itself")),
            None => {}
        }
        self.memory.borrow_mut().values.insert(key.clone(), None);
        let value = make();
        self.memory.borrow_mut().values.insert(key, Some(value.clone()));
        value
    }

    /// All instances of a resource, made once for all that name them at one place.
    fn all_named(&self, named: Named, make: impl FnOnce() -> Val) -> Val {
        if let Some((_, value)) = self.memory.borrow().named.iter().rev().find(|(known, _)| *known == named) {
            return value.clone();
        }
        let value = make();
        let kept = &mut self.memory.borrow_mut().named;
        if kept.len() == MAX_NAMED {
            kept.pop_front();
        }
        kept.push_back((named, value.clone()));
        value
    }

    fn remembered_expansion(&self, module: usize, name: BlockName, make: impl FnOnce() -> Expansion) -> Expansion {
        let key = (module, name);
        match self.memory.borrow().expansions.get(&key) {
            Some(Some(expansion)) => return expansion.clone(),
            Some(None) => return Expansion::Unknown(Why::new(Cause::Cycle, "it depends on itself").into()),
            None => {}
        }
        self.memory.borrow_mut().expansions.insert(key.clone(), None);
        let expansion = make();
        self.memory.borrow_mut().expansions.insert(key, Some(expansion.clone()));
        expansion
    }
}

impl<'c> View<'c> {
    /// The root module.
    pub(super) fn root(self) -> Option<Inside<'c>> {
        self.renew();
        let reached = self.calls.root()?;
        let module = self.instance(ModulePath::default(), || ModuleInstance {
            node: reached.node(),
            path: ModulePath::default(),
            parent: None,
            repetition: Repetition::default(),
        });
        Some(Inside { view: self, module, reached })
    }

    pub(super) fn limits(self) -> Limits {
        self.resolver.budget.limits()
    }

    /// The next question is evaluated at its own cost.
    pub(super) fn renew(self) {
        self.resolver.budget.renew();
    }

    /// The number of a module instance, made when it is new.
    fn instance(self, path: ModulePath, make: impl FnOnce() -> ModuleInstance) -> usize {
        let mut memory = self.resolver.memory.borrow_mut();
        if let Some(known) = memory.by_path.get(&path) {
            return *known;
        }
        memory.modules.push(make());
        let module = memory.modules.len() - 1;
        memory.by_path.insert(path, module);
        module
    }
}

impl<'c> Inside<'c> {
    pub(super) fn path(&self) -> ModulePath {
        self.own().path
    }

    pub(super) fn reached(&self) -> Reached<'c> {
        self.reached
    }

    pub(super) fn renew(&self) {
        self.view.renew();
    }

    fn own(&self) -> ModuleInstance {
        let memory = self.view.resolver.memory.borrow();
        memory.modules.get(self.module).cloned().unwrap_or_else(|| ModuleInstance {
            node: self.reached.node(),
            path: ModulePath::default(),
            parent: None,
            repetition: Repetition::default(),
        })
    }

    /// Names as they are seen here by a block with this repetition.
    pub(super) fn seen(self, repetition: Repetition) -> Seen<'c> {
        Seen { inside: self, repetition, iterators: Vec::new() }
    }

    /// The instances that a resource block makes.
    pub(super) fn expansion_of(self, declared: &'c Declared, mode: Mode) -> Expansion {
        let label = |index| declared.label(index).unwrap_or_default().to_owned();
        self.expansion(declared, BlockName::Resource(mode, label(0), label(1)))
    }

    fn expansion(self, declared: &'c Declared, name: BlockName) -> Expansion {
        self.view.resolver.remembered_expansion(self.module, name, || {
            let seen = self.seen(Repetition::default());
            let most = self.view.limits().instances;
            Expansion::of(&declared.view(), most, |file| seen.scope(file))
        })
    }
}

impl<'c> Seen<'c> {
    /// With the iterator of a `dynamic` block.
    pub(super) fn with(&self, iterator: &str, value: Val) -> Seen<'c> {
        let mut iterators = self.iterators.clone();
        iterators.push((iterator.to_owned(), value));
        Seen { inside: self.inside, repetition: self.repetition.clone(), iterators }
    }

    /// For expressions of this file.
    pub(super) fn scope<'s>(&'s self, file: &'s SourceFile) -> Scope<'s>
    where
        'c: 's,
    {
        let resolver = self.inside.view.resolver;
        Scope::new(self as &dyn Names, &resolver.files, &resolver.budget, file)
    }
}
