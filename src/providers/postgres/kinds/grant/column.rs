//! Grants on single columns.

use super::{Access, GRANTORS, OWNER, texts};
use crate::model::{Class, Compare, Fact, Key, Kind, Privilege, Property, Weight};
use crate::providers::postgres::acl::EVERYBODY;
use crate::providers::postgres::kinds::role;
use std::collections::BTreeSet;
use std::sync::Arc;

pub static KIND: Kind = Kind {
    id: "postgres/grant/column",
    noun: "column grant",
    title: "`{privilege}` on column `{column}` of table `{schema}.{table}` of `{database}` to `{grantee}`",
    class: Class::Grant,
    key: &["database", "schema", "table", "column", "privilege", "grantee"],
    properties: &[
        Property { name: "grant_option", compare: Compare::Flag(false), weight: Weight::Access },
        GRANTORS,
        OWNER,
    ],
    declared_by: &["postgresql_grant"],
    about: "One privilege on one column, from pg_attribute: each `postgresql_grant` on columns declares one privilege and \
            says nothing of the others. What a grant on the whole table allows is a grant of that table and does not show \
            here. The provider does not look at the grant option; it is read.",
};

/// What everybody has of one column; `path` is database, schema, table and column.
pub(in crate::providers::postgres) fn facts(path: [&str; 4], access: &Access, cluster: &Arc<str>, out: &mut Vec<Fact>) {
    for (grantee, held) in &access.held {
        let given_first = access.initial.get(grantee);
        for privilege in &held.privileges {
            let key = Key::new(path.into_iter().chain([privilege.as_str(), grantee.as_str()]));
            let option = held.options.contains(privilege);
            let mut fact = Fact::new(&KIND, cluster.clone(), key).with("grant_option", option);
            let others: BTreeSet<_> =
                held.grantors.iter().filter(|grantor| **grantor != access.owner).cloned().collect();
            if !others.is_empty() {
                fact = fact.with(GRANTORS.name, texts(&others));
            }
            if *grantee == EVERYBODY {
                fact.privilege = Privilege::Public(format!("`{EVERYBODY}` has {privilege}"));
            } else {
                fact.holder = Some((&role::KIND, Key::new([grantee])));
            }
            let initial = given_first.is_some_and(|initial| initial.privileges.contains(privilege) && !option);
            if *grantee == access.owner {
                fact = fact.with(OWNER.name, true);
                fact.vendor_made = Some("the owner's own rights".to_owned());
            } else if initial {
                fact.vendor_made = Some("given by `initdb` or by the extension that the object belongs to".to_owned());
            }
            out.push(fact);
        }
    }
}
