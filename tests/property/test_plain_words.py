"""Words that are read without click are read as click reads them."""

from __future__ import annotations

from importlib import import_module

from hypothesis import given, settings
from hypothesis import strategies as st

from mauve.cli.app import COMMANDS, root_options
from mauve.cli.click_parser import parse_with_click
from mauve.cli.parser import read_plain_words
from mauve.config.declare import HELP, UsageError

SPECS = {"": root_options()} | {
    path: [*import_module(module).command.specs().values(), HELP] for path, (module, _) in COMMANDS.items() if module
}
VALUES = ["", "-", "--", "a", "3.12", "-1", "--=", "--no=x", "-qv", "-p3", "=", "--nothing", "a=b", "é"]


@st.composite
def _lines(draw: st.DrawFn) -> tuple[str, list[str], bool]:
    path = draw(st.sampled_from(sorted(SPECS)))
    names = [name for spec in SPECS[path] for name in (*spec.names, *spec.aliases, *spec.off)]
    name = st.sampled_from(names)
    word = st.one_of(name, name, st.sampled_from(VALUES), st.builds("{}={}".format, name, st.sampled_from(VALUES)))
    return path, draw(st.lists(word, max_size=6)), draw(st.booleans())


@settings(max_examples=2000, deadline=None)
@given(_lines())
def test_click_takes_the_same_from_the_same_words(line: tuple[str, list[str], bool]) -> None:
    """Or the words are left to click."""
    path, words, interspersed = line
    plain = read_plain_words(SPECS[path], words, interspersed=interspersed)
    if plain is None:
        return
    try:
        given_by_click, surplus = parse_with_click(path, SPECS[path], words, interspersed=interspersed)
    except UsageError as error:
        raise AssertionError(words) from error
    assert _said(plain[0]) == _said(given_by_click)
    assert plain[1] == surplus


def test_ordinary_words_need_no_click() -> None:
    """The reason for reading them twice."""
    words = ["b>=1", "--dev", "--index=u", "-p", "3.12", "--no-sync", "-q", "-q"]
    read = read_plain_words(SPECS["add"], words, interspersed=True)
    assert read is not None
    assert (read[0]["no_sync"], read[0]["quiet"], read[0]["python"], read[1]) == (True, 2, ("3.12",), [])


def _said(values: dict[str, object]) -> dict[str, object]:
    return {field: value for field, value in values.items() if value not in (None, ())}
