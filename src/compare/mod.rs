//! Pairs what is claimed with what is live, by kind and key, and judges every pair by the table of three values.

mod equal;
mod pair;
mod rows;
#[cfg(test)]
mod tests;

pub use equal::equal;

use crate::model::{AttrPath, Claims, Fact, Finding, Gap, InstanceRef, Observation};

/// What is compared. Claims have their scope resolved already.
pub struct Sides<'a> {
    pub recorded: &'a Claims,
    /// What the plan wants; `None` when no plan was given, and then no row that needs it is guessed.
    pub desired: Option<&'a Claims>,
    pub observation: &'a Observation,
    /// Gaps of the Terraform side.
    pub gaps: &'a [Gap],
    /// Also report what vendors make.
    pub include_builtin: bool,
}

/// One finding, not weighed yet, with the live thing it is about.
pub struct Difference<'a> {
    pub finding: Finding,
    pub fact: Option<&'a Fact>,
    /// The strongest claim, for locating the finding in the source.
    pub said: Option<Said<'a>>,
    /// Both sides are policy documents that mean the same although Terraform tells them apart.
    pub same_by_meaning: bool,
    /// Terraform does not look at what differs, so an apply does not put it back.
    pub unseen: bool,
    /// It is live already, and an apply that makes it makes it as declared.
    pub repeatable: bool,
}

/// Where the declared side of a difference is said.
pub struct Said<'a> {
    pub by: &'a InstanceRef,
    pub at: AttrPath,
}

/// The outcome of a comparison.
#[derive(Default)]
pub struct Comparison<'a> {
    pub differences: Vec<Difference<'a>>,
    /// Claimed things that are there and equal in everything that was compared.
    pub in_sync: usize,
    /// Things that lie inside a gap: neither missing nor unmanaged nor equal can be said of them.
    pub unknown: usize,
    pub gaps: Vec<Gap>,
}

/// Compares both sides.
pub fn compare<'a>(sides: &Sides<'a>) -> Comparison<'a> {
    let mut comparison = Comparison::default();
    for thing in pair::things(sides) {
        rows::judge(&thing, sides, &mut comparison);
    }
    comparison
}
