//! Asks one question after the other in one transaction: all of them see the same moment, and one that is refused does not
//! spoil those that follow.

use super::queries::{self, Query};
use super::session::{Session, Unreadable};
use crate::http::{Error, Kind};
use crate::model::{Gap, Hides};
use crate::providers::gaps;
use std::sync::Arc;
use tokio_postgres::Row;

/// A session in a transaction.
pub(super) struct Reading {
    session: Session,
    pub requests: u64,
    /// Why nothing more can be asked.
    over: Option<Error>,
}

impl Reading {
    /// Begins.
    pub(super) async fn begin(session: Session) -> Reading {
        let mut reading = Reading { session, requests: 0, over: None };
        for query in [&queries::BEGIN, &queries::SAVE] {
            if let Err(error) = reading.all(query, |_| Ok(())).await {
                reading.over.get_or_insert(error);
            }
        }
        reading
    }

    /// Gives every row of an answer away as it comes.
    ///
    /// # Errors
    /// When the answer does not come, or not whole, or a row cannot be read: what came before says nothing then.
    pub(super) async fn each(
        &mut self,
        query: &'static Query,
        row: impl FnMut(&Row) -> Result<(), Unreadable>,
    ) -> Result<(), Error> {
        if let Some(error) = &self.over {
            return Err(error.clone());
        }
        self.requests += 1;
        let answer = self.session.each(query, row).await;
        if let Err(error) = &answer {
            self.recover(error).await;
        }
        answer
    }

    /// Every row of an answer as something, or none: one that cannot be read may be the one that matters.
    ///
    /// # Errors
    /// As [`Reading::each`].
    pub(super) async fn all<T>(
        &mut self,
        query: &'static Query,
        read: impl Fn(&Row) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        self.each(query, |row| read(row).map(|one| all.push(one))).await?;
        Ok(all)
    }

    /// After an error the server takes nothing more in a transaction but the way back to where it was well. One that did
    /// not even say that it gave up will not answer that either: nobody waits for it again.
    async fn recover(&mut self, error: &Error) {
        let silent = error.kind == Kind::Timeout && error.code.is_none();
        let gone = silent || matches!(error.kind, Kind::Cut | Kind::Connection);
        if gone || self.session.each(&queries::BACK, |_| Ok(())).await.is_err() {
            self.over = Some(error.clone());
        }
    }

    pub(super) async fn close(self) {
        self.session.close().await;
    }
}

/// The gap that a failed question leaves; those of one failure become one.
pub(super) fn lost(error: &Error, hides: Hides, cluster: &Arc<str>, all: &mut Vec<Gap>) {
    let gap = gaps::gap(error, "postgres", cluster, hides);
    let same = all.iter_mut().find(|known| known.code == gap.code && known.reason == gap.reason);
    if let Some(Gap { hides: Hides::Facts { kinds, fixed }, .. }) = same
        && let Hides::Facts { kinds: more, fixed: where_else } = &gap.hides
        && fixed == where_else
    {
        kinds.extend(more.iter().filter(|kind| !kinds.contains(kind)).copied().collect::<Vec<_>>());
    } else {
        all.push(gap);
    }
}
