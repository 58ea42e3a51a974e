//! Root modules with the states that a real Terraform left when it applied them (those of `testdata/providers` and of
//! the policy scenarios are written after such): the source declares exactly the instances that the state records, and
//! each argument is what the state holds.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use driftline::model::{Address, AttrPath, Mode, Value};
use driftline::policy;
use driftline::providers;
use driftline::terraform::config::{Configuration, Inputs};
use driftline::terraform::state::{self, Object, State};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A root module with the state of its last apply, and how much of it is compared: fewer would mean that something is
/// passed over.
struct Root {
    dir: &'static str,
    managed: usize,
    data: usize,
    /// Blocks of which nobody knows without the state which instances they declare.
    open: usize,
    /// Arguments of managed instances whose value is known.
    arguments: usize,
    /// What is not the same, in order, with the reason.
    apart: &'static [(&'static str, &'static str)],
}

const ROOTS: &[Root] = &[
    Root { dir: "testdata/instances/collections", managed: 51, data: 0, open: 0, arguments: 49, apart: &[] },
    Root { dir: "testdata/instances/counts", managed: 21, data: 0, open: 0, arguments: 21, apart: &[] },
    Root { dir: "testdata/instances/data", managed: 5, data: 5, open: 4, arguments: 5, apart: &[] },
    Root { dir: "testdata/instances/deep", managed: 21, data: 0, open: 0, arguments: 30, apart: &[] },
    Root { dir: "testdata/instances/inputs", managed: 22, data: 0, open: 0, arguments: 14, apart: &[] },
    Root { dir: "testdata/instances/moved", managed: 16, data: 0, open: 0, arguments: 16, apart: &[] },
    Root { dir: "testdata/instances/references", managed: 14, data: 0, open: 0, arguments: 15, apart: &[] },
    Root { dir: "testdata/instances/spellings", managed: 23, data: 0, open: 0, arguments: 23, apart: &[] },
    Root { dir: "testdata/instances/syntax", managed: 26, data: 0, open: 0, arguments: 26, apart: &[] },
    Root {
        dir: "testdata/aws/acme",
        managed: 79,
        data: 10,
        open: 0,
        arguments: 219,
        apart: &[("aws_iam_openid_connect_provider.github.url differs", URL)],
    },
    Root {
        dir: "testdata/demo/databases",
        managed: 18,
        data: 0,
        open: 0,
        arguments: 68,
        apart: &[
            ("postgresql_grant.nobody_connects.privileges differs", NONE),
            ("postgresql_role.app.connection_limit differs", SINCE),
            ("postgresql_role.app.statement_timeout differs", SINCE),
            ("postgresql_role.person[\"ada\"].valid_until differs", ZONE),
            ("postgresql_role.person[\"edsger\"].valid_until differs", ZONE),
            ("postgresql_role.person[\"grace\"].valid_until differs", ZONE),
        ],
    },
    Root {
        dir: "testdata/demo/identity",
        managed: 22,
        data: 2,
        open: 0,
        arguments: 61,
        apart: &[
            ("aws_iam_openid_connect_provider.github.url differs", URL),
            ("module.team[\"on-call\"].aws_iam_group_membership.this.users differs", SINCE),
            ("module.team[\"platform\"].aws_iam_group_membership.this.users differs", SINCE),
            ("aws_iam_user.person[\"radia\"] is not recorded", SINCE),
        ],
    },
    Root {
        dir: "testdata/postgres/acme",
        managed: 65,
        data: 0,
        open: 0,
        arguments: 284,
        apart: &[
            ("postgresql_default_privileges.called_by_nobody.privileges differs", NONE),
            ("postgresql_grant.audit_called_by_nobody.privileges differs", NONE),
            ("postgresql_grant.nobody_connects[\"ledger\"].privileges differs", NONE),
            ("postgresql_grant.nobody_connects[\"shop\"].privileges differs", NONE),
            ("postgresql_grant.shop_public_closed.privileges differs", NONE),
            ("postgresql_role.replicator.password_wo differs", WRITE_ONLY),
        ],
    },
    Root {
        dir: "testdata/providers/aws/conformance",
        managed: 34,
        data: 0,
        open: 0,
        arguments: 90,
        apart: &[("aws_iam_openid_connect_provider.github.url differs", URL)],
    },
    Root {
        dir: "testdata/quickstart",
        managed: 19,
        data: 0,
        open: 0,
        arguments: 47,
        apart: &[("aws_iam_openid_connect_provider.github.url differs", URL)],
    },
    Root {
        dir: "testdata/scenarios/configured",
        managed: 19,
        data: 0,
        open: 0,
        arguments: 47,
        apart: &[("aws_iam_openid_connect_provider.github.url differs", URL)],
    },
    Root {
        dir: "testdata/scenarios/exceptions",
        managed: 19,
        data: 0,
        open: 0,
        arguments: 47,
        apart: &[("aws_iam_openid_connect_provider.github.url differs", URL)],
    },
    Root {
        dir: "testdata/scenarios/plan",
        managed: 19,
        data: 0,
        open: 0,
        arguments: 46,
        apart: &[
            ("aws_iam_openid_connect_provider.github.url differs", URL),
            ("aws_iam_policy.ship.policy differs", SINCE),
            ("aws_iam_role.audit.description differs", SINCE),
            ("aws_iam_role.deploy.max_session_duration differs", SINCE),
            ("module.team[\"data\"].aws_iam_group_membership.this.users differs", SINCE),
            ("aws_iam_group.oncall is not recorded", SINCE),
            ("aws_iam_user.person[\"linus\"] is not recorded", SINCE),
            ("aws_iam_role_policy_attachment.audit is not declared", SINCE),
        ],
    },
    Root {
        dir: "testdata/scenarios/policy-document",
        managed: 2,
        data: 0,
        open: 0,
        arguments: 4,
        apart: &[
            ("data.aws_iam_policy_document.shop is not recorded", BY_HAND),
            ("data.aws_iam_policy_document.workload is not recorded", BY_HAND),
        ],
    },
    Root { dir: "testdata/scenarios/policy-files", managed: 3, data: 0, open: 0, arguments: 6, apart: &[] },
    Root { dir: "testdata/scenarios/policy-heredoc", managed: 3, data: 0, open: 0, arguments: 6, apart: &[] },
    Root { dir: "testdata/scenarios/policy-jsonencode", managed: 1, data: 0, open: 0, arguments: 2, apart: &[] },
    Root { dir: "testdata/scenarios/postgres", managed: 12, data: 0, open: 0, arguments: 37, apart: &[] },
    Root {
        dir: "testdata/scenarios/postgres-grants",
        managed: 11,
        data: 0,
        open: 0,
        arguments: 44,
        apart: &[("postgresql_grant.closed.privileges differs", NONE)],
    },
];

// Why something is not the same.
const SINCE: &str = "the source was changed after the apply, for what driftline says of it";
const BY_HAND: &str = "the state was made by hand, without data sources";
const URL: &str = "the provider records it without `https://`";
const NONE: &str = "the provider records no privileges as `null`";
const ZONE: &str = "the provider records the same time in the server's zone";
const WRITE_ONLY: &str = "it is never recorded";

/// States in `testdata` that no apply of the source beside them left.
const NOT_APPLIED: &[(&str, &str)] = &[
    ("testdata/origins/references", "the state holds what the questions are about"),
    ("testdata/scenarios/broken-source", "a block of the source was broken since"),
    ("testdata/scenarios/state-of-opentofu", "the state is encrypted"),
    ("testdata/scenarios/state-of-opentofu-json", "the state is encrypted"),
];

#[test]
fn every_applied_root_module_is_in_the_table() {
    let mut found = BTreeSet::new();
    roots(Path::new("testdata"), &mut found);
    let named = ROOTS.iter().map(|root| root.dir).chain(NOT_APPLIED.iter().map(|(dir, _)| *dir));
    assert_eq!(found, named.map(PathBuf::from).collect());
}

#[test]
fn the_source_says_what_the_state_records() {
    let mut wrong = Vec::new();
    for root in ROOTS {
        let applied = Applied::read(root);
        let (arguments, mut apart) = applied.compared();
        for mode in [Mode::Managed, Mode::Data] {
            let (declared, recorded) = (applied.declared(mode), applied.recorded(mode));
            apart.extend(declared.difference(&recorded).map(|more| format!("{more} is not recorded")));
            apart.extend(recorded.difference(&declared).map(|less| format!("{less} is not declared")));
        }
        let expected: Vec<&str> = root.apart.iter().map(|(what, _)| *what).collect();
        if apart != expected {
            wrong.push(format!("{}: {apart:#?}", root.dir));
        }
        let counts = (applied.recorded(Mode::Managed).len(), applied.recorded(Mode::Data).len(), arguments);
        if counts != (root.managed, root.data, root.arguments) {
            wrong.push(format!("{}: managed, data and arguments are {counts:?}", root.dir));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_the_state_the_source_says_less_and_nothing_else() {
    for root in ROOTS {
        let (applied, mut alone) = (Applied::read(root), Applied::read(root));
        alone.configuration = configuration(root);
        let mut open = 0;
        for mode in [Mode::Managed, Mode::Data] {
            let found = alone.configuration.instances(mode, &|_| true);
            let declared = applied.declared(mode);
            assert!(found.known.iter().all(|address| declared.contains(address)), "{}: {:?}", root.dir, found.known);
            assert!(!found.open.is_empty() || found.known.len() == declared.len(), "{}: {mode:?}", root.dir);
            open += found.open.len();
        }
        assert_eq!(open, root.open, "{}", root.dir);
        let other = |what: &String| root.apart.iter().all(|(apart, _)| apart != what);
        assert_eq!(alone.compared().1.into_iter().find(other), None, "{}", root.dir);
    }
}

#[test]
fn what_moved_is_found_by_the_address_of_before() {
    let root = ROOTS.iter().find(|root| root.dir == "testdata/instances/moved").unwrap();
    let applied = Applied::read(root);
    let id = |object: &Object| object.attributes().unwrap().text("id").unwrap().to_owned();
    let after: BTreeMap<String, Address> = applied.state.current().map(|it| (id(it), it.address.clone())).collect();
    let before = state_of(root, "before.tfstate");
    for object in before.current() {
        assert_eq!(applied.configuration.address_now(&object.address).as_ref(), after.get(&id(object)));
    }
    assert_eq!(before.current().count(), root.managed);
}

/// A root module with the state of its last apply.
struct Applied {
    configuration: Configuration,
    state: State,
}

impl Applied {
    fn read(root: &Root) -> Self {
        let (mut configuration, state) = (configuration(root), state_of(root, "terraform.tfstate"));
        configuration.record(&state);
        Applied { configuration, state }
    }

    fn declared(&self, mode: Mode) -> BTreeSet<Address> {
        let instances = self.configuration.instances(mode, &|_| true);
        assert!(instances.open.is_empty(), "{:#?}", instances.open);
        instances.known.into_iter().collect()
    }

    fn recorded(&self, mode: Mode) -> BTreeSet<Address> {
        let current = self.state.current().filter(|object| object.address.mode == mode);
        current.map(|object| object.address.clone()).collect()
    }

    /// How many arguments of recorded instances are known, and which of them the state holds otherwise.
    fn compared(&self) -> (usize, Vec<String>) {
        let (mut compared, mut apart) = (0, Vec::new());
        for object in self.state.current().filter(|object| object.address.mode == Mode::Managed) {
            let said = self.configuration.value(&object.address, &AttrPath::default());
            let Some(Value::Map(arguments)) = said else { continue };
            let recorded = object.attributes().unwrap();
            for (name, said) in arguments {
                // What is not set is the provider's to fill.
                if said.is_null() || said.has_unknown() || said.has_secret() {
                    continue;
                }
                compared += 1;
                let holds = recorded.get(&name).unwrap_or(&Value::Null);
                if !holds.has_secret() && !same(&said, holds, false) {
                    apart.push(format!("{}.{name} differs", object.address));
                }
            }
        }
        (compared, apart)
    }
}

fn configuration(root: &Root) -> Configuration {
    let loaded = Configuration::load(Path::new(root.dir), root.dir, None, &Inputs::default());
    let (mut configuration, gaps) = loaded.unwrap();
    assert!(gaps.is_empty(), "{}: {gaps:#?}", root.dir);
    configuration.compute(providers::computed());
    configuration
}

fn state_of(root: &Root, name: &str) -> State {
    let bytes = fs::read(Path::new(root.dir).join(name)).unwrap();
    state::read(bytes, root.dir, &providers::secrets_of).unwrap()
}

/// Whether an argument is recorded as this. Lists may be sets; a nested block is recorded with what it does not say.
fn same(said: &Value, recorded: &Value, is_block: bool) -> bool {
    match (said, recorded) {
        (Value::List(said), Value::List(recorded)) => {
            let mut left: Vec<&Value> = recorded.iter().collect();
            let taken = said.iter().all(|item| {
                let found = left.iter().position(|other| same(item, other, true));
                found.map(|at| left.swap_remove(at)).is_some()
            });
            taken && left.is_empty()
        }
        (Value::Map(said), Value::Map(recorded)) => {
            let is_same = |name: &String, value| recorded.get(name).is_some_and(|other| same(value, other, is_block));
            let set = |value: &&Value| !value.is_null();
            said.iter().filter(|(_, value)| set(value)).all(|(name, value)| is_same(name, value))
                && (is_block || said.values().filter(set).count() == recorded.values().filter(set).count())
        }
        (Value::String(said), Value::String(recorded)) if said.starts_with('{') => {
            said == recorded || policy::same_by_meaning(said, recorded)
        }
        (Value::Bool(_) | Value::Number(_), Value::String(text)) => written(said) == *text,
        (Value::String(text), Value::Bool(_) | Value::Number(_)) => written(recorded) == *text,
        _ => said == recorded,
    }
}

/// A number or a truth value as a text, which a provider may want it as.
fn written(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Directories with both source and a state.
fn roots(dir: &Path, found: &mut BTreeSet<PathBuf>) {
    let entries: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    let has_source = entries.iter().any(|path| path.extension().is_some_and(|extension| extension == "tf"));
    if has_source && entries.iter().any(|path| path.ends_with("terraform.tfstate")) {
        found.insert(dir.to_owned());
    }
    entries.iter().filter(|path| path.is_dir()).for_each(|path| roots(path, found));
}
