//! Every code that a gap can have, with what it means; for `explain`. A test holds the sources against this table.

/// Code and explanation; the part before the first `: ` stands alone in lists.
pub static CODES: &[(&str, &str)] = &[
    (
        "claim_unreadable",
        "an instance does not say what it declares: its state lacks the attribute that names the thing, so live things \
         of that kind cannot be called unmanaged. Refresh the state.",
    ),
    (
        "out_of_scope",
        "something is declared in an account that was not asked: nothing is said about it. Run again with credentials \
         of that account, or give a snapshot of it.",
    ),
    (
        "plan_without_state",
        "a partial plan was given without the state: what the plan leaves out may be declared all the same, so nothing \
         is called unmanaged. Give the state too.",
    ),
    (
        "property_not_read",
        "the answers did not show a property that is declared: it may have been made while the listing ran. Run again.",
    ),
    (
        "source_not_found",
        "the source line of a finding is not certain: the block is absent or there are several. The finding stands, \
         without a line.",
    ),
    (
        "type_not_read",
        "a resource type that declares access is not read by this version: nothing is said about its instances.",
    ),
    (
        "undecided_authority",
        "only an optional and computed attribute records it: without the source nobody can tell whether it is declared. \
         Give the root module's directory.",
    ),
];

#[cfg(test)]
mod tests {
    use super::CODES;
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Codes in `code: "…"` of all sources, tests left out.
    fn used(dir: &Path, codes: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(dir).expect("the sources are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                used(&path, codes);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let found = text.split("code: \"").skip(1).filter_map(|rest| rest.split('"').next());
                codes.extend(found.map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_code_is_explained_and_every_explanation_is_used() {
        let mut codes = BTreeSet::new();
        used(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut codes);
        let explained: BTreeSet<_> = CODES.iter().map(|(code, _)| (*code).to_owned()).collect();
        assert_eq!(codes, explained);
        assert_eq!(explained.len(), CODES.len(), "a code stands twice");
        assert!(CODES.is_sorted(), "sorted, so that a reader finds one");
    }
}
