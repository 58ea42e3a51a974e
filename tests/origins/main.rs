//! From a finding to the line that says it: every folder of `testdata/origins` is a shape in which teams keep people and
//! grants, with questions about it and the places that a careful reader would name.
//!
//! `expect` reads a folder's `expect.toml`, `place` turns lines and columns into text by its own counting, `edit` changes
//! texts, `scene` is a copy of a folder that can be changed. Three tests follow: the places are the expected ones
//! (`places`), they are proven by editing (`proof`, for
//! strings inside of policy documents `parts`), and whole runs of the program say the same (`checked`).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test fails")]

mod adopted;
mod checked;
mod edit;
mod expect;
mod parts;
mod place;
mod places;
mod proof;
mod scene;
