"""What a row of the tables is made of."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import table

ACME = Path(__file__).resolve().parents[4] / "testdata/postgres/acme"


@dataclass(frozen=True)
class Row:
    """A change made past Terraform by SQL, and all that is to be found of it."""

    name: str
    statements: tuple
    found: list
    # The first version that knows what the statements name.
    since: int

    @property
    def script(self):
        return "\n".join(text if text.startswith("\\") else f"{text};" for text in self.statements)


def row(name, statements, found, since=0):
    return Row(name, (statements,) if isinstance(statements, str) else statements, found, since)


def in_shop(*statements):
    return "\\connect shop", *statements


def in_ledger(*statements):
    return "\\connect ledger", *statements


# ---- places ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A line and column of the root module."""

    path: str
    number: int
    column: int
    precision: str


@cache
def blocks():
    """Where each resource's block begins, by `type.name`."""
    found = {}
    for path in sorted(ACME.glob("*.tf")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if header := re.match(r'resource "(\w+)" "(\w+)"', line):
                found[".".join(header.groups())] = path.name, number
    return found


def block(address):
    """The block of a resource, or of one of its instances."""
    path, number = blocks()[address.split("[")[0]]
    return Place(path, number, 1, "block")


def value(address, argument, text=None, precision="value", nth=1):
    """The place of `text`, or of the whole value, in a line of a resource's block that begins with the argument's name:
    in the first of them, or the `nth`.
    """
    path, begin = blocks()[address]
    lines = list(enumerate((ACME / path).read_text().splitlines(), 1))[begin:]
    number, line = [(number, line) for number, line in lines if re.match(rf"\s+{argument}\b", line)][nth - 1]
    text = text or line.partition("= ")[2]
    return Place(path, number, line.index(text) + 1, precision)


def spot(path, line, text, precision="value"):
    """The place of `text` in the line of the file that holds `line`."""
    number = table.at(path, line, precision).line(ACME)
    return Place(path, number, line.index(text) + 1, precision)


# ---- findings -------------------------------------------------------------------------------------------------------

# The key fields of each kind.
KEYS = {
    "postgres/database": "name",
    "postgres/schema": "database schema",
    "postgres/function": "database schema function",
    "postgres/foreign_server": "database server",
    "postgres/user_mapping": "database server user",
    "postgres/publication": "database publication",
    "postgres/subscription": "database subscription",
    "postgres/security_label": "database provider object_type object",
    "postgres/default_privileges": "database owner schema object_type grantee",
    "postgres/role": "name",
    "postgres/membership": "member role",
    "postgres/owner": "database schema object_type object owner",
    "postgres/grant/database": "database grantee",
    "postgres/grant/schema": "database schema grantee",
    "postgres/grant/table": "database schema table grantee",
    "postgres/grant/column": "database schema table column privilege grantee",
    "postgres/grant/sequence": "database schema sequence grantee",
    "postgres/grant/function": "database schema function grantee",
    "postgres/grant/type": "database schema type grantee",
    "postgres/grant/language": "database language grantee",
    "postgres/grant/foreign_data_wrapper": "database foreign_data_wrapper grantee",
    "postgres/grant/foreign_server": "database foreign_server grantee",
    "postgres/grant/large_object": "database large_object grantee",
    "postgres/grant/tablespace": "tablespace grantee",
    "postgres/grant/parameter": "parameter grantee",
}


def key(kind, values):
    """`postgres/` is understood; the values are those of the key's fields, in their order."""
    kind = f"postgres/{kind}"
    return kind, dict(zip(KEYS[kind].split(), values.split("|"), strict=True))


def usual(kind, values):
    """The severity of what somebody gained: more where everybody did."""
    everybody = KEYS[f"postgres/{kind}"].endswith("grantee") and values.endswith("|public")
    return "high" if everybody else "medium"


def unmanaged(kind, values, severity=None):
    return table.unmanaged(*key(kind, values), severity or usual(kind, values))


def missing(kind, values, address, place=None, severity="low"):
    return table.missing(*key(kind, values), severity, address, place_of(address, place))


def removed(kind, values, address, place=None, severity="low"):
    return table.removed(*key(kind, values), severity, address, place_of(address, place))


def added(kind, values, address, place=None, severity=None):
    return table.added(*key(kind, values), severity or usual(kind, values), address, place_of(address, place))


def modified(kind, values, property, address, place=None, severity=None):
    return table.modified(*key(kind, values), property, severity or usual(kind, values), address, place_of(address, place))


def place_of(address, place):
    """The block where none is given; an argument and a text in it are those of the block."""
    if place is None:
        return block(address)
    return value(address.split("[")[0], *place) if isinstance(place, tuple) else place
