"""Tables as a person reads them, in a terminal or in Markdown."""

import textwrap


def amount(number):
    return f"{number:,}"


def megabytes(number):
    return f"{number / 10**6:,.1f} MB"


def seconds(number):
    return f"{number:.2f} s"


def ratio(one, other):
    return f"{one / other:.2f}" if other else "-"


class Table:
    def __init__(self, title, columns):
        self.title, self.columns, self.rows, self.notes = title, columns, [], []

    def row(self, *cells):
        self.rows.append(cells)

    def note(self, words):
        self.notes.append(words)

    def text(self):
        widths = [max(len(row[at]) for row in [self.columns, *self.rows]) for at in range(len(self.columns))]

        def line(cells):
            rest = (f"{cell:>{width}}" for cell, width in zip(cells[1:], widths[1:]))
            return "  ".join([f"{cells[0]:<{widths[0]}}", *rest]).rstrip()

        rule = "  ".join("-" * width for width in widths)
        notes = [textwrap.fill(note, 100) for note in self.notes]
        return "\n".join([self.title, "", line(self.columns), rule, *map(line, self.rows), *([""] if notes else []), *notes])

    def markdown(self):
        def line(cells):
            return "| " + " | ".join(cells) + " |"

        rule = "|" + "---|" + "--:|" * (len(self.columns) - 1)
        lines = [f"## {self.title}", "", line(self.columns), rule, *map(line, self.rows)]
        return "\n".join(lines + [part for note in self.notes for part in ("", *textwrap.wrap(note, 120))])
