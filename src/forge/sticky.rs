//! One comment for each target: made once, changed from then on, and never by a run that others have overtaken.
//!
//! Forges know no change on a condition, so two runs may make a comment each. Whoever made one looks again: of several, the
//! first one stays and says what the newest run said, the others go. All do the same, so it does not matter who is first.

use super::client::{ATTEMPTS, is_gone, is_refused_as_wrong, is_unsure};
use super::{Comment, Forge, Mark};
use crate::http::Error;

/// The least that a comment is cut down to.
const LEAST: usize = 1_000;

/// What is to be said.
pub struct Post<'a> {
    pub mark: Mark,
    /// The account whose comments are one's own.
    pub author: String,
    /// Whether there is nothing to look at: then no comment is made, and one that is there says so.
    pub is_clean: bool,
    /// The text in at most so many characters, and whether it takes the place of one that needed looking at.
    pub body: &'a (dyn Fn(usize, bool) -> String + Sync),
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Updated,
    /// It stands there already, byte for byte.
    Unchanged,
    /// There is nothing to look at, and there was nothing before.
    NothingToSay,
    /// Nothing was written: a newer run has been there.
    Overtaken,
    /// Nothing was written: the request has another head by now.
    Outdated {
        head: String,
    },
}

/// Writes the comment of one target.
///
/// # Errors
/// When the forge does not take it.
pub async fn post(forge: &dyn Forge, post: &Post<'_>) -> Result<Outcome, Error> {
    if let Some(checked) = &post.mark.head {
        let head = forge.head().await?.sha;
        if head != *checked {
            return Ok(Outcome::Outdated { head });
        }
    }
    let mut writing = Writing { forge, post, author: post.author.clone() };
    let own = writing.own().await?;
    if own.iter().any(|(_, mark)| mark.valid_at > post.mark.valid_at) {
        return Ok(Outcome::Overtaken);
    }
    let outcome = match own.first() {
        None if post.is_clean => return Ok(Outcome::NothingToSay),
        None => writing.create().await?,
        Some((first, _)) => writing.update(first).await?,
    };
    if outcome != Outcome::Unchanged || own.len() > 1 {
        writing.settle().await?;
    }
    Ok(outcome)
}

struct Writing<'a> {
    forge: &'a dyn Forge,
    post: &'a Post<'a>,
    author: String,
}

impl Writing<'_> {
    async fn create(&mut self) -> Result<Outcome, Error> {
        let mut most = self.forge.most();
        let mut unsure = 0;
        loop {
            match self.forge.create(&self.body(most, false)).await {
                Ok(author) => {
                    // The forge knows best as whom it was written.
                    self.author = author.unwrap_or_else(|| self.author.clone());
                    return Ok(Outcome::Created);
                }
                Err(error) if is_refused_as_wrong(&error) && most / 2 >= LEAST => most /= 2,
                // It may be there all the same: look before it is made again.
                Err(error) if is_unsure(&error) => {
                    unsure += 1;
                    let is_there = self.own().await?.iter().any(|(_, mark)| *mark == self.post.mark);
                    match is_there {
                        true => return Ok(Outcome::Created),
                        false if unsure >= ATTEMPTS => return Err(error),
                        false => {}
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn update(&mut self, comment: &Comment) -> Result<Outcome, Error> {
        let mut most = self.forge.most();
        loop {
            let body = self.body(most, self.post.is_clean);
            if comment.body == body {
                return Ok(Outcome::Unchanged);
            }
            match self.forge.update(comment.id, &body).await {
                Ok(()) => return Ok(Outcome::Updated),
                Err(error) if is_refused_as_wrong(&error) && most / 2 >= LEAST => most /= 2,
                // Somebody has deleted it meanwhile.
                Err(error) if is_gone(&error) && !self.post.is_clean => return self.create().await,
                Err(error) => return Err(error),
            }
        }
    }

    /// Leaves one comment, which says what the newest run said.
    async fn settle(&mut self) -> Result<(), Error> {
        let own = self.own().await?;
        let Some((first, others)) = own.split_first() else { return Ok(()) };
        let newest = own.iter().max_by_key(|(comment, mark)| (mark.valid_at, comment.id)).unwrap_or(first);
        // An older run that looked before this one wrote may have written after it.
        if newest.1.valid_at < self.post.mark.valid_at {
            self.update(&first.0).await?;
        } else if newest.0.body != first.0.body {
            self.forge.update(first.0.id, &newest.0.body).await?;
        }
        for (comment, _) in others {
            self.forge.delete(comment.id).await?;
        }
        Ok(())
    }

    fn body(&self, most: usize, resolves: bool) -> String {
        let mark = &self.post.mark;
        let taken = mark.on("").chars().count();
        mark.on(&(self.post.body)(most.saturating_sub(taken), resolves))
    }

    /// Own comments about the same, the first one first. One of another author is never that, whatever it holds.
    async fn own(&self) -> Result<Vec<(Comment, Mark)>, Error> {
        let comments = self.forge.comments().await?.into_iter();
        let own = comments.filter(|comment| comment.author.eq_ignore_ascii_case(&self.author));
        let marked = own.filter_map(|comment| Mark::of(&comment.body).map(|mark| (comment, mark)));
        let mut found: Vec<_> = marked.filter(|(_, mark)| mark.is_for(&self.post.mark)).collect();
        found.sort_by_key(|(comment, _)| comment.id);
        Ok(found)
    }
}
