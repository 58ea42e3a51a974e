//! The kinds of PostgreSQL, one file each: what it is, which resource types claim it, how it is read. This file is their
//! table.

pub mod membership;
pub mod role;

use crate::model::Kind;
use crate::providers::ResourceType;

/// Every kind, in the order in which help shows them.
pub static KINDS: &[&Kind] = &[&role::KIND, &membership::KIND];

/// The resource types of each kind's file.
pub static TYPES: &[&[ResourceType]] = &[role::TYPES, membership::TYPES];

/// The first object id that is not kept for what `initdb` makes (`FirstNormalObjectId` in PostgreSQL's
/// `access/transam.h`). A name alone would prove nothing.
pub(super) const FIRST_NORMAL: i64 = 16384;
