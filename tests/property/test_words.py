"""Values are read back from words, however they are spelled; what is wrong is a usage error and nothing else."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from hypothesis import given, settings
from hypothesis import strategies as st

from mauve.cli.app import COMMANDS, root_options
from mauve.cli.parser import parse
from mauve.config.declare import COUNT, FLAG, HELP, VALUE, VALUES, OptionSpec, UsageError

SPECS = {"": root_options()} | {
    path: [*import_module(module).command.specs().values(), HELP] for path, (module, _) in COMMANDS.items() if module
}
WORDS = ["", "-", "--", "a", "3.12", "-1", "--=", "--no=x", "-qv", "-p3", "=", "--nothing", "a=b", "é"]
TEXTS = st.text(st.characters(exclude_characters=" ,\t\n\r", categories=["L", "N", "P"]), min_size=1, max_size=5)


def _is_free(option: OptionSpec) -> bool:
    return option.kind in (VALUE, VALUES) and not option.choices and option is not HELP


@st.composite
def _spelled(draw: st.DrawFn) -> tuple[str, dict[str, object], list[str]]:
    """Return a command, values of some of its options, and words that say them."""
    path = draw(st.sampled_from(sorted(SPECS)))
    free = [option for option in SPECS[path] if _is_free(option)]
    chosen = draw(st.lists(st.sampled_from(free), unique_by=lambda option: option.field, max_size=4)) if free else []
    values: dict[str, object] = {}
    words: list[str] = []
    for option in chosen:
        texts = draw(st.lists(TEXTS, min_size=1, max_size=3 if option.kind == VALUES else 1))
        values[option.field] = tuple(texts) if option.kind == VALUES else texts[0]
        for text in texts:
            name = draw(st.sampled_from((*option.names, *option.aliases)))
            forms = [[f"{name}={text}"]]
            if not text.startswith("-"):
                forms.append([name, text])
            if not name.startswith("--") and not text.startswith("="):
                forms += [[f"{name}{text}"], [f"-q{name[1:]}={text}"], [f"-vv{name[1:]}{text}"]]
            words += draw(st.sampled_from(forms))
    return path, values, words


@given(_spelled())
@settings(deadline=None)
def test_values_are_read_back_however_they_are_spelled(line: tuple[str, dict[str, object], list[str]]) -> None:
    """Long or short, with or without an equals sign, run together with flags."""
    path, values, words = line
    found, rest = parse(path, SPECS[path], words)
    assert {field: value for field, value in found.items() if field not in ("quiet", "verbose")} == values
    assert rest == []


@st.composite
def _lines(draw: st.DrawFn) -> tuple[str, list[str], bool]:
    path = draw(st.sampled_from(sorted(SPECS)))
    names = [name for spec in SPECS[path] for name in (*spec.names, *spec.aliases, *spec.off)]
    name = st.sampled_from(names)
    word = st.one_of(name, name, st.sampled_from(WORDS), st.builds("{}={}".format, name, st.sampled_from(WORDS)))
    return path, draw(st.lists(word, max_size=6)), draw(st.booleans())


@settings(max_examples=1000, deadline=None)
@given(_lines())
def test_any_words_are_read_or_refused(line: tuple[str, list[str], bool]) -> None:
    """Nothing else is raised, and no option gets a value of another kind."""
    path, words, interspersed = line
    kinds = {FLAG: bool, COUNT: int, VALUES: tuple, VALUE: str}
    with suppress(UsageError):
        found, _ = parse(path, SPECS[path], words, interspersed=interspersed)
        for option in SPECS[path]:
            if option.field in found and option.kind in kinds:
                assert isinstance(found[option.field], kinds[option.kind])
