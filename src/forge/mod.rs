//! Comments on pull and merge requests. `client` is the only place of the program that writes over HTTP, and it sends
//! nothing but what a comment takes; `sticky` keeps one comment for each target, `review` comments at lines of the diff.

mod client;
mod diff;
mod github;
mod gitlab;
mod marker;
mod review;
mod sticky;

pub use client::Access;
pub use diff::{Hunk, hunks, of_one_file};
pub use github::GitHub;
pub use gitlab::GitLab;
pub use marker::Mark;
pub use review::{Note, Reviewed, Words, review};
pub use sticky::{Outcome, Post, post};

use crate::http::{Error, Kind};
use async_trait::async_trait;

/// A comment below a pull or merge request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub id: u64,
    /// Who wrote it, as the forge names accounts.
    pub author: String,
    pub body: String,
}

/// A comment at a line or a file of the diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub comment: Comment,
    pub place: Place,
    /// Whether somebody has answered it.
    pub is_answered: bool,
}

/// Where a remark stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From the repository's root.
    pub path: String,
    /// First and last line of the new text; `None` for the file as a whole, or where the line is there no more.
    pub lines: Option<(usize, usize)>,
}

/// A file that the request changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub path: String,
    /// Its path before.
    pub old_path: String,
    pub hunks: Vec<Hunk>,
}

/// The newest commit of the request, with those it is held against where the forge wants to be told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    pub sha: String,
    pub base: Option<String>,
    pub start: Option<String>,
}

/// The account whose comments are one's own: the named one, else that of the token. `otherwise` stands in for tokens that
/// cannot ask, as those of GitHub Actions.
///
/// # Errors
/// When nothing of this tells.
pub async fn author(forge: &dyn Forge, named: Option<&str>, otherwise: Option<&str>) -> Result<String, Error> {
    match (named, otherwise) {
        (Some(named), _) => Ok(named.to_owned()),
        (None, None) => forge.login().await,
        (None, Some(otherwise)) => match forge.login().await {
            Err(error) if error.kind == Kind::Denied => Ok(otherwise.to_owned()),
            login => login,
        },
    }
}

/// One pull or merge request of a forge.
#[async_trait]
pub trait Forge: Send + Sync {
    /// Characters that a comment may have.
    fn most(&self) -> usize;

    /// The account that the token belongs to.
    async fn login(&self) -> Result<String, Error>;

    async fn head(&self) -> Result<Head, Error>;

    /// Every comment below the request.
    async fn comments(&self) -> Result<Vec<Comment>, Error>;

    /// Returns the author, where the forge says so.
    async fn create(&self, body: &str) -> Result<Option<String>, Error>;

    async fn update(&self, id: u64, body: &str) -> Result<(), Error>;

    async fn delete(&self, id: u64) -> Result<(), Error>;

    /// The files of the diff, with the lines that can be commented on.
    async fn changed(&self) -> Result<Vec<Changed>, Error>;

    /// Every comment on the diff.
    async fn remarks(&self) -> Result<Vec<Remark>, Error>;

    /// Comments on the diff.
    async fn remark(&self, head: &Head, on: &On<'_>, body: &str) -> Result<(), Error>;

    async fn update_remark(&self, id: u64, body: &str) -> Result<(), Error>;

    async fn delete_remark(&self, id: u64) -> Result<(), Error>;

    /// The lines that a remark on these stands at.
    fn anchored(&self, lines: (usize, usize)) -> (usize, usize) {
        lines
    }

    /// The word behind the fence of a suggestion for these lines.
    fn suggestion(&self, lines: (usize, usize)) -> String;
}

/// What a new remark is on.
#[derive(Debug, Clone, Copy)]
pub struct On<'a> {
    pub file: &'a Changed,
    pub lines: Option<(usize, usize)>,
}
