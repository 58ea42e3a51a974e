"""What a row of the table is made of."""

import json
from dataclasses import dataclass, field
from typing import Callable


@dataclass(frozen=True)
class At:
    """A source line: the one with this text, or the first one after the line with another text."""

    path: str
    text: str
    precision: str
    after: str | None = None

    def line(self, directory):
        """Its number. A text that does not tell which line is meant is refused."""
        lines = (directory / self.path).read_text().splitlines()
        if self.after is None:
            return only(lines, self.text) + 1
        first = only(lines, self.after) + 1
        return next(number for number, line in enumerate(lines) if number >= first and self.text in line) + 1


def only(lines, text):
    found = [number for number, line in enumerate(lines) if text in line]
    assert len(found) == 1, f"{text!r} stands on {len(found)} lines"
    return found[0]


@dataclass(frozen=True)
class Expected:
    """One finding."""

    change: str
    status: str
    kind: str
    key: dict
    severity: str
    address: str | None
    property: str | None
    at: At | None


@dataclass(frozen=True)
class Row:
    """A change made past Terraform, and all that is to be found of it."""

    name: str
    change: Callable
    found: list
    arguments: tuple = field(default=())


def at(path, text, precision, after=None):
    return At(path, text, precision, after)


def unmanaged(kind, key, severity):
    return Expected("unmanaged", "unmanaged", kind, key, severity, None, None, None)


def drift(change, kind, key, severity, address, place, property=None):
    return Expected(change, "drift", kind, key, severity, address, property, place)


def missing(kind, key, severity, address, place):
    return drift("missing", kind, key, severity, address, place)


def removed(kind, key, severity, address, place):
    return drift("removed", kind, key, severity, address, place)


def added(kind, key, severity, address, place):
    return drift("added", kind, key, severity, address, place)


def modified(kind, key, property, severity, address, place):
    return drift("modified", kind, key, severity, address, place, property)


def document(*statements, **more):
    return json.dumps({"Version": "2012-10-17", **more, "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal, action="sts:AssumeRole", **more):
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}
