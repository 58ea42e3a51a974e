//! Reads the settings of buckets that open or close them. There is no bulk read: four requests for each bucket.

use super::account::Account;
use super::client::AwsClient;
use super::kinds::{
    s3_account_public_access_block, s3_bucket_acl, s3_bucket_policy, s3_ownership_controls, s3_public_access_block,
};
use super::seen::Seen;
use crate::http::Error;
use crate::model::{Fact, Kind};
use crate::providers::Ask;
use futures_util::StreamExt;
use futures_util::stream;
use std::collections::BTreeSet;

static OF_BUCKETS: [&Kind; 4] =
    [&s3_bucket_policy::KIND, &s3_public_access_block::KIND, &s3_bucket_acl::KIND, &s3_ownership_controls::KIND];

/// The settings of every bucket of the account and of every bucket that is declared, and those of the account.
pub(super) async fn buckets(client: &AwsClient, account: Account, ask: &Ask) -> Seen {
    let mut seen = Seen::new(account);
    if ask.wants(&[&s3_account_public_access_block::KIND]) {
        match client.account_public_access_block().await {
            Ok(answer) => {
                let fact = answer.as_ref().map(|answer| s3_account_public_access_block::fact(answer, &seen.account));
                seen.add(fact);
            }
            Err(error) => seen.lost(&error, &[&s3_account_public_access_block::KIND], &[]),
        }
    }
    let wanted: Vec<&'static Kind> = OF_BUCKETS.into_iter().filter(|kind| ask.wants(&[*kind])).collect();
    if wanted.is_empty() {
        return seen;
    }
    ask.report("listing buckets");
    let mut names: BTreeSet<String> = BTreeSet::new();
    let listing = client
        .buckets(|page| {
            let buckets = page.child("Buckets").map(|b| b.children.as_slice()).unwrap_or_default();
            names.extend(buckets.iter().filter_map(|bucket| bucket.text_of("Name").map(str::to_owned)));
        })
        .await;
    if let Some(error) = listing.error {
        seen.lost(&error, &wanted, &[]);
    }
    names.extend(declared(ask));
    read_all(client, ask, &names, &wanted, &mut seen).await;
    seen
}

/// Buckets that something is declared of: one of another account does not show in the listing.
fn declared(ask: &Ask) -> impl Iterator<Item = String> + '_ {
    let of_bucket = |(id, key): &(&'static str, crate::model::Key)| {
        let kind = OF_BUCKETS.iter().find(|kind| kind.id == *id)?;
        key.field(kind, "bucket").map(str::to_owned)
    };
    ask.claimed.iter().filter_map(of_bucket)
}

async fn read_all(client: &AwsClient, ask: &Ask, names: &BTreeSet<String>, wanted: &[&'static Kind], seen: &mut Seen) {
    let account = seen.account.clone();
    let account = &account;
    let mut questions = Vec::new();
    for name in names {
        questions.extend((0..wanted.len()).map(|at| (name.clone(), at)));
    }
    let answers = stream::iter(questions)
        .map(|(name, at)| async move {
            let answer = read(client, &name, wanted[at], account).await;
            (name, wanted[at], answer)
        })
        .buffer_unordered(ask.jobs.max(1));
    let mut answers = std::pin::pin!(answers);
    let mut lost: Vec<(String, &'static Kind, Error)> = Vec::new();
    while let Some((name, kind, answer)) = answers.next().await {
        ask.report(&format!("reading {} of {name}", kind.noun));
        match answer {
            Ok(fact) => seen.add(fact),
            Err(error) => lost.push((name, kind, error)),
        }
    }
    for kind in wanted {
        let of_kind = lost.extract_if(.., |(_, of, _)| of == kind).map(|(name, _, error)| (name, error)).collect();
        seen.lost_each(names.len(), of_kind, kind, "bucket");
    }
}

/// One setting of one bucket; `None` when the bucket has no such setting or is gone.
async fn read(client: &AwsClient, name: &str, kind: &'static Kind, account: &Account) -> Result<Option<Fact>, Error> {
    if *kind == s3_bucket_policy::KIND {
        return Ok(client.bucket_policy(name).await?.map(|text| s3_bucket_policy::fact(name, &text, account)));
    }
    let (operation, fact): (_, fn(&str, &super::xml::Node, &Account) -> Fact) = if *kind == s3_public_access_block::KIND
    {
        ("GetPublicAccessBlock", s3_public_access_block::fact)
    } else if *kind == s3_bucket_acl::KIND {
        ("GetBucketAcl", s3_bucket_acl::fact)
    } else {
        ("GetBucketOwnershipControls", s3_ownership_controls::fact)
    };
    Ok(client.bucket_setting(name, operation).await?.map(|answer| fact(name, &answer, account)))
}
