"""Files with a mistake, perhaps: what is right is changed in one place by chance, the same in every run."""

import random

SIGNS = list('{}[]()"=,.:?$%&|!<>-*/\\#~\n\t \'@;') + ["${", "%{", "<<E\n", "<<-E\n", "=>", "...", "/*", "*/", "é", "\r", "0", "x"]


def of(text, name):
    """A text with one change."""
    chance = random.Random(name)
    return chance.choice([without_sign, with_sign, other_sign, without_line, with_line_twice, cut_off])(text, chance)


def sign(text, chance):
    """Where one of the signs that have a meaning stands."""
    places = [at for at, found in enumerate(text) if found in '{}[]()"=,.:?$%<\n#']
    return chance.choice(places) if places else 0


def without_sign(text, chance):
    at = sign(text, chance)
    return text[:at] + text[at + 1 :]


def with_sign(text, chance):
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(SIGNS) + text[at:]


def other_sign(text, chance):
    at = sign(text, chance)
    return text[:at] + chance.choice(SIGNS) + text[at + 1 :]


def without_line(text, chance):
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines)) if lines else 0
    return "".join(lines[:at] + lines[at + 1 :])


def with_line_twice(text, chance):
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines)) if lines else 0
    return "".join(lines[:at] + lines[at : at + 1] + lines[at:])


def cut_off(text, chance):
    return text[: chance.randrange(len(text) + 1)]


def write(directory, paths, how_many):
    """Makes so many of these files, round after round; where each is, with the file it is made of."""
    made = {}
    for number in range(how_many):
        path = paths[number % len(paths)]
        text = path.read_bytes().decode(errors="replace")
        mutant = directory / f"{number}.tf"
        mutant.write_text(of(text, f"{path.name} {number}"), newline="")
        made[mutant] = path
    return made
