//! Findings and gaps as real runs give them, for the tests of all formats.

use super::tree::Tree;
use super::view::{Layer, Report, Run};
use crate::model::finding::StepTo;
use crate::model::{
    Address, Change, Class, Compare, Direction, Finding, Gap, Hides, InstanceKey, Key, Kind, Location, Mode,
    ModulePath, Precision, Property, Related, Scope, Secret, Severity, StateRef, Status, Value, Weight,
    address::ModuleStep,
};
use std::collections::BTreeMap;
use std::sync::Arc;

static ROLE: Kind = Kind {
    id: "aws/iam/role",
    noun: "IAM role",
    title: "IAM role `{role}`",
    class: Class::Role,
    key: &["role"],
    properties: &[
        Property { name: "assume_role_policy", compare: Compare::PolicyDocument, weight: Weight::Trust },
        Property { name: "max_session_duration", compare: Compare::Number(3600), weight: Weight::Guardrail },
        Property { name: "tags", compare: Compare::Map, weight: Weight::Metadata },
    ],
    declared_by: &["aws_iam_role"],
    about: "",
};

static USER: Kind = Kind {
    id: "aws/iam/user",
    noun: "IAM user",
    title: "IAM user `{user}`",
    class: Class::Principal,
    key: &["user"],
    properties: &[Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata }],
    declared_by: &["aws_iam_user"],
    about: "",
};

static ATTACHMENT: Kind = Kind {
    id: "aws/iam/attachment",
    noun: "policy attachment",
    title: "policy `{policy}` on `{principal}`",
    class: Class::Attachment,
    key: &["principal", "policy"],
    properties: &[],
    declared_by: &["aws_iam_role_policy_attachment"],
    about: "",
};

pub(super) fn run() -> Run {
    Run {
        tool_version: "0.1.0".to_owned(),
        started_at: "2026-11-21T03:00:00Z".to_owned(),
        finished_at: "2026-11-21T03:00:09Z".to_owned(),
        command: "check".to_owned(),
        layers: vec![Layer::Live, Layer::Recorded],
        as_of: None,
        terraform_exit_code: None,
        sources: [("main.tf".to_owned(), "9f86d081".repeat(8))].into(),
        tree: Tree { anchor: Some("main.tf".to_owned()), ..Tree::default() },
    }
}

pub(super) fn account() -> Scope {
    Scope {
        system: "aws".to_owned(),
        id: "123456789012".into(),
        identity: "arn:aws:sts::123456789012:assumed-role/driftline/ci".to_owned(),
        facts: 412,
        requests: 96,
        complete: true,
        meant_by: Vec::new(),
    }
}

/// A run with one finding of each look, and a gap.
pub(super) fn busy() -> Report {
    let findings = vec![session_length(), admin(), trust(), session_conflict(), not_applied(), deleted()];
    let scope = Scope { complete: false, ..account() };
    Report::new(run(), vec![scope], findings, vec![refused(), unread_line()], 57, 0)
}

/// A run in which whoever can name things tries to steer the terminal.
pub(super) fn hostile() -> Report {
    let scope = Scope { identity: "arn:\u{1b}]0;owned\u{7}".to_owned(), ..account() };
    let mut gap = refused();
    gap.reason = "denied \u{1b}[2J\u{202e}".to_owned();
    Report::new(run(), vec![scope], vec![steering_name()], vec![gap], 0, 0)
}

fn address(module: Option<&str>, resource_type: &str, name: &str, key: Option<&str>) -> Address {
    let steps = module.map(|name| ModuleStep { name: name.to_owned(), key: None });
    Address {
        module: ModulePath(steps.into_iter().collect()),
        mode: Mode::Managed,
        resource_type: resource_type.to_owned(),
        name: name.to_owned(),
        key: key.map(|text| InstanceKey::Str(text.to_owned())),
    }
}

fn step(action: &'static str, command: Option<&str>, hcl: Option<&str>, note: &str) -> StepTo {
    let (command, hcl) = (command.map(str::to_owned), hcl.map(str::to_owned));
    StepTo { action, command, hcl, note: note.to_owned(), ..StepTo::default() }
}

fn finding(id: &str, kind: &'static Kind, key: &[&str]) -> Finding {
    let key = Key::new(key.iter().copied());
    Finding {
        id: id.to_owned(),
        change: Change::Modified,
        status: Status::Drift,
        kind,
        scope: "123456789012".into(),
        title: kind.describe(&key),
        key,
        address: None,
        resource_type: Some(kind.declared_by[0].to_owned()),
        property: None,
        desired: None,
        recorded: None,
        live: None,
        severity: Severity::Medium,
        direction: None,
        reasons: Vec::new(),
        controls: Vec::new(),
        location: None,
        related: Vec::new(),
        state: None,
        created: None,
        import_id: None,
        exception: None,
        delta: None,
        steps: Vec::new(),
    }
}

/// A value that differs, on a line that is known exactly.
pub(super) fn session_length() -> Finding {
    Finding {
        title: "IAM role `deploy`: `max_session_duration` differs".to_owned(),
        address: Some(address(Some("team"), "aws_iam_role", "deploy", None)),
        property: Some("max_session_duration"),
        recorded: Some(Value::from(3600)),
        live: Some(Value::from(43200)),
        reasons: vec!["`max_session_duration` keeps access small: sessions live longer than declared".to_owned()],
        controls: vec!["NIST-800-53:AC-12"],
        location: Some(Location {
            path: "modules/team/roles.tf".to_owned(),
            line: 14,
            column: 26,
            end_line: 14,
            end_column: 30,
            precision: Precision::Value,
            excerpt: vec!["  max_session_duration = 3600 # an hour".to_owned()],
        }),
        related: vec![Related { path: "main.tf".to_owned(), line: 3, column: 1, role: "module call".to_owned() }],
        state: Some(Arc::new(StateRef {
            path: "terraform.tfstate".to_owned(),
            serial: Some(41),
            lineage: Some("6f1c".to_owned()),
        })),
        steps: vec![
            step("revert", Some("terraform apply -target='module.team.aws_iam_role.deploy'"), None, "put 3600 back"),
            step("adopt", None, Some("  max_session_duration = 43200\n"), "declare what is live"),
        ],
        ..finding("dl-5e550000aaaa", &ROLE, &["deploy"])
    }
}

/// Three different values.
fn session_conflict() -> Finding {
    let mut conflict = session_length();
    conflict.id = "dl-c0f11c7000aa".to_owned();
    conflict.status = Status::Conflict;
    conflict.severity = Severity::Low;
    conflict.desired = Some(Value::from(7200));
    conflict
}

/// An extra policy on a role: nobody declares it.
pub(super) fn admin() -> Finding {
    Finding {
        change: Change::Unmanaged,
        status: Status::Unmanaged,
        title: "policy `AdministratorAccess` on role `deploy` is declared nowhere".to_owned(),
        severity: Severity::Critical,
        direction: Some(Direction::Widened),
        reasons: vec!["`AdministratorAccess` allows every action on everything".to_owned()],
        controls: vec!["NIST-800-53:AC-6", "MITRE:T1098"],
        created: Some("2026-11-20T22:14:03Z".to_owned()),
        import_id: Some("deploy/arn:aws:iam::aws:policy/AdministratorAccess".to_owned()),
        steps: vec![
            step(
                "remove",
                Some(
                    "aws iam detach-role-policy --role-name deploy --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
                ),
                None,
                "take the policy off the role",
            ),
            step(
                "import",
                None,
                Some(
                    "import {\n  to = aws_iam_role_policy_attachment.deploy_admin\n  id = \"deploy/arn:aws:iam::aws:policy/AdministratorAccess\"\n}\n",
                ),
                "declare it",
            ),
        ],
        ..finding("dl-ad314000bbbb", &ATTACHMENT, &["role/deploy", "arn:aws:iam::aws:policy/AdministratorAccess"])
    }
}

/// A trust policy that lets one more account in.
pub(super) fn trust() -> Finding {
    Finding {
        title: "IAM role `audit`: `assume_role_policy` differs".to_owned(),
        address: Some(address(None, "aws_iam_role", "audit", Some("eu"))),
        property: Some("assume_role_policy"),
        recorded: Some(Value::from(
            r#"{"Statement":[{"Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Effect":"Allow","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}],"Version":"2012-10-17"}"#,
        )),
        live: Some(Value::from(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::666666666666:root","arn:aws:iam::111111111111:root"]},"Action":["sts:AssumeRole"]}}"#,
        )),
        severity: Severity::High,
        reasons: vec!["`assume_role_policy` says who may become the role".to_owned()],
        location: Some(Location {
            path: "roles.tf".to_owned(),
            line: 3,
            column: 1,
            end_line: 19,
            end_column: 2,
            precision: Precision::Block,
            excerpt: vec![
                "resource \"aws_iam_role\" \"audit\" {".to_owned(),
                "  for_each = toset([\"eu\", \"us\"])".to_owned(),
                "  name     = \"audit\"".to_owned(),
            ],
        }),
        steps: vec![step("revert", Some("terraform apply"), None, "put the declared policy back")],
        ..finding("dl-7a057000cccc", &ROLE, &["audit"])
    }
}

/// Deleted by hand.
fn deleted() -> Finding {
    Finding {
        change: Change::Missing,
        title: "IAM user `ci` is not there".to_owned(),
        address: Some(address(None, "aws_iam_user", "this", Some("ci"))),
        severity: Severity::Low,
        reasons: vec!["nobody gains access by it".to_owned()],
        state: session_length().state,
        ..finding("dl-de1e7ed0dddd", &USER, &["ci"])
    }
}

/// In the plan, not live yet.
pub(super) fn not_applied() -> Finding {
    Finding {
        change: Change::Missing,
        status: Status::Pending,
        title: "IAM user `zoe` will be created".to_owned(),
        address: Some(address(None, "aws_iam_user", "this", Some("zoe"))),
        location: Some(Location {
            path: "people.yaml".to_owned(),
            line: 12,
            column: 5,
            end_line: 12,
            end_column: 8,
            precision: Precision::Value,
            excerpt: vec!["  - zoe".to_owned()],
        }),
        ..finding("dl-9e4d1490eeee", &USER, &["zoe"])
    }
}

/// Names that try to colour, to reorder and to forge lines.
pub(super) fn steering_name() -> Finding {
    named("eve\u{1b}[31m\u{202e}txt.exe\nin sync: everything")
}

/// A role of this name whose tags differ.
pub(super) fn named(name: &str) -> Finding {
    let tags = BTreeMap::from([
        ("note\u{1b}[8m".to_owned(), Value::from("a\r\nb\u{200b}")),
        ("token".to_owned(), Value::Secret(Secret::present())),
    ]);
    Finding {
        title: format!("IAM role `{name}`: `tags` differs"),
        address: Some(address(None, "aws_iam_role", "this", Some(name))),
        property: Some("tags"),
        recorded: Some(Value::Unknown),
        live: Some(Value::Map(tags)),
        severity: Severity::Info,
        reasons: vec![format!("`{name}` only carries labels")],
        location: Some(Location {
            path: "a\u{1b}[0m.tf".to_owned(),
            line: 1,
            column: 9,
            end_line: 1,
            end_column: 13,
            precision: Precision::Value,
            excerpt: vec!["\tname = \u{202e}名前\u{1b}[7m".to_owned()],
        }),
        steps: vec![step("accept", Some("driftline \u{1b}[1A exceptions add"), None, "live with \u{7}it")],
        ..finding("dl-e5e00000ffff", &ROLE, &[name])
    }
}

/// A listing that the system refused.
pub(super) fn refused() -> Gap {
    Gap {
        code: "access_denied".into(),
        system: "aws".to_owned(),
        scope: Some("123456789012".into()),
        hides: Hides::Facts { kinds: vec![&USER], fixed: Vec::new() },
        reason: "`iam:ListUsers` was refused: AccessDenied (HTTP 403)".to_owned(),
        hint: "give the reader `iam:ListUsers`; `driftline permissions aws` prints all it needs".to_owned(),
        location: None,
    }
}

/// A value that could not be followed in the source.
fn unread_line() -> Gap {
    Gap {
        code: "expression_unknown".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Lines,
        reason: "`for_each` reads `data.http.people`, which is known after an apply only".to_owned(),
        hint: "check with a plan".to_owned(),
        location: Some(Location {
            path: "people.tf".to_owned(),
            line: 7,
            column: 14,
            end_line: 7,
            end_column: 30,
            precision: Precision::Attribute,
            excerpt: Vec::new(),
        }),
    }
}
