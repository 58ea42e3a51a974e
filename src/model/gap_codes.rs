//! Every code that a gap can have, with what it means; for `explain`. A test holds the sources against this table.

/// Code and explanation; the part before the first `: ` stands alone in lists.
pub static CODES: &[(&str, &str)] = &[
    (
        "authority_conflict",
        "two declarations contradict each other: one declares a thing, the other a whole set without it, and every apply undoes the other. Mend the configuration.",
    ),
    (
        "claim_unknown",
        "the source does not tell what an instance declares: a value that names it comes from where nothing was given. Live things of that kind cannot be called unmanaged. Give the state or the values of the variables.",
    ),
    (
        "claim_unreadable",
        "an instance does not say what it declares: its state lacks the attribute that names the thing, so live things of that kind cannot be called unmanaged. Refresh the state.",
    ),
    (
        "connection",
        "the system could not be reached: name, network, TLS or proxy. Look at the endpoint settings and the way there.",
    ),
    (
        "credentials",
        "the credentials were not accepted in the middle of the reading: they ran out, or were revoked. Renew them and run again.",
    ),
    ("cut", "an answer ended before it was whole: what it held is not known. Run again."),
    (
        "database_not_read",
        "a database was not looked into: nothing declared speaks of it, or it takes no connections. What is granted inside of it is not known. Name it with `--database`, or name only those that matter.",
    ),
    (
        "denied",
        "the system knows us and says no: exactly the kinds that the request feeds are hidden. `driftline permissions SYSTEM` prints what to allow.",
    ),
    (
        "garbage",
        "an answer is not in the expected format: a proxy or a portal may stand in between, or a listing runs in a circle.",
    ),
    (
        "instances_unknown",
        "the source does not tell which instances a block declares: live things cannot be called unmanaged. Give the state or the values of the variables.",
    ),
    (
        "module_not_found",
        "the source of a module is not at hand: its blocks have no lines, and what they set is not known. Run `terraform init` or `terraform get`.",
    ),
    (
        "no_system_asked",
        "none of what is declared is of a system that driftline reads: only what Terraform saw before its plan is said, and nothing of what nobody declares. `--only SYSTEM` asks one in any case.",
    ),
    (
        "not_allowed",
        "a request was not on the list of read operations: nothing was sent. That is a fault of driftline; report it.",
    ),
    (
        "out_of_scope",
        "something is declared in an account that was not asked: nothing is said about it. Run again with credentials of that account, or give a snapshot of it.",
    ),
    ("plan_deferred", "a plan puts a change off: what it wants of that object is not known yet."),
    (
        "plan_errored",
        "the plan ended with an error: what it wants is not known for everything. Mend the configuration and plan again.",
    ),
    (
        "plan_partial",
        "the plan speaks of a part only: it was made with `-target`, or Terraform says that it is not complete. Plan again without it.",
    ),
    (
        "plan_without_state",
        "a partial plan was given without the state: what the plan leaves out may be declared all the same, so nothing is called unmanaged. Give the state too.",
    ),
    (
        "property_not_read",
        "the answers did not show a property that is declared: it may have been made while the listing ran. Run again.",
    ),
    (
        "provider_unresolved",
        "a provider block decides by an expression which account it means, and expressions are not followed yet: that account was not asked. Run with its credentials in the environment.",
    ),
    ("rejected", "the system understood a request and rejected it: its words stand in the reason."),
    (
        "sensitive_not_compared",
        "Terraform marks a value as sensitive, and sensitive values are dropped where they are read: whether it differs cannot be told.",
    ),
    ("server_error", "the system failed, and went on failing through all attempts. Run again later."),
    (
        "snapshot_key_unknown",
        "a thing in the snapshot has key fields that this version does not know: it was left out. Take a new snapshot.",
    ),
    (
        "snapshot_kind_unknown",
        "the snapshot holds a kind that this version does not know: it was left out. Use the version that took it, or a newer one.",
    ),
    (
        "snapshot_kind_unread",
        "the snapshot was taken without this kind: nothing is said about it. Take a new one, without `--only`.",
    ),
    ("snapshot_property_unknown", "the snapshot holds a property that this version does not know: it was left out."),
    (
        "snapshot_property_unread",
        "the snapshot was taken by a version that did not read this property: nothing is said about it. Take a new one.",
    ),
    (
        "source_not_found",
        "the source line of a finding is not certain: the block is absent or there are several. The finding stands, without a line.",
    ),
    (
        "source_syntax",
        "a block of the source is broken: it has no lines, and what it sets is not known. Mend it at the place that is named.",
    ),
    (
        "source_unreadable",
        "a source file could not be read: it may be encrypted, or not be UTF-8. Its blocks have no lines.",
    ),
    (
        "source_value_unknown",
        "a declared value does not follow from the source alone: it comes from another resource, a data source or a variable that nothing gives. It is not compared. Give the state or the values of the variables.",
    ),
    (
        "stale_credential_report",
        "the credential report was made a while ago: keys and passwords made since do not show. Run with `--fresh-credentials`, or when IAM makes a new one, four hours after the last.",
    ),
    (
        "throttled",
        "the system asked to slow down, and went on asking through all attempts. Run again later, or with a lower `--jobs`.",
    ),
    ("timeout", "no answer came in time, through all attempts. Run again; look at the way to the system."),
    ("too_large", "an answer is larger than any that is expected: it was not read."),
    (
        "type_not_read",
        "a resource type that declares access is not read by this version: nothing is said about its instances.",
    ),
    (
        "undecided_authority",
        "only an optional and computed attribute records it: without the source nobody can tell whether it is declared. Give the root module's directory.",
    ),
    (
        "unit_without_plan",
        "a directory of plans lacks the plan of a unit that the stack has: its plan failed or was left out, and what it declares is not known. Plan it, too.",
    ),
    (
        "variables_unreadable",
        "a file with values of variables cannot be read: what depends on them is not known, and has no lines there. Correct the file.",
    ),
    (
        "wrong_account",
        "a provider block's credentials lead to another account than the one its things live in: that account was not asked. Use credentials of it.",
    ),
];

#[cfg(test)]
mod tests {
    use super::CODES;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Everything between double quotes that looks like a code, in all sources but this one, tests left out.
    fn words(dir: &Path, codes: &mut BTreeSet<String>, all: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(dir).expect("the sources are there").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                words(&path, codes, all);
            } else if name.ends_with(".rs") && !["tests.rs", "samples.rs", "gap_codes.rs"].contains(&name.as_str()) {
                let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let found = text.split("code: \"").skip(1).filter_map(|rest| rest.split('"').next());
                codes.extend(found.map(str::to_owned));
                all.extend(text.split('"').map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_code_is_explained_and_every_explanation_is_used() {
        let (mut codes, mut all) = (BTreeSet::new(), BTreeSet::new());
        words(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut codes, &mut all);
        let explained: BTreeSet<_> = CODES.iter().map(|(code, _)| (*code).to_owned()).collect();
        let unexplained: Vec<_> = codes.difference(&explained).collect();
        assert!(unexplained.is_empty(), "not explained: {unexplained:?}");
        let unused: Vec<_> = explained.difference(&all).collect();
        assert!(unused.is_empty(), "explained and used nowhere: {unused:?}");
        assert!(CODES.is_sorted(), "sorted, so that a reader finds one");
        assert_eq!(explained.len(), CODES.len(), "a code stands twice");
    }
}
