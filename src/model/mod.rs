//! The vocabulary that both sides are turned into. Nothing here reads a file, a clock or the network.

pub mod address;
pub mod claim;
pub mod fact;
pub mod finding;
pub mod gap;
pub mod gap_codes;
pub mod instance;
pub mod kind;
pub mod origin;
pub mod patch;
pub mod problem;
pub mod provider_configuration;
pub mod seen;
pub mod value;

pub use address::{Address, InstanceKey, Mode, ModulePath};
pub use claim::{Authority, Claim, Claimed, Claims, Strength, Sweep};
pub use fact::{Fact, Observation, Privilege, Scope};
pub use finding::{
    Change, Direction, Exception, Finding, NewFile, RunMode, RunOption, SeenBy, Severity, Status, StepTo, TerraformRun,
};
pub use gap::{Gap, Hides};
pub use instance::{Configured, Instance, InstanceRef, ProviderRef, ProviderUse, StateRef};
pub use kind::{Class, Compare, Key, Kind, Property, Weight};
pub use origin::{AttrPath, Location, Precision, Related, Step};
pub use patch::{Edit, Patch};
pub use problem::Problem;
pub use provider_configuration::{ProviderConfiguration, Setting};
pub use value::{PathStep, Secret, Value};
