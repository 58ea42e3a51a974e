"""Evaluates the expressions in testdata/console with a real terraform or tofu, and compares them with the record.

    compare.py BINARY           compares; any difference is an error
    compare.py BINARY --record  writes down what the binary says

Each line of a .jsonl file is an expression with its type and its value as `jsonencode` writes it, or with the fact that
it is an error. What OpenTofu makes of it stands beside that where it is another thing. Expressions in opentofu.jsonl
are for OpenTofu alone: functions that Terraform has not, and what Terraform 1.11 does not know.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

RECORDS = pathlib.Path("testdata/console")
ONLY_OPENTOFU = "opentofu.jsonl"
# Gives another result each time: only that there is one is compared.
CHANGING = re.compile(r"\b(bcrypt|timestamp|uuid)\(")


class Console:
    """`terraform console` in a directory with the files that expressions read."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.directory = pathlib.Path(directory)
        shutil.copytree(RECORDS / "files", directory, dirs_exist_ok=True)
        # Nothing of who runs it: no settings, no other arguments, no workspace.
        (self.directory / "settings.tfrc").touch()
        theirs = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "TOFU_"))}
        ours = {"TF_CLI_CONFIG_FILE": str(self.directory / "settings.tfrc"), "CHECKPOINT_DISABLE": "1"}
        self.environment = theirs | ours

    def ask(self, elements, question):
        """What the console answers to a question about `local.all`, the tuple of these elements."""
        source = "locals {\n  all = [\n" + "".join(f"{element},\n" for element in elements) + "  ]\n}\n"
        (self.directory / "main.tf").write_text(source, encoding="utf-8")
        run = subprocess.run(
            [self.binary, "console", "-no-color"],
            input=question + "\n",
            capture_output=True,
            encoding="utf-8",
            cwd=self.directory,
            env=self.environment,
        )
        if run.returncode != 0:
            raise SystemExit(f"{self.binary} console: {run.stdout}{run.stderr}")
        return run.stdout

    def decoded(self, elements):
        """The elements, through JSON: a string is printed with the escapes of Go, of which `-raw` knows nothing."""
        printed = self.ask(elements, "jsonencode(local.all)")
        return json.loads(go_string(printed.strip()))


def go_string(quoted):
    """The text that Go prints as `quoted`."""
    names = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

    def one(match):
        sign = match.group(1)
        return chr(int(sign[1:], 16)) if len(sign) > 1 else names.get(sign, sign)

    return re.sub(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)", one, quoted[1:-1], flags=re.DOTALL)


def types(printed):
    """The types of the elements of a printed tuple type, each on one line."""
    lines = printed.rstrip("\n").split("\n")
    if lines == ["tuple([])"]:
        return []
    assert lines[0] == "tuple([" and lines[-1] == "])", printed
    found = []
    for line in lines[1:-1]:
        # An element begins at the first indentation, unless it is the end of one.
        if re.match(r" {4}[^ )\]}]", line):
            found.append("")
        found[-1] += re.sub(r"^(    )+", "", line) + (" " if line.endswith(",") else "")
    return [re.sub(r", ?(?=[)\]}])", "", one).rstrip(" ,") for one in found]


def evaluated(console, expressions):
    """For each expression what the record holds of it."""
    inner = [f"(\n{expression}\n)" for expression in expressions]
    can = console.decoded([f"can({one})" for one in inner])
    answers = [{"expression": expression} for expression in expressions]
    good = [index for index, result in enumerate(can) if result]
    for answer, result in zip(answers, can):
        if not result:
            answer["error"] = True
    values = console.decoded(
        # What has no JSON, as infinity, has its type alone.
        [f"try([nonsensitive(jsonencode({inner[index]})), issensitive({inner[index]}),"
         f" issensitive(jsonencode({inner[index]}))], null)" for index in good]
    )
    kinds = types(console.ask([inner[index] for index in good], "type(local.all)"))
    assert len(kinds) == len(good), (len(kinds), len(good))
    for index, value, kind in zip(good, values, kinds):
        answer = answers[index]
        answer["type"] = kind
        if CHANGING.search(answer["expression"]):
            answer["changing"] = True
        elif value is not None:
            answer["json"] = value[0]
            if value[1]:
                answer["sensitive"] = True
            elif value[2]:
                answer["sensitive within"] = True
    return answers


def written(line):
    return json.dumps(line, ensure_ascii=False)


def expected(line, is_opentofu):
    """What the record says of the binary that is asked."""
    theirs = {name: value for name, value in line.items() if name != "opentofu"}
    if is_opentofu and "opentofu" in line:
        return {"expression": line["expression"]} | line["opentofu"]
    return theirs


def recorded_again(line, answer, is_opentofu, is_only_opentofu):
    """The line with a new answer in it."""
    if not is_opentofu or is_only_opentofu:
        return answer | {name: value for name, value in line.items() if name == "opentofu"}
    theirs = expected(line, False)
    if answer == theirs:
        return theirs
    return theirs | {"opentofu": {name: value for name, value in answer.items() if name != "expression"}}


def main(binary, record):
    is_opentofu = "OpenTofu" in subprocess.run([binary, "version"], capture_output=True, text=True, check=True).stdout
    differences = total = 0
    with tempfile.TemporaryDirectory() as directory:
        console = Console(binary, directory)
        for path in sorted(RECORDS.glob("*.jsonl")):
            is_only_opentofu = path.name == ONLY_OPENTOFU
            if is_only_opentofu and not is_opentofu:
                continue
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            answers = evaluated(console, [line["expression"] for line in lines])
            total += len(answers)
            if record:
                again = (recorded_again(*pair, is_opentofu, is_only_opentofu) for pair in zip(lines, answers))
                path.write_text("".join(written(line) + "\n" for line in again), encoding="utf-8")
                continue
            for line, answer in zip(lines, answers):
                if expected(line, is_opentofu) != answer:
                    differences += 1
                    print(f"{path}: recorded {written(line)}\n  {binary} says {written(answer)}")
    print(f"live suite console: {total} expressions, {differences} differences, {binary}")
    return differences > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] == ["--record"]))
