//! From a difference between two policy documents to the statement, action, principal or condition in the source that
//! says the declared side.

use super::Declared;
use crate::compare::{Difference, Said};
use crate::model::{Compare, Finding, Gap, Location, Precision, Related};
use crate::policy;
use crate::policy::differences::Step;
use crate::terraform::config::{Located, SaidText};
use crate::terraform::decode::json;
use crate::terraform::decode::tree::{Kind, Node};

/// The place of a finding: where it is about a policy document and that is certain, the place of what differs in it, those
/// of what else differs among the further ones; else what was found so far.
pub(super) fn narrowed(
    declared: &Declared,
    difference: &mut Difference<'_>,
    place: Option<Result<Located, Gap>>,
) -> Option<Result<Located, Gap>> {
    let (Some(said), Some(Ok(_))) = (&difference.said, &place) else { return place };
    match places(declared, said, &difference.finding) {
        Narrowed::To(located) => Some(Ok(located)),
        Narrowed::SaysOther => {
            let reason =
                "the source says another document than the one that is compared, so the place is that of the whole";
            difference.finding.reasons.push(reason.to_owned());
            place
        }
        Narrowed::No => place,
    }
}

enum Narrowed {
    To(Located),
    /// The source has changed since: its lines do not say what is compared.
    SaysOther,
    No,
}

fn places(declared: &Declared, said: &Said<'_>, finding: &Finding) -> Narrowed {
    let is_document = finding.property.and_then(|name| finding.kind.property(name)).map(|property| property.compare);
    let judged = finding.desired.as_ref().or(finding.recorded.as_ref()).and_then(|value| value.as_str());
    let (Some(Compare::PolicyDocument), Some(judged), Some(live)) =
        (is_document, judged, finding.live.as_ref().and_then(|live| live.as_str()))
    else {
        return Narrowed::No;
    };
    let configuration = said.by.root.and_then(|root| declared.configuration(root));
    let Some(source) = configuration.and_then(|source| source.text(&said.by.address, &said.at)) else {
        return Narrowed::No;
    };
    if !policy::same_by_meaning(source.text(), judged) {
        return Narrowed::SaysOther;
    }
    located(&source, live).map_or(Narrowed::No, Narrowed::To)
}

/// The place of the first difference that widens access, else of the first, with the other ones among the related.
fn located(source: &SaidText, live: &str) -> Option<Located> {
    let whole = json::positions(source.text()).ok()?;
    let document = match whole.items() {
        [only] => only,
        _ => &whole,
    };
    let differences = policy::differences(source.text(), live);
    let first = differences.iter().position(|one| one.widens == Some(true)).unwrap_or(0);
    let mut primary = at(source, document, differences.get(first)?)?;
    let others = differences.iter().enumerate().filter(|(index, _)| *index != first);
    let others: Vec<Located> = others.filter_map(|(_, difference)| at(source, document, difference)).collect();
    // A value with another one in its place is the very value.
    if let Some(same) = others.iter().find(|other| is_same_place(&other.location, &primary.location)) {
        primary.location.precision = match (primary.location.precision, same.location.precision) {
            (_, Precision::Value) => Precision::Value,
            (own, _) => own,
        };
    }
    Some(primary.and(others.iter().map(|other| also(&other.location))))
}

fn is_same_place(a: &Location, b: &Location) -> bool {
    let span = |at: &Location| (at.line, at.column, at.end_line, at.end_column);
    a.path == b.path && span(a) == span(b)
}

/// The place of one difference.
fn at(source: &SaidText, document: &Node, difference: &policy::differences::Difference) -> Option<Located> {
    let node = node_at(document, &difference.at)?;
    let mut located = match node.kind {
        Kind::Text(_) => source.string(node.range.clone()),
        Kind::Object(_) => source.object(node.range.clone()),
        _ => source.value_at(node.range.clone()),
    }?;
    if !difference.exact && located.location.precision == Precision::Value {
        located.location.precision = Precision::Attribute;
    }
    Some(located)
}

pub(super) fn node_at<'n>(document: &'n Node, steps: &[Step]) -> Option<&'n Node> {
    steps.iter().try_fold(document, |node, step| match (step, &node.kind) {
        (Step::Key(key), _) => node.get(key),
        (Step::Item(index), Kind::List(items)) => items.get(*index),
        (Step::Item(index), _) => (*index == 0).then_some(node),
    })
}

fn also(location: &Location) -> Related {
    let Location { path, line, column, .. } = location;
    Related { path: path.clone(), line: *line, column: *column, role: "also differs".to_owned() }
}
