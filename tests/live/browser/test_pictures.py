"""The README's pictures show what the program prints today."""

import pytest

import pictures
from browser import ROOT

# What a README should cost who reads it.
MOST_BYTES = 200_000


@pytest.mark.parametrize("name", pictures.TERMINAL)
def test_a_terminal_shows_what_is_printed(name):
    path = pictures.PICTURES / name
    assert path.read_text() == pictures.drawn(pictures.TERMINAL[name]), "make it anew with scripts/pictures"


def test_the_comment_is_what_is_written():
    assert pictures.source_of(pictures.PICTURES / "comment.png") == pictures.comment(), "make it anew with scripts/pictures"


def test_they_are_small_and_in_the_readme_with_words_for_who_does_not_see_them():
    readme = (ROOT / "README.md").read_text()
    found = sorted(pictures.PICTURES.iterdir())
    assert [path.name for path in found] == sorted([*pictures.TERMINAL, "comment.png"])
    for path in found:
        assert path.stat().st_size < MOST_BYTES, path.name
        before, after = readme.split(f"](docs/pictures/{path.name})")
        assert len(before.rsplit("![", 1)[1]) > 40, path.name


def test_a_terminal_loads_nothing(browser):
    for name in pictures.TERMINAL:
        path = pictures.PICTURES / name
        browser.open(path)
        assert browser.said() == []
        assert browser.requests() == [path.as_uri()]
