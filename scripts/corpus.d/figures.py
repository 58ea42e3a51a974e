"""What is counted of one tree, and the tables of it."""

import fnmatch
from collections import Counter
from pathlib import Path

from table import Table, amount, megabytes

TYPES = [
    line for line in (Path(__file__).parent / "identity-types.txt").read_text().splitlines() if line and not line.startswith("#")
]
OTHER_CAUSES = "error"
"""The cause of which the commonest sentences are told, too."""


class Figures:
    def __init__(self, name):
        self.name = name
        self.files, self.compared, self.both_invalid, self.roots, self.refused = 0, 0, 0, 0, 0
        self.parse, self.evaluate = [0, 0.0], [0, 0.0]
        self.peak = 0
        self.blocks, self.reasons, self.instances, self.sentences = {}, Counter(), Counter(), Counter()
        self.gaps = Counter()
        self.wrong = []

    # Counting.

    def parsed(self, read, total):
        self.files = len(read)
        self.parse = [total["bytes"], total["seconds"]]

    def compare(self, names, read, verdicts):
        for path, valid in verdicts.items():
            error = read[path]["error"]
            self.compared += 1
            self.both_invalid += not valid and error is not None
            if valid != (error is None):
                what = f"refuses `{names[path]}`: {error}" if valid else f"accepts `{names[path]}`"
                self.wrong.append(f"{self.name}: driftline {what}, `terraform fmt` does not")

    def evaluated(self, tree, root, answer, size):
        self.roots += 1
        if isinstance(answer, str):
            self.wrong.append(f"{self.name}: the root module `{root.relative_to(tree)}`: {answer}")
            return
        usage, (*blocks, total) = answer
        if "refused" in total:
            self.refused += 1
            return
        self.peak = max(self.peak, usage.peak)
        self.evaluate = [self.evaluate[0] + size, self.evaluate[1] + total["seconds"]]
        self.gaps.update(total["gaps"])
        for block in blocks:
            places = self.blocks.setdefault(block["block"], Block(block["type"]))
            places.add(block)
            if places.is_identity:
                self.count(block)

    def count(self, block):
        if block["why"]:
            self.instances[block["why"][0]] += 1
        for cause, words in block["unknown"]:
            self.reasons[cause] += 1
            if cause == OTHER_CAUSES:
                self.sentences[words] += 1

    # What comes of it.

    def identity(self):
        return [block for block in self.blocks.values() if block.is_identity]

    def share(self, of):
        """The mean over identity blocks: one that many places call counts once, as the mean of its places."""
        values = [value for block in self.identity() if (value := of(block)) is not None]
        return sum(values) / len(values) if values else None

    def arguments(self, of):
        """The share of the arguments of identity blocks, each block with the mean of its places."""
        known = sum(of(block) for block in self.identity())
        every = sum(block.arguments / block.places for block in self.identity())
        return known / every if every else None

    def as_json(self):
        return {
            "name": self.name, "files": self.files, "compared": self.compared, "both_invalid": self.both_invalid,
            "wrong": self.wrong, "root_modules": self.roots, "refused": self.refused, "blocks": len(self.blocks),
            "identity_blocks": len(self.identity()), "places": sum(block.places for block in self.identity()),
            "instances_known": self.share(lambda block: block.instances_known / block.places),
            "arguments_known": self.arguments(lambda block: block.known / block.places),
            "arguments_exact": self.arguments(lambda block: block.exact / block.places),
            "why_instances_unknown": dict(self.instances.most_common()), "why_unknown": dict(self.reasons.most_common()),
            "errors": dict(self.sentences.most_common(40)), "gaps": dict(self.gaps.most_common()),
            "parse": rate(self.parse), "evaluate": rate(self.evaluate), "peak": self.peak,
        }

    @staticmethod
    def tables(figures):
        figures = [*figures, Figures.sum(figures)] if len(figures) > 1 else figures
        read = Table("Reading", ["", "files", "compared", "both refuse", "differ", "MB/s"])
        known = Table("Knowing, without a state",
                      ["", "root modules", "blocks", "identity", "instances known", "arguments known", "very value", "MB/s", "peak"])
        for one in figures:
            told = one.as_json()
            read.row(one.name, *map(amount, (one.files, one.compared, one.both_invalid, len(one.wrong))), speed(told["parse"]))
            known.row(one.name, *map(amount, (one.roots, len(one.blocks), len(one.identity()))),
                      *(percent(told[key]) for key in ("instances_known", "arguments_known", "arguments_exact")),
                      speed(told["evaluate"]), megabytes(one.peak))
        read.note("`compared` files were given to `terraform fmt`, which reads native syntax alone. `differ` also counts root "
                  "modules that could not be gone through.")
        known.note("Shares are of identity blocks and their arguments, each block once however often it is called. Known: "
                   "which instances there are, and every part of an argument in all of them. Very value: known, and each part "
                   "leads to the place where that value itself is written.")
        causes = Table("Why an argument of an identity block, or which instances it has, is not known",
                       ["", "arguments", "blocks"])
        total = figures[-1]
        for cause, count in (total.reasons + total.instances).most_common():
            causes.row(cause, amount(total.reasons[cause]), amount(total.instances[cause]))
        for words, count in total.sentences.most_common(12):
            causes.row(f"– {words}", amount(count), "")
        causes.note("Counted in every place that a block is called in; the first reason of each argument.")
        return [read, known, causes]

    @staticmethod
    def sum(figures):
        total = Figures("all")
        for one in figures:
            for name in ("files", "compared", "both_invalid", "roots", "refused"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
            for name in ("parse", "evaluate"):
                setattr(total, name, [a + b for a, b in zip(getattr(total, name), getattr(one, name))])
            total.peak = max(total.peak, one.peak)
            total.blocks |= {(one.name, block): of for block, of in one.blocks.items()}
            for name in ("reasons", "instances", "sentences", "gaps"):
                getattr(total, name).update(getattr(one, name))
            total.wrong += one.wrong
        return total


class Block:
    """A resource block over all places that it is called in."""

    def __init__(self, of_type):
        self.is_identity = any(fnmatch.fnmatchcase(of_type, pattern) for pattern in TYPES)
        self.places = self.instances_known = self.arguments = self.known = self.exact = 0

    def add(self, told):
        self.places += 1
        self.instances_known += told["instances"] is not None
        for name in ("arguments", "known", "exact"):
            setattr(self, name, getattr(self, name) + told[name])


def rate(of):
    return of[0] / of[1] / 10**6 if of[1] else None


def speed(value):
    return f"{value:.1f}" if value is not None else "-"


def percent(value):
    return f"{100 * value:.1f} %" if value is not None else "-"
