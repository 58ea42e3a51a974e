//! # THE ONLY PLACE THAT CHANGES ANYTHING
//!
//! Everything else of driftline reads. From here, and from nowhere else, a subprocess is started that may write
//! (`terraform`/`tofu` `plan -out` and `apply` of that very plan), and files of source are written. Only `driftline
//! reconcile` comes here, and only with `--apply` or `--write`: tests hold both.
//!
//! A run of Terraform goes like this: `plan -out` into a private directory, with the targets alone; `show -json` of that
//! plan; [`planned`] holds it against what is meant, and anything else in it is a refusal; a person, or the hash that
//! a person was shown, says yes; `apply` of that saved plan, which Terraform refuses itself where the state has moved on.
//! [`journal`] keeps on disk what was done, written before and after each step.

pub mod files;
pub mod journal;
pub mod planned;
mod terraform;

pub use terraform::{Ended, Run, apply, plan};
