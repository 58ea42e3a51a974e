"""`driftline plan` and `driftline wrap` around the real binary, on a terminal and without one."""

import json
import os
import signal
import stat
import subprocess
import time

import pytest

from conftest import CLEAN, FINDINGS, NEW, SLOW

CTRL_C = b"\x03"


def json_of(run):
    """The report that stands behind what Terraform printed."""
    return json.loads(run.out[run.out.index('{\n  "schema_version"'):])


CODES = pytest.mark.parametrize("more, arguments, code", [
    ("", [], 0),
    (NEW, [], 0),
    ("", ["-detailed-exitcode"], 0),
    (NEW, ["-detailed-exitcode"], 2),
    (NEW, ["-var", "nope=1"], 1),
    (NEW, ["-no-such-flag"], 1),
])


@CODES
def test_terraforms_own_codes_where_nothing_is_found(module, more, arguments, code):
    run = module.write(more).run("plan", *CLEAN, "--", *arguments)
    assert run.code == code, run
    assert module.left_behind() == [], "no plan and no private directory is left"


@CODES
def test_the_same_codes_on_a_terminal(module, more, arguments, code):
    run = module.write(more).on_terminal("plan", *CLEAN, "--", *arguments)
    assert run.code == code, run
    assert module.left_behind() == []


def test_findings_go_before_terraforms_code_and_the_report_carries_both(module):
    run = module.write(NEW).run("plan", *FINDINGS, "--format", "json", "--", "-detailed-exitcode")
    assert run.code == 3, run
    report = json_of(run)
    assert report["run"]["terraform_exit_code"] == 2
    assert report["run"]["layers"] == ["desired", "recorded", "source", "live"]


def test_a_failing_plan_is_not_checked(module):
    run = module.write(NEW).run(
        "plan", *FINDINGS, "--", "-var", "nope=1")
    assert run.code == 1 and "mallory" not in run.out, run


@pytest.mark.parametrize("asked", [["-out", "mine"], ["-out=mine"], ["--out", "mine"], ["--out=mine"]])
def test_the_users_plan_file_stays(module, asked):
    run = module.write(NEW).run("plan", *CLEAN, "--", *asked)
    assert run.code == 0 and module.left_behind() == ["mine"], run
    assert "not kept" not in run.err


def test_a_plan_file_named_in_the_environment_stays_too(module):
    run = module.write(NEW).run("plan", *CLEAN, env={"TF_CLI_ARGS_plan": "-out='my plan' -var who=grace"})
    assert run.code == 0 and module.left_behind() == ["my plan"], run
    assert "grace" in run.out


def test_on_a_terminal_the_users_word_is_the_same(module):
    module.write(NEW)
    named = module.on_terminal("plan", *CLEAN, env={"TF_CLI_ARGS_plan": "-out=mine -var who=grace"})
    assert named.code == 0 and "grace" in named.out and module.left_behind() == ["mine"], named
    found = module.on_terminal("plan", *FINDINGS, "--", "-out=other", "-json")
    assert found.code == 3 and '"type":"change_summary"' in found.out, found
    assert module.left_behind() == ["mine", "other"]


def test_nothing_of_the_plan_touches_the_disk(module):
    run = module.write(NEW).run("plan", *CLEAN)
    assert "/proc/self/fd/" in run.out and "not kept" in run.err, run
    assert module.left_behind() == []


def test_a_json_stream_stays_one(module):
    run = module.write(NEW).run("plan", *FINDINGS, "--", "-json")
    assert run.code == 3, run
    lines = [json.loads(line) for line in run.out.splitlines()]
    assert lines[-1]["type"] == "change_summary"
    assert "mallory" in run.err


def test_colour_is_for_terminals(module):
    module.write(NEW)
    assert "\x1b[" not in module.run("plan", *CLEAN).out
    assert "\x1b[" in module.on_terminal("plan", *CLEAN).out
    assert "\x1b[3" not in module.on_terminal("plan", *CLEAN, env={"NO_COLOR": "1"}).out


def test_terraform_asks_on_the_terminal(module):
    module.write('variable "asked" {\n  type = string\n}\n')
    typed = iter([b"yes\n"])
    seen = time.monotonic() + 1.5
    run = module.on_terminal("plan", *CLEAN, keys=[lambda: next(typed) if time.monotonic() > seen else None])
    assert run.code == 0 and "var.asked" in run.out, run


def once_asked(module, wait=0.3):
    """Types Ctrl-C when Terraform waits for the slow state, and lets it answer some time after."""
    def keys():
        if not module.backend.asked.wait(0):
            return None
        time.sleep(wait)
        return CTRL_C
    return keys


def test_one_ctrl_c_is_one_interrupt(module):
    module.write(SLOW)
    module.backend.patience = 3
    run = module.on_terminal("plan", *CLEAN, keys=[once_asked(module)])
    assert run.code == 128 + signal.SIGINT, run
    assert "Interrupt received" in run.out and "Two interrupts" not in run.out, run
    assert module.backend.locks == 1


def test_two_ctrl_c_are_the_users_word(module):
    module.write(SLOW)
    module.backend.patience = 8
    run = module.on_terminal("plan", *CLEAN, keys=[once_asked(module), once_asked(module, 1)])
    assert run.code == 128 + signal.SIGINT, run
    assert "Two interrupts received" in run.out, run
    # Terraform itself gives the lock up even then, or leaves it: driftline has nothing to add to that.
    module.backend.lock = None


def test_a_terminal_whose_session_is_ended(module):
    module.write(SLOW)
    module.backend.patience = 3

    def end():
        if not module.backend.asked.wait(0):
            return None
        os.kill(module.pid, signal.SIGTERM)
        return b""
    run = module.on_terminal("plan", *CLEAN, keys=[end])
    assert run.code == 128 + signal.SIGTERM and "Interrupt received" in run.out, run
    assert "Two interrupts" not in run.out and module.backend.locks == 1


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_ci_runner_that_ends_the_job(module, sent):
    module.write(SLOW)
    module.backend.patience = 3
    process = module.start(["plan", *CLEAN], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           start_new_session=True)
    assert module.backend.asked.wait(30)
    process.send_signal(sent)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + sent, out
    assert "Interrupt received" in out and "Two interrupts" not in out
    assert module.backend.locks == 1
    assert module.left_behind() == []


def stand_in(module, text):
    path = module.dir.parent / "stand-in"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"DRIFTLINE_TF_BIN": str(path)}


@pytest.mark.parametrize("text, said", [
    ("echo rubbish", "wrote no plan"),
    ('case "$1" in plan) for a; do case "$a" in -out=*) echo x > "${a#-out=}";; esac; done;; *) echo rubbish;; esac',
     "not JSON"),
    ('case "$1" in plan) for a; do case "$a" in -out=*) echo x > "${a#-out=}";; esac; done;; *) exit 7;; esac',
     "cannot be shown"),
])
def test_a_binary_that_writes_rubbish_is_an_error(module, text, said):
    run = module.write(NEW).run("plan", *CLEAN, env=stand_in(module, text))
    assert run.code == 1 and said in run.err, run
    on_terminal = module.on_terminal("plan", *CLEAN, env=stand_in(module, text))
    assert on_terminal.code == 1 and said in on_terminal.out, on_terminal


@pytest.mark.parametrize("text, code", [("exit 42", 42), ("kill -9 $$", 128 + 9)])
def test_the_code_of_another_binary_is_passed_on(module, text, code):
    assert module.write(NEW).run("plan", *CLEAN, env=stand_in(module, text)).code == code


def test_driftline_under_the_name_of_terraform_is_told(module):
    run = module.write(NEW).run("plan", *CLEAN, env={"DRIFTLINE_WRAPPED": "1"})
    assert run.code == 1 and "runs itself" in run.err, run


def test_any_command_that_ends_in_a_plan(module):
    module.write(NEW)
    run = module.run("wrap", *CLEAN, "--", "sh", "-c", "terraform plan -detailed-exitcode")
    assert run.code == 2, run
    assert module.left_behind() == []
    kept = module.run("wrap", *FINDINGS, "--plan-file", "own", "--", "sh", "-c", "terraform plan -out=own")
    assert kept.code == 3 and module.left_behind() == ["own"], kept
    none = module.run("wrap", *FINDINGS, "--", "true")
    assert none.code == 1 and "wrote no plan" in none.err, none
    assert module.run("wrap", *FINDINGS, "--", "sh", "-c", "exit 5").code == 5
