//! Everything that is declared, as the rest of the pipeline asks for it.

use super::scopes::{Accounts, Leads};
use super::seen::Seen;
use crate::model::{Address, Claims, Gap, Key, ProviderConfiguration, ProviderRef, ProviderUse};
use crate::providers::{Provider, Used};
use crate::reconcile::Root;
use crate::report::Layer;
use crate::terraform::config::{Configuration, Open};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tempfile::TempDir;

/// Everything that is declared.
#[derive(Default)]
pub struct Declared {
    pub recorded: Claims,
    /// What plans want; of things that no plan speaks of, what is recorded.
    pub desired: Option<Claims>,
    pub gaps: Vec<Gap>,
    pub accounts: Accounts,
    pub(super) roots: Vec<Option<Configuration>>,
    /// Each root module as commands name it.
    pub(super) homes: Vec<Root>,
    /// What recorded instances depend on.
    pub(super) dependencies: BTreeMap<(Option<usize>, Address), Vec<String>>,
    /// Whether any state or plan was given or found.
    pub(super) has_record: bool,
    /// Roots that are judged on their source alone, for want of a state.
    pub(super) stateless: BTreeSet<usize>,
    /// Provider blocks of each root.
    pub(super) blocks: Vec<Vec<Arc<ProviderConfiguration>>>,
    /// Provider configurations that claims are managed with.
    pub(super) used: BTreeSet<ProviderUse>,
    /// Provider configurations that stand for several of their provider, because the state does not name aliases.
    pub(super) ambiguous: BTreeSet<ProviderUse>,
    /// Sources of the providers that manage any object, whatever its type.
    pub(super) sources: BTreeSet<String>,
    /// Instances of types that declare access and that nothing here reads, by type.
    pub(super) unread: BTreeMap<String, (usize, &'static str)>,
    /// Blocks of root modules with a state of which it is not known which instances they declare beside the recorded ones.
    pub(super) open: Vec<Open>,
    /// What plans show as changed outside of Terraform, of types that nothing here reads.
    pub(super) seen: Vec<Seen>,
    /// Directories with the source of plans, which stay as long as it may be read.
    pub(super) unpacked: Vec<TempDir>,
    /// Whether a plan was given: Terraform itself has looked then.
    pub(super) has_plan: bool,
}

impl Declared {
    /// The source of a root, when it was read.
    pub fn configuration(&self, root: usize) -> Option<&Configuration> {
        self.roots.get(root)?.as_ref()
    }

    /// Whether a root is judged on its source alone.
    pub(super) fn is_stateless(&self, root: Option<usize>) -> bool {
        root.is_some_and(|root| self.stateless.contains(&root))
    }

    /// What findings are judged on.
    pub fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![Layer::Live];
        if self.has_record {
            layers.insert(0, Layer::Recorded);
        }
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
                accounts: self.accounts_of(used),
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

    /// The accounts that a provider configuration may mean: those that its own things name or, where the state does not
    /// name aliases, those that anything of its provider names.
    fn accounts_of(&self, used: &ProviderUse) -> Vec<String> {
        let own = self.accounts.of_use(used);
        if !own.is_empty() {
            return own;
        }
        let same =
            |other: &&ProviderUse| other.root == used.root && other.provider.local_name() == used.provider.local_name();
        self.ambiguous.iter().filter(same).flat_map(|other| self.accounts.of_use(other)).collect()
    }

    /// Which provider configurations decide the account of what is managed with them.
    pub(super) fn leads(&self) -> Leads {
        Leads { used: self.used.clone(), ambiguous: self.ambiguous.clone() }
    }

    /// Ids and keys of everything that is claimed, or declared not to be there; of claims on sets what their keys say of
    /// them.
    pub fn names(&self) -> BTreeSet<(&'static str, Key)> {
        let mut names = BTreeSet::new();
        for side in [Some(&self.recorded), self.desired.as_ref()].into_iter().flatten() {
            let swept = side.sweeps.iter().map(|sweep| &sweep.claim);
            names.extend(side.claims.iter().chain(swept).map(|claim| (claim.kind.id, claim.key.clone())));
            let one_thing = side.authorities.iter().filter(|one| one.fixed.len() == one.kind.key.len());
            names.extend(one_thing.filter_map(|one| {
                let field = |name: &&str| one.fixed.iter().find(|(fixed, _)| fixed == name).map(|(_, value)| value);
                let values: Option<Vec<_>> = one.kind.key.iter().map(field).collect();
                Some((one.kind.id, Key::new(values?.into_iter().cloned())))
            }));
        }
        names
    }

    pub(super) fn block_of(&self, root: Option<usize>, name: &ProviderRef) -> Option<&Arc<ProviderConfiguration>> {
        self.blocks.get(root?)?.iter().find(|block| {
            block.provider.alias == name.alias
                && block.provider.module == name.module
                && block.provider.local_name() == name.local_name()
        })
    }
}
