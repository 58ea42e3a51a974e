//! Whole runs: with a state and a live system that are as the source says but for one entry, the program reports that
//! entry at its place; and once the place is edited to say what is live, nothing is left to report.
//!
//! States and facts are made from what the source says, through the claims of the resource types themselves.

use crate::edit;
use crate::expect::{Folder, Question, as_value, folders};
use crate::place::Place;
use crate::scene::{Read, Scene};
use driftline::model::{
    Address, AttrPath, Claim, Claims, Configured, Fact, Instance, InstanceRef, Key, Observation, ProviderRef, Scope,
    Step, Value,
};
use driftline::{providers, snapshot};
use serde_json::{Map, Value as Json, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const ACCOUNT: &str = "123456789012";
const CLUSTER: &str = "7710559690756202199";

#[test]
fn a_whole_run_points_at_the_place_and_is_content_after_the_edit() {
    let mut runs = 0;
    for folder in folders() {
        for question in folder.expect.questions.iter().filter(|question| question.live.is_some()) {
            run(&folder, question);
            runs += 1;
        }
    }
    assert!(runs >= MIN_RUNS, "{runs} whole runs");
}

/// Fewer would mean that folders are no longer checked.
const MIN_RUNS: usize = 20;

fn run(folder: &Folder, question: &Question) {
    let name = question.name(folder);
    let scene = Scene::of(folder);
    let read = scene.read();
    let declared = declared(&read);
    write_state(scene.path(), &declared);
    write_live(scene.path(), &facts(&declared, Some(question)));
    let (report, status) = check(folder, scene.path(), &[]);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!((findings.len(), status), (1, 3), "{name}: {report:#}");
    hold(question, &findings[0], &name);
    if question.is_exact() || question.is_of_list() {
        edited(folder, &scene, question, &read.place(question), &name);
    }
}

/// What the source says once its place says what is live.
fn edited(folder: &Folder, scene: &Scene<'_>, question: &Question, place: &Place, name: &str) {
    let path = scene.path().join(&place.file);
    let mut text = fs::read_to_string(&path).unwrap();
    let line = text[..place.bytes.start].rsplit('\n').next().unwrap();
    let now = match (question.path().0.last(), question.live.as_ref().unwrap()) {
        (Some(Step::Element(member)), toml::Value::Boolean(true)) => {
            edit::with_element(&text[place.bytes.clone()], member, line)
        }
        (_, live) => edit::in_place_of(&text[place.bytes.clone()], &scalar(live)),
    };
    text.replace_range(place.bytes.clone(), &now);
    fs::write(&path, text).unwrap();
    // Without a state the source alone says what ought to be, as far as the provider adds nothing to it.
    let (report, _) = check(folder, scene.path(), &["--no-state"]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{name}: by the source {report:#}");
    // With the state of before, somebody did by hand what the source says by now.
    let (report, _) = check(folder, scene.path(), &[]);
    // What else takes the value from there is to be applied.
    let mut findings = report["findings"].as_array().unwrap().iter().filter(|f| f["status"] != "pending");
    assert_eq!(findings.next().map(|f| &f["status"]), Some(&json!("converged")), "{name}: {report:#}");
    assert_eq!(findings.next(), None, "{name}: {report:#}");
    write_state(scene.path(), &declared(&scene.read()));
    let (report, status) = check(folder, scene.path(), &[]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{name}: {report:#}");
    assert_ne!(status, 3, "{name}");
}

fn scalar(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The place in the report is the expected one.
fn hold(question: &Question, finding: &Json, name: &str) {
    let at = |place: &Json| format!("{}:{}:{}", place["path"].as_str().unwrap(), place["line"], place["column"]);
    let related = finding["related"].as_array().unwrap().iter();
    let chain: Vec<_> = related.map(|place| format!("{} {}", place["role"].as_str().unwrap(), at(place))).collect();
    assert_eq!(at(&finding["location"]), question.at, "{name}");
    // Of a list that is complete the finding is about the list, and not about the member.
    let precision = if question.is_of_list() { "value" } else { &question.precision };
    assert_eq!(finding["location"]["precision"], precision, "{name}");
    assert_eq!(chain, question.chain, "{name}");
    assert_eq!(finding["address"], question.address, "{name}");
}

/// What the source says of all instances that the program knows.
fn declared(read: &Read) -> Vec<(Address, Value)> {
    let known = read.instances(&|name| providers::resource_type(name).is_some());
    let whole = |address: Address| {
        let value = read.value(&address, &AttrPath::default()).unwrap();
        (address, value)
    };
    known.into_iter().map(whole).collect()
}

fn provider(address: &Address) -> &'static str {
    match address.resource_type.starts_with("aws_") {
        true => "hashicorp/aws",
        false => "cyrilgdn/postgresql",
    }
}

fn claims(address: &Address, attributes: &Value) -> Claims {
    let (_, of) = providers::resource_type(&address.resource_type).unwrap();
    let reference = InstanceRef {
        address: address.clone(),
        provider: ProviderRef { source: provider(address).to_owned(), ..ProviderRef::default() },
        state: None,
        root: Some(0),
    };
    let Value::Map(set) = attributes else { panic!("{address} is an object") };
    let instance = Instance {
        by: Arc::new(reference),
        attributes: attributes.clone(),
        deposed: None,
        tainted: false,
        configured: Configured::Known(set.keys().map(|name| (name.clone(), true)).collect()),
        settings: None,
    };
    let mut claims = Claims::default();
    (of.claims)(&instance, &mut claims);
    claims
}

/// The facts that answer to what is declared; the one that the question is about is as it says.
fn facts(declared: &[(Address, Value)], question: Option<&Question>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (address, attributes) in declared {
        let claims = claims(address, attributes);
        let mut of_instance: Vec<_> = claims.claims.iter().map(|claim| (claim, fact(claim))).collect();
        if let Some(question) = question.filter(|question| question.address() == *address) {
            let (live, path) = (question.live.as_ref().unwrap(), question.path());
            let changed = of_instance.iter_mut().find_map(|(claim, fact)| change(claim, fact, &path, &as_value(live)));
            if changed.is_none() {
                facts.push(added(&claims, &path));
            }
        }
        facts.extend(of_instance.into_iter().map(|(_, fact)| fact));
    }
    facts
}

/// Changes the property that is said at the path; nothing where the claim has none.
fn change(claim: &Claim, fact: &mut Fact, path: &AttrPath, live: &Value) -> Option<()> {
    let (step, rest) = path.0.split_last()?;
    let within = AttrPath(rest.to_vec());
    let (property, claimed) =
        claim.properties.iter().find(|(_, claimed)| claimed.at == *path || claimed.at == within)?;
    let value = match (&claimed.value, step) {
        (Value::Map(fields), Step::Key(key)) => {
            let mut fields = fields.clone();
            fields.insert(key.clone(), live.clone());
            Value::Map(fields)
        }
        _ => live.clone(),
    };
    fact.properties.insert(property, value);
    Some(())
}

/// A member that the authority at the path does not list.
fn added(claims: &Claims, path: &AttrPath) -> Fact {
    let Some((Step::Element(member), rest)) = path.0.split_last() else { panic!("a member is asked for") };
    let authority = claims.authorities.iter().find(|authority| authority.at.0 == rest).expect("an authority is there");
    let field = |name: &&'static str| {
        let fixed = authority.fixed.iter().find(|(field, _)| field == name);
        fixed.map_or_else(|| member.clone(), |(_, value)| value.clone())
    };
    Fact::new(authority.kind, scope_of(authority.kind.system()).into(), Key::new(authority.kind.key.iter().map(field)))
}

fn fact(claim: &Claim) -> Fact {
    let mut fact = Fact::new(claim.kind, scope_of(claim.kind.system()).into(), claim.key.clone());
    fact.properties.extend(claim.properties.iter().map(|(name, claimed)| (*name, claimed.value.clone())));
    fact
}

fn scope_of(system: &str) -> &'static str {
    if system == "aws" { ACCOUNT } else { CLUSTER }
}

fn write_state(dir: &Path, declared: &[(Address, Value)]) {
    let resource = |(address, attributes): &(Address, Value)| {
        let mut instance = json!({"schema_version": 0, "attributes": as_json(attributes), "sensitive_attributes": []});
        match &address.key {
            Some(driftline::model::InstanceKey::Int(key)) => instance["index_key"] = json!(key),
            Some(driftline::model::InstanceKey::Str(key)) => instance["index_key"] = json!(key),
            None => {}
        }
        let mut resource = json!({"mode": "managed", "type": address.resource_type, "name": address.name,
            "provider": format!("provider[\"registry.terraform.io/{}\"]", provider(address)), "instances": [instance]});
        if !address.module.0.is_empty() {
            resource["module"] = json!(address.module.to_string());
        }
        resource
    };
    let state = json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "origins", "outputs": {},
        "resources": declared.iter().map(resource).collect::<Vec<_>>(), "check_results": null});
    fs::write(dir.join("terraform.tfstate"), state.to_string()).unwrap();
}

fn write_live(dir: &Path, facts: &[Fact]) {
    let mut systems: Vec<_> = facts.iter().map(|fact| fact.kind.system()).collect();
    systems.sort_unstable();
    systems.dedup();
    let scope = |system: &&str| Scope {
        system: (*system).to_owned(),
        id: scope_of(system).into(),
        identity: "test".to_owned(),
        facts: facts.iter().filter(|fact| fact.kind.system() == *system).count(),
        requests: 0,
        complete: true,
        meant_by: Vec::new(),
    };
    let observation =
        Observation { scopes: systems.iter().map(scope).collect(), facts: facts.to_vec(), gaps: Vec::new() };
    let text = snapshot::save(&observation, &providers::kinds(), "2026-01-01T00:00:00Z", "0").unwrap();
    fs::write(dir.join("live.json"), text).unwrap();
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Number(number) => Json::Number(number.clone()),
        Value::String(text) => json!(text),
        Value::List(items) => Json::Array(items.iter().map(as_json).collect()),
        Value::Map(fields) => {
            Json::Object(fields.iter().map(|(key, value)| (key.clone(), as_json(value))).collect::<Map<_, _>>())
        }
        Value::Null | Value::Secret(_) | Value::Unknown => Json::Null,
    }
}

/// The JSON report and the exit status of a run in a directory with the inputs of its folder.
fn check(folder: &Folder, dir: &Path, arguments: &[&str]) -> (Json, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
    command.args(["check", "--format", "json", "--live", "live.json"]).args(arguments);
    for file in &folder.expect.var_files {
        command.args(["--var-file", file]);
    }
    for variable in &folder.expect.vars {
        command.args(["--var", variable]);
    }
    command.current_dir(dir).env_clear().env("HOME", dir);
    command.envs(folder.expect.environment.iter().map(|(name, text)| (format!("TF_VAR_{name}"), text)));
    let output = command.output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}: {output:?}", folder.name));
    (report, output.status.code().unwrap())
}
