"""Every out-of-band change is found as what it is, at the line that declares it, and nothing else is."""

import pytest

from changes import TABLE
from cluster import ACME, PROVIDER


def test_a_cluster_as_it_was_applied_is_in_sync(acme):
    report, status = acme.check()
    assert (report["verdict"], status) == ("in_sync", 0), report
    assert report["findings"] == [] and report["gaps"] == []
    assert (report["summary"]["in_sync"], report["summary"]["unknown"]) == (16, 0)
    assert [(scope["system"], scope["complete"]) for scope in report["scopes"]] == [("postgres", True)]
    assert report["scopes"][0]["scope"] == acme.server.sql("SELECT system_identifier FROM pg_control_system()")[0]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_change_is_found_and_nothing_else(acme, row):
    acme.server.sql(*row.statements)
    report, status = acme.check()
    assert sorted(shown(finding) for finding in report["findings"]) == sorted(wanted(one) for one in row.found)
    assert report["gaps"] == [] and report["summary"]["unknown"] == 0
    assert status == (3 if row.found else 0)
    if PROVIDER:
        assert acme.terraform_says() == row.terraform


def test_the_table_spans_every_change():
    found = [one for row in TABLE for one in row.found]
    assert len(TABLE) >= 40 and len({row.name for row in TABLE}) == len(TABLE)
    assert {one.change for one in found} == {"missing", "unmanaged", "added", "removed", "modified"}
    assert {row.terraform for row in TABLE} == {"drift", "nothing", "fails"}


def shown(finding):
    """What a finding says, as a text that sorts and that a failed assertion shows well."""
    place = finding["location"]
    if place is not None:
        place = line_of(place["path"].removeprefix("acme/"), place["line"], place["precision"])
    return text_of(finding, place)


def wanted(one):
    place = one.at
    if place is not None:
        place = line_of(place.path, place.line(ACME), place.precision)
    return text_of(vars(one), place)


def line_of(path, number, precision):
    text = (ACME / path).read_text().splitlines()[number - 1].strip()
    return f"{path}:{number} ({precision}) {text}"


def text_of(one, place):
    key = ", ".join(f"{name}={value}" for name, value in one["key"].items())
    said = [one["change"], one["status"], one["severity"], one["kind"], f"[{key}]", one["address"], one["property"]]
    return " ".join(str(word) for word in said) + f" @ {place}"
