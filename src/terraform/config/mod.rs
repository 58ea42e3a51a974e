//! The source: which files a root module consists of, and where in them an instance is declared.
//!
//! `syntax` turns a file into a tree, `files` finds the files of a directory, `module` lays override files over the
//! others, `calls` follows module calls, `moved` follows `moved` blocks, `keys` compares instance keys, `in_block`
//! follows a path inside of a block, `locate` does all of it for one address, and `declared` goes through everything.

mod backend;
mod body;
mod calls;
mod declared;
mod encryption;
mod explain;
mod files;
mod in_block;
mod in_text;
mod instances;
mod keys;
mod lifecycle;
mod locate;
mod module;
mod moved;
mod providers;
mod resolve;
pub mod syntax;
mod trace;
mod written;

#[cfg(test)]
mod tests;

use crate::model::{
    Address, AttrPath, Configured, Gap, Location, Mode, PathStep, Problem, ProviderConfiguration, ProviderRef, Related,
    Value,
};
use crate::source::{Overlay, SourceFile, Span};
pub use backend::Backend;
pub use declared::{Declaration, Declarations, Said, precision};
pub use in_text::SaidText;
pub use instances::{Instances, Open};
pub use lifecycle::Ignored;
pub use resolve::inputs::{Given, Inputs};
pub use written::Written;

use crate::terraform::computed::Computed;
use crate::terraform::encryption::Encryption;
use crate::terraform::limits::Limits;
use crate::terraform::state::State;
use crate::terraform::value::Val;
use calls::Calls;
use locate::Target;
use resolve::{Recorded, Resolver, View};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A root module with all modules it calls, as the files say it now.
pub struct Configuration {
    loaded: Loaded,
    calls: Calls,
    resolver: Resolver,
}

/// What it was read from, to read it again with edits.
#[derive(Clone)]
struct Loaded {
    dir: PathBuf,
    shown_as: String,
    data_dir: Option<PathBuf>,
    inputs: Inputs,
}

/// Where the source says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    pub location: Location,
    /// Places that lead there, each with its role: `for_each entry` of the instance's key, `module call` from the
    /// innermost outwards (each followed by the `for_each entry` of its key), then `moved`.
    pub related: Vec<Related>,
}

/// Why no place can be named with certainty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotLocated {
    pub reason: String,
    /// The way out.
    pub hint: String,
    /// Blocks that come near: those that cannot be told apart, or the one that no longer declares the instance.
    pub near: Vec<Related>,
    /// Whether the source surely does not declare it: all that would was read.
    pub is_certain: bool,
}

/// A value with the whole chain that leads to it.
#[derive(Debug)]
pub struct Explained {
    /// The address that the source gives the instance now.
    pub address: Address,
    /// What is not known, and what is sensitive, stands in it as such.
    pub value: Value,
    pub located: Located,
    /// Why it, or something in it, is not known.
    pub unknown: Option<String>,
    /// Where it is from when it stands in no file of the source.
    pub outside: Option<String>,
}

/// What the source says of one instance.
pub enum Says {
    /// A block declares it, under this address now.
    Declared {
        address: Address,
        /// Its arguments and nested blocks as one object; what is not known stands in it as such.
        value: Val,
        /// What its `lifecycle` leaves alone.
        ignored: Ignored,
    },
    /// Nothing declares it.
    Gone,
    /// That cannot be told, for this reason.
    Unknown(String),
}

impl Configuration {
    /// Whether the directory holds configuration files at all.
    pub fn is_in(dir: &Path) -> bool {
        Self::files_in(dir).is_ok_and(|names| !names.is_empty())
    }

    /// Names of the configuration files in a directory, override files last.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub fn files_in(dir: &Path) -> io::Result<Vec<String>> {
        files::names(dir)
    }

    /// Reads the root module in `dir` and all modules it calls. `shown_as` is how `dir` is shown to people, relative to
    /// where driftline runs; empty for that directory itself. `data_dir` is `TF_DATA_DIR`, which counts from `dir`; `inputs`
    /// are the values that a plan would be given.
    /// What could not be read is in the gaps.
    pub fn load(
        dir: &Path,
        shown_as: &str,
        data_dir: Option<&Path>,
        inputs: &Inputs,
    ) -> Result<(Configuration, Vec<Gap>), Problem> {
        Configuration::load_with(dir, shown_as, data_dir, inputs, &Overlay::default())
    }

    /// The same with these texts in place of what stands in the files.
    pub fn load_with(
        dir: &Path,
        shown_as: &str,
        data_dir: Option<&Path>,
        inputs: &Inputs,
        overlay: &Overlay,
    ) -> Result<(Configuration, Vec<Gap>), Problem> {
        let mut gaps = Vec::new();
        let loaded = Loaded {
            dir: dir.to_owned(),
            shown_as: shown_as.to_owned(),
            data_dir: data_dir.map(Path::to_owned),
            inputs: inputs.clone(),
        };
        let configuration = Configuration::of(loaded, overlay, &mut gaps)?;
        Ok((configuration, gaps))
    }

    fn of(loaded: Loaded, overlay: &Overlay, gaps: &mut Vec<Gap>) -> Result<Configuration, Problem> {
        let calls = Calls::load(&loaded.dir, &loaded.shown_as, loaded.data_dir.as_deref(), overlay, gaps)?;
        let resolver = Resolver::new(&loaded.dir, &loaded.shown_as, &loaded.inputs, overlay, gaps);
        Ok(Configuration { loaded, calls, resolver })
    }

    /// What the source would say with these texts in place of those of its files, and what could not be read of it then.
    pub fn edited(&self, overlay: &Overlay) -> Result<(Configuration, Vec<Gap>), Problem> {
        let mut gaps = Vec::new();
        let Configuration { calls, resolver, loaded } = Configuration::of(self.loaded.clone(), overlay, &mut gaps)?;
        Ok((Configuration { calls, resolver: resolver.alike(&self.resolver), loaded }, gaps))
    }

    /// The files that were read so far: of the modules, of values for variables, and of data that something asked for.
    pub fn files_read(&self) -> Vec<SourceFile> {
        let mut files: BTreeMap<String, SourceFile> = BTreeMap::new();
        let of_modules = self.calls.all().flat_map(|reached| reached.module.files());
        for file in of_modules.chain(self.resolver.files_read()) {
            files.entry(file.path().to_owned()).or_insert(file);
        }
        files.into_values().collect()
    }

    /// From now on references to resources lead to what this state records.
    pub fn record(&mut self, state: &State) {
        self.resolver.record(Recorded::of(state, &self.calls));
    }

    /// From now on these data sources are computed where their arguments are known.
    pub fn compute(&mut self, computed: Vec<&'static Computed>) {
        self.resolver.compute(computed);
    }

    /// From now on no evaluation makes more than that.
    pub fn limit(&mut self, limits: Limits) {
        self.resolver.limit(limits);
    }

    fn view(&self) -> View<'_> {
        View { calls: &self.calls, resolver: &self.resolver }
    }

    /// Which arguments and nested block types the block of this instance sets. An argument written as `null` is not
    /// set; one whose expression may turn out to be `null` counts as set.
    pub fn configured(&self, address: &Address) -> Configured {
        match locate::find(self.view(), address) {
            Ok(Target::Block { block, .. }) => Configured::Known(block.names()),
            Ok(Target::Call { .. }) | Err(_) => Configured::Unknown,
        }
    }

    /// What the source says of an instance, by the address that a state or a plan knows it by.
    pub fn says(&self, address: &Address) -> Says {
        locate::says(self.view(), address)
    }

    /// The address that the source gives an instance now, by the one that a state or a plan knows it by; `None` where
    /// nothing is known to declare it.
    pub fn address_now(&self, address: &Address) -> Option<Address> {
        match locate::find(self.view(), address) {
            Ok(Target::Block { address, .. }) => Some(address),
            Ok(Target::Call { .. }) | Err(_) => None,
        }
    }

    /// What the source says of an instance, or of a part of it, with everything that leads there.
    pub fn explain(&self, address: &Address, path: &[PathStep]) -> Result<Explained, NotLocated> {
        explain::explain(self.view(), address, path)
    }

    /// The instances of this mode that the source declares, of the types that are `wanted`.
    pub fn instances(&self, mode: Mode, wanted: &dyn Fn(&str) -> bool) -> Instances {
        instances::of(self.view(), instances::Asked { mode, wanted })
    }

    /// The provider configuration that the source manages a resource with.
    pub fn provider_of(&self, address: &Address) -> ProviderRef {
        providers::of(self.view(), address)
    }

    /// The backend that the root module declares; `None` when it declares none and the state is a local file.
    pub fn backend(&self) -> Option<Backend> {
        backend::of(self.view())
    }

    /// What opens a state that OpenTofu encrypted: the root module's `encryption` block, with the text of `TF_ENCRYPTION`
    /// laid over it.
    ///
    /// # Errors
    /// When that text is neither HCL nor JSON.
    pub fn encryption(&self, variable: Option<&str>) -> Result<Encryption, Problem> {
        encryption::of(self.view(), variable)
    }

    /// Whether the block's `lifecycle.ignore_changes` covers this argument, so that an apply does not put it back.
    pub fn ignores(&self, address: &Address, argument: &str) -> bool {
        match locate::find(self.view(), address) {
            Ok(Target::Block { block, .. }) => lifecycle::ignored(&block).covers(argument),
            Ok(Target::Call { .. }) | Err(_) => false,
        }
    }

    /// Where the source says it, as exactly as is certain.
    pub fn locate(&self, address: &Address, path: &AttrPath) -> Result<Located, NotLocated> {
        let target = locate::find(self.view(), address)?;
        locate::place(target, path).ok_or_else(|| NotLocated {
            reason: format!("`{address}` is declared nowhere"),
            hint: "the state may belong to another root module".to_owned(),
            near: Vec::new(),
            is_certain: false,
        })
    }

    /// What the source says there, evaluated; `None` when it says nothing, or nothing declares the instance.
    pub fn value(&self, address: &Address, path: &AttrPath) -> Option<Value> {
        let Says::Declared { value, .. } = self.says(address) else { return None };
        trace::value_at(&value, &path.0).map(|value| value.to_value())
    }

    /// A text that the source says there, so that parts of it can be located; `None` when it is not known.
    pub fn text(&self, address: &Address, path: &AttrPath) -> Option<SaidText> {
        in_text::text(self.view(), address, path)
    }

    /// The `provider` blocks of the root module and of all others, as far as their settings are known.
    pub fn provider_configurations(&self) -> Vec<ProviderConfiguration> {
        providers::configurations(self.view())
    }
}

impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configuration").field("calls", &self.calls).finish_non_exhaustive()
    }
}

fn related(file: &SourceFile, span: Span, role: &str) -> Related {
    let start = file.position(span.start);
    Related { path: file.path().to_owned(), line: start.line, column: start.column, role: role.to_owned() }
}
