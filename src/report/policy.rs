//! A policy document as a person reads it: the same document always gives the same lines.

use serde_json::{Map, Value as Json};

/// Keys of a policy and its statements in the order in which AWS documents them; all others follow by name.
const ORDER: [&str; 12] = [
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The document's lines, without the differences that mean nothing: the order of keys and of sets, a set of one
/// written as a text, a lone statement without its list. What is no JSON is given as it stands.
pub(super) fn lines(text: &str) -> Vec<String> {
    let document = serde_json::from_str(text).map(canonical);
    let pretty = document.and_then(|document| serde_json::to_string_pretty(&document));
    pretty.as_deref().unwrap_or(text).split('\n').map(str::to_owned).collect()
}

fn canonical(json: Json) -> Json {
    match json {
        Json::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
            Json::Object(fields.into_iter().map(|(key, value)| canonical_field(key, value)).collect::<Map<_, _>>())
        }
        Json::Array(items) => canonical_list(items.into_iter().map(canonical).collect()),
        other => other,
    }
}

fn canonical_field(key: String, value: Json) -> (String, Json) {
    let value = match value {
        statement @ Json::Object(_) if key == "Statement" => Json::Array(vec![canonical(statement)]),
        value => canonical(value),
    };
    (key, value)
}

/// Lists of texts are sets in a policy; statements keep their order.
fn canonical_list(mut items: Vec<Json>) -> Json {
    if items.is_empty() || !items.iter().all(Json::is_string) {
        return Json::Array(items);
    }
    items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    items.dedup();
    match <[Json; 1]>::try_from(items) {
        Ok([only]) => only,
        Err(items) => Json::Array(items),
    }
}

fn rank(key: &str) -> usize {
    ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writings_of_one_policy_give_the_same_lines() {
        let one = r#"{"Statement":[{"Resource":"*","Action":["b","a","a"],"Effect":"Allow"}],"Version":"2012-10-17"}"#;
        let two = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["a","b"],"Resource":["*"]}}"#;
        assert_eq!(lines(one), lines(two));
        insta::assert_snapshot!(lines(one).join("\n"), @r#"
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Action": [
                "a",
                "b"
              ],
              "Resource": "*"
            }
          ]
        }
        "#);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        assert_eq!(lines("not\njson"), ["not", "json"]);
        assert_eq!(lines(""), [""]);
    }
}
