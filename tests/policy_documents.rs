//! `data.aws_iam_policy_document` as driftline computes it: what the provider writes for the same arguments, and where
//! each part of it was written.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use driftline::model::Address;
use driftline::providers;
use driftline::terraform::config::{Configuration, Inputs, Says};
use driftline::terraform::value::Val;
use std::fs;

/// The text of `local.it` in this configuration, or why it has none.
fn evaluated(source: &str) -> Result<String, String> {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("main.tf"), format!("resource \"t\" \"it\" {{\n  it = local.it\n}}\n{source}")).unwrap();
    let (mut configuration, gaps) = Configuration::load(dir.path(), "", None, &Inputs::default()).unwrap();
    assert!(gaps.is_empty(), "{gaps:?}");
    configuration.compute(providers::computed());
    let address: Address = "t.it".parse().unwrap();
    let Says::Declared { value, .. } = configuration.says(&address) else { panic!("it is declared") };
    let it: Val = value.get("it").unwrap();
    match it.why_not_wholly_known() {
        Some(why) => Err(why.text.clone()),
        None => Ok(it.as_str().unwrap().to_owned()),
    }
}

/// The document `d` with these contents, without white space.
fn minified(contents: &str) -> Result<String, String> {
    evaluated(&format!(
        "locals {{ it = data.aws_iam_policy_document.d.minified_json }}\ndata \"aws_iam_policy_document\" \"d\" {{\n{contents}\n}}\n"
    ))
}

/// A document of one statement with these contents; gives what stands between its braces.
fn statement(contents: &str) -> String {
    let whole = minified(&format!("statement {{\n{contents}\n}}")).unwrap();
    let inner = whole.strip_prefix(r#"{"Version":"2012-10-17","Statement":[{"#).unwrap();
    inner.strip_suffix("}]}").unwrap().to_owned()
}

#[test]
fn the_text_has_the_form_of_the_provider() {
    let json = evaluated(
        r#"locals { it = data.aws_iam_policy_document.d.json }
data "aws_iam_policy_document" "d" {
  policy_id = "id"
  statement {
    sid       = "1"
    actions   = ["s3:GetBucketLocation", "s3:ListAllMyBuckets"]
    resources = ["arn:aws:s3:::*"]
  }
  statement {
    actions = ["kinesis:*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
"#,
    )
    .unwrap();
    let expected = r#"{
  "Version": "2012-10-17",
  "Id": "id",
  "Statement": [
    {
      "Sid": "1",
      "Effect": "Allow",
      "Action": [
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation"
      ],
      "Resource": "arn:aws:s3:::*"
    },
    {
      "Effect": "Allow",
      "Action": "kinesis:*",
      "Principal": {
        "AWS": "*"
      }
    }
  ]
}"#;
    assert_eq!(json, expected);
}

#[test]
fn statements_are_written_as_the_provider_writes_them() {
    let cases = [
        (r#"actions = ["a:A"]"#, r#""Effect":"Allow","Action":"a:A""#),
        (r#"effect = "Deny""#, r#""Effect":"Deny""#),
        (r#"actions = []"#, r#""Effect":"Allow""#),
        (r#"actions = ["a:B", "a:C", "a:A", "a:C"]"#, r#""Effect":"Allow","Action":["a:C","a:B","a:A"]"#),
        (
            r#"not_actions = ["a:A"]
               not_resources = ["x", "y"]"#,
            r#""Effect":"Allow","NotAction":"a:A","NotResource":["y","x"]"#,
        ),
        (
            r#"resources = ["arn:aws:s3:::b/&{aws:username}", "arn:aws:s3:::b/&{aws:username}/*"]"#,
            r#""Effect":"Allow","Resource":["arn:aws:s3:::b/${aws:username}/*","arn:aws:s3:::b/${aws:username}"]"#,
        ),
        // Variables are not looked for among actions; Go escapes what HTML would read.
        (r#"actions = ["a:&{b}<>"]"#, r#""Effect":"Allow","Action":"a:\u0026{b}\u003c\u003e""#),
        (
            r#"principals {
                 type        = "*"
                 identifiers = ["*"]
               }"#,
            r#""Effect":"Allow","Principal":"*""#,
        ),
        (
            r#"not_principals {
                 type        = "AWS"
                 identifiers = ["a"]
               }"#,
            r#""Effect":"Allow","NotPrincipal":{"AWS":"a"}"#,
        ),
        (
            r#"principals {
                 type        = "Service"
                 identifiers = ["ec2.amazonaws.com"]
               }
               principals {
                 type        = "AWS"
                 identifiers = ["b", "c"]
               }"#,
            r#""Effect":"Allow","Principal":{"AWS":["c","b"],"Service":"ec2.amazonaws.com"}"#,
        ),
        (
            r#"condition {
                 test     = "StringLike"
                 variable = "s3:prefix"
                 values   = ["home/", "", "home/&{aws:username}/"]
               }"#,
            r#""Effect":"Allow","Condition":{"StringLike":{"s3:prefix":["home/","","home/${aws:username}/"]}}"#,
        ),
        (
            r#"condition {
                 test     = "StringEquals"
                 variable = "b"
                 values   = ["1"]
               }
               condition {
                 test     = "StringEquals"
                 variable = "a"
                 values   = [true, 2]
               }
               condition {
                 test     = "Bool"
                 variable = "c"
                 values   = []
               }"#,
            r#""Effect":"Allow","Condition":{"Bool":{"c":[]},"StringEquals":{"a":["true","2"],"b":"1"}}"#,
        ),
    ];
    for (contents, expected) in cases {
        assert_eq!(statement(contents), expected, "{contents}");
    }
}

/// Blocks of principals are a set, and the provider goes through it in the order of its hashes.
#[test]
fn principals_of_one_type_stand_in_the_order_of_their_set() {
    let principals = |accounts: &[&str]| {
        let root = |account: &&str| format!("\"arn:PARTITION:iam::{0}:root\"", account.repeat(12));
        let identifiers: Vec<_> = accounts.iter().map(root).collect();
        format!("principals {{\n type = \"AWS\"\n identifiers = [{}]\n}}\n", identifiers.join(", "))
    };
    let order = |partition: &str, blocks: &[&[&str]]| -> String {
        let blocks: String = blocks.iter().map(|accounts| principals(accounts)).collect();
        let text = statement(&blocks.replace("PARTITION", partition));
        text.split("iam::").skip(1).map(|rest| rest.chars().next().unwrap()).collect()
    };
    assert_eq!(order("aws", &[&["1"], &["2", "3"]]), "132");
    assert_eq!(order("aws", &[&["1", "2"], &["3"], &["4"]]), "3421");
    assert_eq!(order("aws-us-gov", &[&["1", "2"], &["3"], &["4"]]), "3214");
}

#[test]
fn what_the_provider_refuses_is_not_known() {
    let twice = "statement {\n sid = \"1\"\n}\nstatement {\n sid = \"1\"\n}";
    assert_eq!(minified(twice).unwrap_err(), "two statements have the same `sid`");
    let blank = "statement {\n sid = \"\"\n}\nstatement {\n sid = \"\"\n}";
    assert_eq!(
        minified(blank).unwrap(),
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"},{"Effect":"Allow"}]}"#
    );
    let old = |inner: &str| minified(&format!("version = \"2008-10-17\"\nstatement {{\n{inner}\n}}"));
    assert_eq!(
        old("resources = [\"a\"]").unwrap(),
        r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Resource":"a"}]}"#
    );
    for inner in [
        "resources = [\"&{aws:username}\"]",
        "not_resources = [\"x&{aws:username}\"]",
        "principals {\n type = \"AWS\"\n identifiers = [\"&{aws:username}\"]\n}",
        "condition {\n test = \"a\"\n variable = \"b\"\n values = [\"1\", \"&{aws:username}\"]\n}",
    ] {
        assert_eq!(old(inner).unwrap_err(), "version 2008-10-17 has no policy variables (`&{`)", "{inner}");
    }
    assert_eq!(minified("statement {\n actions = [null]\n}").unwrap_err(), "`actions` holds a null");
    assert!(minified("source_policy_documents = [\"{\"]").unwrap_err().starts_with("a document is not JSON"));
    assert!(minified("statement {\n actions = [aws_unknown.x.id]\n}").is_err());
}

/// The first argument names documents `a`, `b`, … as `sid action` per statement.
fn merged(documents: &[&str], contents: &str) -> Result<String, String> {
    let mut source = String::from("locals { it = data.aws_iam_policy_document.d.minified_json }\n");
    for (name, statements) in ["a", "b", "c"].iter().zip(documents) {
        source += &format!("data \"aws_iam_policy_document\" \"{name}\" {{\n");
        for each in statements.split(';').filter(|each| !each.is_empty()) {
            let (sid, action) = each.split_once(' ').unwrap();
            source += &format!("statement {{\n sid = \"{sid}\"\n actions = [\"{action}\"]\n}}\n");
        }
        source += "}\n";
    }
    let document = |name: &str| format!("data.aws_iam_policy_document.{name}.json");
    let contents = contents.replace("$a", &document("a")).replace("$b", &document("b")).replace("$c", &document("c"));
    source += &format!("data \"aws_iam_policy_document\" \"d\" {{\n{contents}\n}}\n");
    let json = evaluated(&source)?;
    let tree: serde_json::Value = serde_json::from_str(&json).unwrap();
    let short = |statement: &serde_json::Value| {
        format!("{} {}", statement["Sid"].as_str().unwrap_or(""), statement["Action"].as_str().unwrap())
    };
    Ok(tree["Statement"].as_array().unwrap().iter().map(short).collect::<Vec<_>>().join(";"))
}

#[test]
fn documents_are_laid_over_each_other() {
    let own = "statement {\n sid = \"S\"\n actions = [\"own\"]\n}";
    let cases: &[(&[&str], String, &str)] = &[
        (&[" 1;A 2", "B 3", " 4"], "source_policy_documents = [$a, $b, $c]".into(), " 1;A 2;B 3; 4"),
        (&[" 1;A 2", "B 3", "A 4"], "override_policy_documents = [$a, $b, $c]".into(), " 1;A 4;B 3"),
        (&["S 1; 2"], format!("source_policy_documents = [$a, null]\n{own}"), "S own; 2"),
        (&["S 1; 2"], format!("override_policy_documents = [$a]\n{own}"), "S 1; 2"),
        (&["S 1", "S 2"], format!("source_json = $a\noverride_json = $b\n{own}"), "S 2"),
        (&[" 1"], format!("source_json = \"\"\noverride_policy_documents = []\n{own}"), "S own"),
    ];
    for (documents, contents, expected) in cases {
        assert_eq!(merged(documents, contents).unwrap(), *expected, "{contents}");
    }
    let twice = merged(&[" 1;A 2", "B 3", "A 4"], "source_policy_documents = [$a, $b, $c]");
    assert_eq!(twice.unwrap_err(), "two statements of `source_policy_documents` have the same `sid`");
}

/// Documents that are merged in are read and written again: some of their forms change on the way.
#[test]
fn merged_documents_keep_their_lists_and_lose_their_order_where_the_provider_does() {
    let through = |statement: &str| {
        let json = format!(r#"{{"Version":"2008-10-17","Id":"i","Extra":1,"Statement":[{statement}]}}"#);
        let json = json.replace('"', "\\\"");
        let whole = minified(&format!("source_policy_documents = [\"{json}\"]"))?;
        let inner = whole.strip_prefix(r#"{"Version":"2012-10-17","Id":"i","Statement":["#).unwrap();
        Ok::<_, String>(inner.strip_suffix("]}").unwrap().to_owned())
    };
    let cases = [
        (
            r#"{"effect":"Allow","Action":["b","a"],"Resource":["x"]}"#,
            r#"{"Effect":"Allow","Action":["b","a"],"Resource":["x"]}"#,
        ),
        (r#"{"Principal":{"Service":["a","b"],"AWS":"x"}}"#, r#"{"Principal":{"AWS":"x","Service":["b","a"]}}"#),
        (r#"{"Principal":"anything"}"#, r#"{"Principal":"*"}"#),
        (r#"{"Condition":{"Bool":{"s":false}}}"#, r#"{"Condition":{"Bool":{"s":"false"}}}"#),
        (r#"{"Condition":{"StringLike":{"s":["one"]}}}"#, r#"{"Condition":{"StringLike":{"s":"one"}}}"#),
        (r#"{"Sid":"","Action":null}"#, "{}"),
    ];
    for (statement, expected) in cases {
        assert_eq!(through(statement).unwrap(), expected, "{statement}");
    }
    for refused in [r#"{"Condition":{"NumericLessThan":{"s":1}}}"#, r#"{"Action":{"a":1}}"#, r#"{"Sid":"a","SID":"b"}"#]
    {
        assert!(through(refused).is_err(), "{refused}");
    }
}

#[test]
fn dynamic_statements_are_statements() {
    let json = minified(
        r#"dynamic "statement" {
  for_each = { Read = ["s3:Get*"], Write = ["s3:Put*", "s3:Delete*"] }
  content {
    sid     = statement.key
    actions = statement.value
  }
}"#,
    );
    let expected = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:Get*"},{"Sid":"Write","Effect":"Allow","Action":["s3:Put*","s3:Delete*"]}]}"#;
    assert_eq!(json.unwrap(), expected);
}

/// The documents that the real provider wrote, taken out of a recorded state, are computed again from the source.
#[test]
fn recorded_documents_are_computed_to_the_letter() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/aws/acme");
    let mut state: serde_json::Value =
        serde_json::from_slice(&fs::read(root.join("terraform.tfstate")).unwrap()).unwrap();
    let mut recorded = std::collections::BTreeMap::new();
    for resource in state["resources"].as_array_mut().unwrap() {
        if resource["type"] != "aws_iam_policy_document" {
            continue;
        }
        let module = resource["module"].as_str().map_or(String::new(), |module| format!("{module}."));
        let name = format!("{module}{}", resource["name"].as_str().unwrap());
        let attributes = resource["instances"][0]["attributes"].as_object_mut().unwrap();
        attributes.remove("minified_json");
        recorded.insert(name, attributes.remove("json").unwrap().as_str().unwrap().to_owned());
    }
    let (mut configuration, _) = Configuration::load(&root, "", None, &Inputs::default()).unwrap();
    configuration.compute(providers::computed());
    let bytes = serde_json::to_vec(&state).unwrap();
    let state = driftline::terraform::state::read(bytes, "terraform.tfstate", &providers::secrets_of).unwrap();
    configuration.record(&state);
    let used = [
        ("boundary", "aws_iam_policy.boundary", "policy"),
        ("github_trust", "aws_iam_role.deploy", "assume_role_policy"),
        ("releases", "aws_s3_bucket_policy.releases", "policy"),
    ];
    for (document, address, argument) in used {
        let address: Address = address.parse().unwrap();
        let Says::Declared { value, .. } = configuration.says(&address) else { panic!("`{address}` is declared") };
        let computed = value.get(argument).unwrap();
        assert_eq!(computed.as_str(), Some(recorded[document].as_str()), "{document}");
    }
    assert_eq!(recorded.len(), 7);
}
