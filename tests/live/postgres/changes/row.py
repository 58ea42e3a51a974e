"""What a row of the tables is made of."""

from dataclasses import dataclass

from table import at


@dataclass(frozen=True)
class Row:
    """A change made past Terraform by SQL, and all that is to be found of it."""

    name: str
    statements: tuple
    found: list

    @property
    def script(self):
        return "\n".join(text if text.startswith("\\") else f"{text};" for text in self.statements)


def row(name, statements, found):
    return Row(name, (statements,) if isinstance(statements, str) else statements, found)


def in_shop(*statements):
    return "\\connect shop", *statements


def in_ledger(*statements):
    return "\\connect ledger", *statements


def block(type, name, path):
    return at(path, f'resource "{type}" "{name}"', "block")


def argument(name, precision, type, of, path):
    return at(path, f"  {name} ", precision, after=f'resource "{type}" "{of}"')
