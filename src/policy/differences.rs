//! What differs between a declared document and the live one, and which part of the declared text says it.
//!
//! Statements are paired first: those that mean the same, then those with one label, then those that have most in
//! common. Where two fit equally well nothing is guessed, and the list of statements is the place.

use super::canonical::normalised;
use super::document::{Document, Principals, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The way to a part of the declared text.
    pub at: Vec<Step>,
    /// Whether that part is what differs; else it is what would hold it.
    pub exact: bool,
    /// Whether live allows more by it; `None` where that is not said by the document alone.
    pub widens: Option<bool>,
}

/// A step into the JSON of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    /// An element of a list; a single value that is no list is its first.
    Item(usize),
}

/// The differences, in the order of the declared text as far as they have a place in it; none where one of the two is no
/// policy document.
pub fn differences(declared: &str, live: &str) -> Vec<Difference> {
    let (Ok(declared), Ok(live)) = (Document::parse(declared), Document::parse(live)) else { return Vec::new() };
    let mut found = Vec::new();
    if declared.version != live.version {
        found.push(told(declared.version.as_ref(), &[Step::key("Version")], &[], None));
    }
    let pairs = Pairs::of(&declared.statements, &live.statements);
    for (index, other) in &pairs.matched {
        if let (Some(said), Some(is)) = (declared.statements.get(*index), live.statements.get(*other)) {
            Compared { index: *index, allows: allows(said) }.compare(said, is, &mut found);
        }
    }
    let list = vec![Step::key("Statement")];
    for index in pairs.lost {
        let gone = declared.statements.get(index).map(allows);
        let at = [list.clone(), vec![Step::Item(index)]].concat();
        found.push(Difference { at, exact: true, widens: gone.map(|allows| !allows) });
    }
    for index in pairs.new {
        let at = if declared.statements.is_empty() { Vec::new() } else { list.clone() };
        found.push(Difference { at, exact: false, widens: live.statements.get(index).map(allows) });
    }
    if pairs.ambiguous {
        found.push(Difference { at: list, exact: false, widens: None });
    }
    if found.is_empty() && declared.id != live.id {
        found.push(told(declared.id.as_ref(), &[Step::key("Id")], &[], None));
    }
    found
}

/// A value that is other: at its place, or where it would be.
fn told(said: Option<&String>, at: &[Step], around: &[Step], widens: Option<bool>) -> Difference {
    let exact = said.is_some();
    Difference { at: if exact { at } else { around }.to_vec(), exact, widens }
}

fn allows(statement: &Statement) -> bool {
    !statement.effect.eq_ignore_ascii_case("deny")
}

/// Which statement of the one document is which of the other.
struct Pairs {
    matched: Vec<(usize, usize)>,
    lost: Vec<usize>,
    new: Vec<usize>,
    /// Some cannot be told apart.
    ambiguous: bool,
}

impl Pairs {
    fn of(declared: &[Statement], live: &[Statement]) -> Self {
        let (said, is) = (declared.iter().map(normalised).collect::<Vec<_>>(), live.iter().map(normalised));
        let is: Vec<_> = is.collect();
        let mut pairs = Pairs { matched: Vec::new(), lost: Vec::new(), new: Vec::new(), ambiguous: false };
        // What means the same needs no place, however often it stands there.
        pairs.lost = (0..said.len()).filter(|at| !is.contains(&said[*at])).collect();
        pairs.new = (0..is.len()).filter(|at| !said.contains(&is[*at])).collect();
        pairs.by_label(declared, live);
        pairs.by_likeness(&said, &is);
        // A label that changed is no other meaning: it tells only where nothing else does.
        if pairs.matched.is_empty() && pairs.lost.is_empty() && pairs.new.is_empty() {
            let alike = |at: &usize| is.iter().position(|other| *other == said[*at]).map(|other| (*at, other));
            let once = |at: &usize| said.iter().filter(|other| **other == said[*at]).count() == 1;
            pairs.matched = (0..said.len()).filter(once).filter_map(|at| alike(&at)).collect();
        }
        pairs.matched.sort_unstable();
        pairs
    }

    fn by_label(&mut self, declared: &[Statement], live: &[Statement]) {
        let only = |of: &[Statement], among: &[usize], sid: &str| {
            let mut with = among.iter().filter(|at| of[**at].sid.as_deref() == Some(sid));
            with.next().filter(|_| with.next().is_none()).copied()
        };
        for at in self.lost.clone() {
            let Some(sid) = declared[at].sid.as_deref().filter(|sid| !sid.is_empty()) else { continue };
            if let (Some(at), Some(other)) = (only(declared, &self.lost, sid), only(live, &self.new, sid)) {
                self.pair(at, other);
            }
        }
    }

    fn by_likeness(&mut self, said: &[Statement], is: &[Statement]) {
        loop {
            let best = |scores: Vec<(usize, usize)>| {
                let most = scores.iter().map(|(score, _)| *score).max().filter(|most| *most > 0)?;
                let all: Vec<usize> =
                    scores.into_iter().filter(|(score, _)| *score == most).map(|(_, at)| at).collect();
                Some(all)
            };
            let of_said =
                |at: usize| best(self.new.iter().map(|other| (likeness(&said[at], &is[*other]), *other)).collect());
            let of_is =
                |other: usize| best(self.lost.iter().map(|at| (likeness(&said[*at], &is[other]), *at)).collect());
            let mutual = self.lost.iter().find_map(|at| match of_said(*at)?.as_slice() {
                [other] if of_is(*other)? == [*at] => Some((*at, *other)),
                _ => None,
            });
            let Some((at, other)) = mutual else {
                let unsure = self.lost.iter().any(|at| of_said(*at).is_some());
                if unsure {
                    (self.lost, self.new, self.ambiguous) = (Vec::new(), Vec::new(), true);
                }
                return;
            };
            self.pair(at, other);
        }
    }

    fn pair(&mut self, at: usize, other: usize) {
        self.lost.retain(|lost| *lost != at);
        self.new.retain(|new| *new != other);
        self.matched.push((at, other));
    }
}

/// How much two statements have in common; 0 where they do not speak of the same thing.
fn likeness(a: &Statement, b: &Statement) -> usize {
    let lists = |s: &Statement| [s.action.clone(), s.not_action.clone(), s.resource.clone(), s.not_resource.clone()];
    let (of_a, of_b) = (lists(a), lists(b));
    let shared = of_a.iter().zip(&of_b).map(|pair| match pair {
        (Some(a), Some(b)) => a.iter().filter(|value| b.contains(value)).count(),
        _ => 0,
    });
    let shared: usize = shared.sum();
    let who = |s: &Statement| (s.principal.clone(), s.not_principal.clone());
    let same_who = (a.principal.is_some() || a.not_principal.is_some()) && who(a) == who(b);
    let same_condition = !a.condition.is_empty() && a.condition == b.condition;
    let same_lists = of_a.iter().zip(&of_b).filter(|(a, b)| a.is_some() && a == b).count();
    match shared + usize::from(same_who) + usize::from(same_condition) {
        0 => 0,
        some => {
            some + 4 * (same_lists + usize::from(same_who) + usize::from(same_condition))
                + 2 * usize::from(a.effect == b.effect)
        }
    }
}

/// A declared statement that is held against the live one.
struct Compared {
    index: usize,
    allows: bool,
}

impl Compared {
    fn compare(&self, said: &Statement, is: &Statement, found: &mut Vec<Difference>) {
        let before = found.len();
        if !said.effect.eq_ignore_ascii_case(&is.effect) {
            let said = Some(&said.effect).filter(|effect| !effect.is_empty());
            found.push(told(said, &self.to(&["Effect"]), &self.to(&[]), Some(!self.allows)));
        }
        let lists = [
            ("Action", &said.action, &is.action, true),
            ("NotAction", &said.not_action, &is.not_action, false),
            ("Resource", &said.resource, &is.resource, true),
            ("NotResource", &said.not_resource, &is.not_resource, false),
        ];
        for (name, said, is, more_is_wider) in lists {
            let fold =
                |value: &str| if name.ends_with("Action") { value.to_ascii_lowercase() } else { value.to_owned() };
            let at = self.to(&[name]);
            let sides = (said.as_deref(), is.as_deref());
            self.list(sides, fold, (&at, &self.to(&[])), more_is_wider, found);
        }
        self.principals("Principal", &said.principal, &is.principal, true, found);
        self.principals("NotPrincipal", &said.not_principal, &is.not_principal, false, found);
        self.conditions(&said.condition, &is.condition, found);
        if found.len() == before && said.sid != is.sid {
            found.push(told(said.sid.as_ref(), &self.to(&["Sid"]), &self.to(&[]), None));
        }
    }

    /// The way to a part of the statement.
    fn to(&self, keys: &[&str]) -> Vec<Step> {
        let statement = [Step::key("Statement"), Step::Item(self.index)];
        statement.into_iter().chain(keys.iter().map(|key| Step::key(key))).collect()
    }

    /// Whether a change widens access, when more of the thing widens what the statement speaks of.
    fn widens(&self, more: bool, more_is_wider: bool) -> bool {
        (more == more_is_wider) == self.allows
    }

    /// Elements that one of two lists has and the other does not.
    fn list(
        &self,
        (said, is): (Option<&[String]>, Option<&[String]>),
        fold: impl Fn(&str) -> String,
        (at, around): (&[Step], &[Step]),
        more_is_wider: bool,
        found: &mut Vec<Difference>,
    ) {
        let folded =
            |list: Option<&[String]>| list.unwrap_or_default().iter().map(|value| fold(value)).collect::<Vec<_>>();
        let (ours, theirs) = (folded(said), folded(is));
        for (index, value) in ours.iter().enumerate().filter(|(_, value)| !theirs.contains(value)) {
            let once = ours.iter().filter(|other| *other == value).count() == 1;
            let item = if once { vec![Step::Item(index)] } else { Vec::new() };
            let at = [at.to_vec(), item].concat();
            let gone = Difference { at, exact: once, widens: Some(self.widens(false, more_is_wider)) };
            if !found.contains(&gone) {
                found.push(gone);
            }
        }
        if theirs.iter().any(|value| !ours.contains(value)) {
            let at = if said.is_some() { at } else { around }.to_vec();
            found.push(Difference { at, exact: false, widens: Some(self.widens(true, more_is_wider)) });
        }
    }

    fn principals(
        &self,
        name: &str,
        said: &Option<Principals>,
        is: &Option<Principals>,
        more_is_wider: bool,
        found: &mut Vec<Difference>,
    ) {
        let (ours, theirs) = (typed(said), typed(is));
        let (whole, statement) = (self.to(&[name]), self.to(&[]));
        let around = if said.is_some() { &whole } else { &statement };
        let kinds: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for kind in kinds {
            let sides = (ours.get(kind).map(Vec::as_slice), theirs.get(kind).map(Vec::as_slice));
            // `"*"` is no object with types in it.
            let at = if matches!(said, Some(Principals::Text(_))) { whole.clone() } else { self.to(&[name, kind]) };
            let fold = |who: &str| super::document::root_account(who).unwrap_or(who).to_owned();
            self.list(sides, fold, (&at, around), more_is_wider, found);
        }
    }

    fn conditions(&self, said: &Conditions, is: &Conditions, found: &mut Vec<Difference>) {
        let statement = self.to(&[]);
        let whole = if said.is_empty() { statement } else { self.to(&["Condition"]) };
        for (operator, keys) in said {
            for (key, values) in keys {
                let at = self.to(&["Condition", operator, key]);
                match is.get(operator).and_then(|keys| keys.get(key)) {
                    None => found.push(Difference { at, exact: true, widens: Some(self.allows) }),
                    Some(other) => {
                        // Values of one key stand for any of them; those of a negated operator for none of them.
                        let more_is_wider = !operator.contains("Not");
                        let sides = (Some(values.as_slice()), Some(other.as_slice()));
                        self.list(sides, str::to_owned, (&at, &whole), more_is_wider, found);
                    }
                }
            }
        }
        for (operator, keys) in is {
            let here = said.get(operator);
            if keys.keys().any(|key| here.is_none_or(|here| !here.contains_key(key))) {
                let at = if here.is_some() { self.to(&["Condition", operator]) } else { whole.clone() };
                found.push(Difference { at, exact: false, widens: Some(!self.allows) });
            }
        }
    }
}

type Conditions = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Principals by type; everybody is of type `AWS`.
fn typed(principals: &Option<Principals>) -> BTreeMap<String, Vec<String>> {
    match principals {
        None => BTreeMap::new(),
        Some(Principals::Text(text)) => BTreeMap::from([("AWS".to_owned(), vec![text.clone()])]),
        Some(Principals::Typed(types)) => types.clone(),
    }
}

impl Step {
    fn key(name: &str) -> Self {
        Step::Key(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(statements: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
    }

    /// Each difference as a path, `~` in front of what only holds it, `+` or `-` behind for wider and narrower.
    fn told(declared: &str, live: &str) -> Vec<String> {
        let step = |step: &Step| match step {
            Step::Key(key) => key.clone(),
            Step::Item(index) => index.to_string(),
        };
        let each = |difference: Difference| {
            let path: Vec<_> = difference.at.iter().map(step).collect();
            let sign = difference.widens.map_or("", |widens| if widens { "+" } else { "-" });
            format!("{}{}{sign}", if difference.exact { "" } else { "~" }, path.join("."))
        };
        differences(declared, live).into_iter().map(each).collect()
    }

    const READ: &str = r#"{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}"#;

    fn against(from: &str, to: &str) -> Vec<String> {
        told(&document(READ), &document(&READ.replace(from, to)))
    }

    #[test]
    fn what_differs_in_a_statement_has_its_place() {
        assert_eq!(against("", ""), Vec::<String>::new());
        assert_eq!(against(r#","s3:ListBucket""#, ""), ["Statement.0.Action.1-"]);
        assert_eq!(against(r#""s3:ListBucket""#, r#""s3:ListBucket","iam:*""#), ["~Statement.0.Action+"]);
        assert_eq!(against("ListBucket", "PutObject"), ["Statement.0.Action.1-", "~Statement.0.Action+"]);
        assert_eq!(against("Allow", "Deny"), ["Statement.0.Effect-"]);
        assert_eq!(against(r#""*""#, r#"["arn:a","arn:b"]"#), ["Statement.0.Resource.0-", "~Statement.0.Resource+"]);
        assert_eq!(against("Action", "NotAction"), ["Statement.0.Action.0-", "Statement.0.Action.1-", "~Statement.0-"]);
        assert_eq!(against(r#""Effect""#, r#""Sid":"x","Effect""#), ["~Statement.0"]);
        let deny = |text: &str| document(&text.replace("Allow", "Deny"));
        assert_eq!(told(&deny(READ), &deny(&READ.replace(r#","s3:ListBucket""#, ""))), ["Statement.0.Action.1+"]);
    }

    #[test]
    fn conditions_and_principals_have_their_places() {
        let with = |inner: &str| document(&format!(r#"{{"Effect":"Allow","Action":"sts:AssumeRole",{inner}}}"#));
        let one = with(r#""Principal":{"AWS":["a","b"]},"Condition":{"StringLike":{"s":["x","y"]}}"#);
        let held = |from: &str, to: &str| told(&one, &one.replace(from, to));
        assert_eq!(held(r#","b""#, ""), ["Statement.0.Principal.AWS.1-"]);
        assert_eq!(held(r#""b""#, r#""b","c""#), ["~Statement.0.Principal.AWS+"]);
        assert_eq!(held(r#""b"]"#, r#""b"],"Service":"d""#), ["~Statement.0.Principal+"]);
        assert_eq!(held(r#","y""#, ""), ["Statement.0.Condition.StringLike.s.1-"]);
        assert_eq!(held(r#""y""#, r#""y","z""#), ["~Statement.0.Condition.StringLike.s+"]);
        assert_eq!(held(r#","Condition":{"StringLike":{"s":["x","y"]}}"#, ""), ["Statement.0.Condition.StringLike.s+"]);
        assert_eq!(held(r#""y"]"#, r#""y"],"t":"z""#), ["~Statement.0.Condition.StringLike-"]);
        let everybody = with(r#""Principal":"*""#);
        assert_eq!(told(&everybody, &with(r#""Principal":{"AWS":"*"}"#)), Vec::<String>::new());
        assert_eq!(
            told(&everybody, &with(r#""Principal":{"AWS":"a"}"#)),
            ["Statement.0.Principal.0-", "~Statement.0.Principal+"]
        );
    }

    #[test]
    fn whole_statements_come_and_go() {
        let other = r#"{"Effect":"Deny","Action":"iam:*","Resource":"arn:x"}"#;
        let both = document(&format!("{READ},{other}"));
        assert_eq!(told(&both, &document(READ)), ["Statement.1+"]);
        assert_eq!(told(&both, &document(other)), ["Statement.0-"]);
        assert_eq!(told(&document(READ), &both), ["~Statement-"]);
        assert_eq!(told(&both, &document(&format!("{other},{READ}"))), Vec::<String>::new());
        // By label, although another one has more in common.
        let labelled =
            |sid: &str, action: &str| format!(r#"{{"Sid":"{sid}","Effect":"Allow","Action":{action},"Resource":"*"}}"#);
        let from = document(&format!("{},{}", labelled("A", r#"["a:1","a:2"]"#), labelled("B", r#""b:1""#)));
        let to = document(&format!("{},{}", labelled("B", r#"["a:1","b:1"]"#), labelled("A", r#""a:2""#)));
        assert_eq!(told(&from, &to), ["Statement.0.Action.0-", "~Statement.1.Action+"]);
    }

    #[test]
    fn what_cannot_be_told_apart_has_no_place_of_its_own() {
        let twice = document(
            r#"{"Effect":"Allow","Action":"a:A","Resource":"x"},{"Effect":"Allow","Action":"a:B","Resource":"x"}"#,
        );
        let live = document(
            r#"{"Effect":"Allow","Action":"a:C","Resource":"x"},{"Effect":"Allow","Action":"a:D","Resource":"x"}"#,
        );
        assert_eq!(told(&twice, &live), ["~Statement"]);
        let repeated = document(&READ.replace(r#""s3:ListBucket""#, r#""s3:ListBucket","s3:ListBucket""#));
        assert_eq!(told(&repeated, &document(&READ.replace(r#","s3:ListBucket""#, ""))), ["~Statement.0.Action-"]);
        assert_eq!(told("no policy", "neither"), Vec::<String>::new());
    }

    #[test]
    fn labels_count_where_nothing_else_differs() {
        let labelled = READ.replace(r#""Effect""#, r#""Sid":"A","Effect""#);
        assert_eq!(told(&document(&labelled), &document(&labelled.replace(r#""A""#, r#""B""#))), ["Statement.0.Sid"]);
        let old = document(READ).replace("2012-10-17", "2008-10-17");
        assert_eq!(told(&document(READ), &old), ["Version"]);
    }
}
