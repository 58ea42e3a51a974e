"""`reconcile --interactive`: one finding after the other, at a terminal."""

import json
import re

from conftest import ROOT, SNAPSHOT

WORDS = ["reconcile", str(ROOT / "testdata/quickstart"), "--live", str(SNAPSHOT), "--format", "json"]


def walk(module, answers, *more):
    return module.on_terminal(*WORDS, "--interactive", *more, keys=[lambda: answers.encode()])


def steps(run):
    """The plan that is printed behind the questions: findings with the actions taken."""
    plan = json.loads(run.out[run.out.index('{\r\n  "schema_version"'):])
    return {entry["finding"]["id"]: entry["step"]["action"] for entry in plan["plan"]}


def asked(run):
    return re.findall(r"^[A-Z]+  .* \[([0-9a-f]{12})\]$", run.out.replace("\r", ""), re.MULTILINE)


def test_what_is_taken_is_in_the_plan_and_nothing_else(module):
    everything = walk(module, "n\n" * 99)
    ids = asked(everything)
    assert len(ids) > 8 and steps(everything) == {}
    some = walk(module, "y\nn\nwhat\ny\nq\n")
    assert "that is no answer" in some.out
    assert set(steps(some)) == {ids[0], ids[2]}
    assert some.code == everything.code == 3


def test_a_number_takes_that_step(module):
    first = walk(module, "q\n")
    offered = re.findall(r"^ [ *](\d)  (\w+): ", first.out.replace("\r", ""), re.MULTILINE)
    assert len(offered) > 1, first
    for number, action in offered:
        taken = walk(module, f"{number}\nq\n")
        assert list(steps(taken).values()) == [action]


def test_without_a_terminal_nobody_is_asked(module):
    run = module.run(*WORDS, "--interactive")
    assert run.code == 1 and "no terminal" in run.err
