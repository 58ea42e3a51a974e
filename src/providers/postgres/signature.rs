//! Which function a person means: by its name, or with the types of its arguments as people write them.

/// Types and what the server calls them (PostgreSQL documentation, table "Data Types").
static ALIASES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int4", "integer"),
    ("serial", "integer"),
    ("int8", "bigint"),
    ("bigserial", "bigint"),
    ("int2", "smallint"),
    ("smallserial", "smallint"),
    ("bool", "boolean"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("float", "double precision"),
    ("decimal", "numeric"),
    ("varchar", "character varying"),
    ("char varying", "character varying"),
    ("char", "character"),
    ("bpchar", "character"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// Whether the written name, with or without arguments, names the function with this signature.
pub(super) fn means(written: &str, live: &str) -> bool {
    let (name, arguments) = match written.split_once('(') {
        Some((name, rest)) => (name, Some(rest.strip_suffix(')').unwrap_or(rest))),
        None => (written, None),
    };
    let Some(own) = live.strip_prefix(name).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')')) else {
        return false;
    };
    let Some(arguments) = arguments else { return !own.contains('(') };
    let (written, own) = (split(arguments), split(own));
    written.len() == own.len() && written.iter().zip(&own).all(|(written, own)| same_type(written, own))
}

/// The types between commas that are not in brackets or quotes.
fn split(list: &str) -> Vec<String> {
    let (mut types, mut depth, mut quoted) = (vec![String::new()], 0_usize, false);
    for c in list.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                types.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = types.last_mut() {
            last.push(c);
        }
    }
    let mut types: Vec<_> = types.iter().map(|one| one.trim().to_owned()).collect();
    if types == [""] {
        types.clear();
    }
    types
}

/// Whether both are one type; one that is written without its schema may lie in any.
fn same_type(written: &str, live: &str) -> bool {
    let (written, live) = (plain(written), plain(live));
    written == live || live.strip_suffix(&written).is_some_and(|schema| schema.ends_with('.'))
}

/// As the server calls it, without what limits its values.
fn plain(written: &str) -> String {
    let (array, element) = match written.trim_end().strip_suffix("[]") {
        Some(element) => ("[]", element),
        None => ("", written),
    };
    if element.contains('"') {
        return format!("{}{array}", element.trim());
    }
    let mut text = String::new();
    let mut depth = 0_usize;
    for c in element.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => text.extend(c.to_lowercase()),
            _ => {}
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.strip_prefix("pg_catalog.").unwrap_or(&text);
    let known = ALIASES.iter().find(|(alias, _)| *alias == text).map_or(text, |(_, name)| name);
    format!("{known}{array}")
}

#[cfg(test)]
mod tests {
    use super::means;

    #[test]
    fn a_name_alone_means_all_of_that_name() {
        assert!(means("add", "add(integer, integer)") && means("add", "add()"));
        assert!(!means("add", "adder(integer)") && !means("add", "add(x()"));
    }

    #[test]
    fn types_are_the_same_however_they_are_written() {
        for (written, live) in [
            ("add(int, INT4)", "add(integer, integer)"),
            ("cut(varchar(10), numeric(10,2))", "cut(character varying, numeric)"),
            ("at(timestamp  with time zone,text[])", "at(timestamp with time zone, text[])"),
            ("of(order_state)", "of(app.order_state)"),
            ("none()", "none()"),
            ("named(\"Odd,Type\")", "named(app.\"Odd,Type\")"),
        ] {
            assert!(means(written, live), "{written} {live}");
        }
        for (written, live) in
            [("add(int)", "add(bigint)"), ("add(int)", "add(integer, integer)"), ("add()", "add(text)")]
        {
            assert!(!means(written, live), "{written} {live}");
        }
    }
}
