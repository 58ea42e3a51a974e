//! driftline finds who has access in the live systems that Terraform or OpenTofu does not say, or says otherwise, and
//! points at the source line that should say it.
//!
//! # The way of the data
//!
//! ```text
//!  Terraform side                                   live side
//!  state / plan / configuration                     one folder per system
//!  (terraform/; what a backend keeps                (providers/, over http/)
//!  comes through backends/)                                |
//!         |                                                |
//!    claims + gaps                                  facts + gaps        (or a saved snapshot: snapshot/)
//!         \______________________   ______________________/
//!                                \ /
//!                              compare            pair by kind and key; three values
//!                                |
//!                              assess             severity, with its reasons
//!                                |
//!                            exceptions           owner, reason, end; a wrong one covers nothing
//!                                |
//!                             reconcile           the steps that make both sides agree, ordered into a plan
//!                                |
//!                              report             one file per format
//!                                |
//!                             /      \
//!                        forge        apply       one comment on a pull or merge request; runs the plan
//! ```
//!
//! Of what no folder of `providers/` reads, a plan tells what Terraform itself saw changed ([`model::seen`]): such findings say
//! so, and nothing follows from it of what nobody declares.
//!
//! `model` holds the vocabulary that both sides are turned into, `source` the texts people wrote, `policy` what policy
//! documents say, `settings` driftline's own file, `check` the pipeline, `hook` what can be said of a commit without asking
//! anybody, `commands` one file per subcommand.
//!
//! # Invariants
//!
//! - **No gap is ever shown as an absence.** Every reader returns what it read and the gaps ([`model::Observation`],
//!   [`model::Claims`]). A claim whose fact lies inside a gap is unknown, never missing; with an open gap no verdict is
//!   clean; wrong credentials are one error.
//! - **A wrong line is worse than a coarse one.** A [`model::Location`] says how exact it is.
//! - **Imports run one way.** The test in `layers.rs` holds the table.
//! - **One thing, one place.** A kind's name, key, properties, comparison, the types that claim it and its documentation
//!   stand in one file of its provider's folder.
//! - **Reading never writes.** Requests pass an allow-list of read operations ([`http::gate`]) before they leave; SQL is
//!   sent from a table of queries alone ([`providers::postgres::queries`]), in a session that begins as read-only. What
//!   changes anything stands in [`apply`], and only `reconcile` with `--write` or `--apply` goes there; what writes to a
//!   forge stands in [`forge`], whose list of requests knows comments alone, and only `comment` goes there.
//! - **Secrets are a type.** [`model::Secret`] holds no content; nothing can print what it stood for.
//! - **Text from live systems is hostile.** Renderers clean it for their sink ([`source::clean`]).

pub mod apply;
pub mod assess;
pub mod backends;
pub mod check;
pub mod commands;
pub mod compare;
pub mod exceptions;
pub mod forge;
pub mod hook;
pub mod http;
pub mod model;
pub mod policy;
pub mod providers;
pub mod reconcile;
pub mod report;
pub mod settings;
pub mod snapshot;
pub mod source;
pub mod terraform;
