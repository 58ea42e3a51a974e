"""Every out-of-band change is found as what it is, at the line that declares it, and nothing else is."""

import pytest

import adopted
from changes import TABLE
from live import ACME


def test_an_account_as_it_was_applied_is_in_sync(account):
    report, status = account.check()
    assert (report["verdict"], status) == ("in_sync", 0), report
    assert report["findings"] == [] and report["gaps"] == []
    assert report["summary"]["unknown"] == 0
    assert report["summary"]["in_sync"] > 70
    assert [scope["complete"] for scope in report["scopes"]] == [True]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_change_is_found_and_nothing_else(account, row):
    made = row.change(account.aws)
    names = {**account.ids, **(made if isinstance(made, dict) else {})}
    report, status = account.check("--patches", *row.arguments)
    found = sorted(shown(finding) for finding in report["findings"])
    expected = sorted(wanted(one, names) for one in row.found)
    assert found == expected
    assert report["gaps"] == []
    assert report["summary"]["unknown"] == 0
    assert status == (3 if row.found else 0)
    assert report["verdict"] == ("findings" if row.found else "in_sync")
    adopted.settle(account, report, *row.arguments)


def test_the_table_spans_every_kind_and_change():
    found = [one for row in TABLE for one in row.found]
    assert len(TABLE) >= 45 and len({row.name for row in TABLE}) == len(TABLE)
    assert {one.change for one in found} == {
        "missing", "unmanaged", "added", "removed", "modified", "replaced", "dangling",
    }
    assert len({one.kind for one in found}) == 19
    assert {one.severity for one in found} == {"info", "low", "medium", "high", "critical"}


def shown(finding):
    """What a finding says, as a text that sorts and that a failed assertion shows well."""
    place = finding["location"]
    if place is not None:
        place = line_of(place["path"].removeprefix("acme/"), place["line"], place["precision"])
    return text_of(finding, finding["key"], place)


def wanted(one, names):
    key = {name: names.get(value, value) for name, value in one.key.items()}
    place = one.at
    if place is not None:
        place = line_of(place.path, place.line(ACME), place.precision)
    return text_of(vars(one), key, place)


def line_of(path, number, precision):
    text = (ACME / path).read_text().splitlines()[number - 1].strip()
    return f"{path}:{number} ({precision}) {text}"


def text_of(one, key, place):
    key = ", ".join(f"{name}={value}" for name, value in key.items())
    said = [one["change"], one["status"], one["severity"], one["kind"], f"[{key}]", one["address"], one["property"]]
    return " ".join(str(word) for word in said) + f" @ {place}"
