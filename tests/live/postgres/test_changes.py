"""Every out-of-band change is found as what it is, at the line that declares it, and nothing else is."""

import json
import re

import pytest

import adopted
from changes import TABLE
from cluster import ACME, IN_SYNC, PROVIDER, RECORDING, VERSION

# Of databases that nothing declares, too.
EVERYWHERE = ("--database", "*")


def test_a_cluster_as_it_was_applied_is_in_sync(acme):
    for more in ((), EVERYWHERE):
        report, status = acme.check(*more)
        assert (report["verdict"], status) == ("in_sync", 0), report
        assert report["findings"] == [] and report["gaps"] == []
        assert (report["summary"]["in_sync"], report["summary"]["unknown"]) == (IN_SYNC, 0)
        assert [(scope["system"], scope["complete"]) for scope in report["scopes"]] == [("postgres", True)]
        assert report["scopes"][0]["scope"] == acme.server.sql("SELECT system_identifier FROM pg_control_system()")[0]
    if PROVIDER:
        assert acme.terraform.says() == []


@pytest.mark.parametrize("row", [row for row in TABLE if row.since <= VERSION], ids=lambda row: row.name)
def test_a_change_is_found_and_nothing_else(acme, said, row):
    acme.server.script(row.script)
    if PROVIDER:
        told = acme.terraform.says()
        said.append((row, told))
        if not RECORDING:
            assert without_code(told) == without_code(recorded()[row.name]["refresh-only"])
    report, status = acme.check("--patches", *EVERYWHERE)
    assert sorted(shown(finding) for finding in report["findings"]) == sorted(wanted(one) for one in row.found)
    assert report["gaps"] == [] and report["summary"]["unknown"] == 0
    assert status == (3 if row.found else 0)
    adopted.settle(acme, report, *EVERYWHERE)


def test_the_table_spans_every_change_and_kind(acme):
    found = [one for row in TABLE for one in row.found]
    assert len(TABLE) >= 215 and len({row.name for row in TABLE}) == len(TABLE)
    assert {one.change for one in found} == {"missing", "unmanaged", "added", "removed", "modified"}
    told = acme.run("explain", "postgres").stdout
    kinds = {word for word in told.split() if word.startswith("postgres/")}
    assert kinds and kinds == {one.kind for one in found}


def test_the_recorded_run_is_of_these_changes():
    assert {row.name: list(row.statements) for row in TABLE} == {name: one["sql"] for name, one in recorded().items()}


def test_the_readme_says_what_was_recorded():
    blind = [row for row in TABLE if row.found and recorded()[row.name]["refresh-only"] == []]
    readme = " ".join((ACME.parents[2] / "README.md").read_text().split())
    assert f"{len(TABLE)} changes" in readme
    assert f"`terraform plan -refresh-only` shows nothing of {len(blind)} of the {sum(map(bool, (r.found for r in TABLE)))}" in readme


def without_code(told):
    """An error as providers said it before and since their driver adds PostgreSQL's code to it."""
    return re.sub(r" \([0-9A-Z]{5}\)$", "", told) if isinstance(told, str) else told


def recorded():
    return json.loads((ACME / "refresh-only.json").read_text())["changes"]


def shown(finding):
    """What a finding says, as a text that sorts and that a failed assertion shows well."""
    place = finding["location"]
    if place is not None:
        place = place_of(place["path"].removeprefix("acme/"), place["line"], place["column"], place["precision"])
    return text_of(finding, place)


def wanted(one):
    place = one.at
    if place is not None:
        place = place_of(place.path, place.number, place.column, place.precision)
    return text_of(vars(one), place)


def place_of(path, number, column, precision):
    text = (ACME / path).read_text().splitlines()[number - 1].strip()
    return f"{path}:{number}:{column} ({precision}) {text}"


def text_of(one, place):
    key = ", ".join(f"{name}={value}" for name, value in one["key"].items())
    said = [one["change"], one["status"], one["severity"], one["kind"], f"[{key}]", one["address"], one["property"]]
    return " ".join(str(word) for word in said) + f" @ {place}"
