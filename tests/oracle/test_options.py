"""Every command that both have takes every option that uv takes, the hidden ones included."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from functools import cache
from importlib import import_module
from itertools import combinations
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.support.oracle import oracle_uv

from mauve.cli.app import COMMANDS
from mauve.cli.parser import Used, check, parse
from mauve.config.declare import FLAG, HELP, UsageError
from mauve.config.environment import Variables
from mauve.config.previews import KNOWN_PREVIEWS

if TYPE_CHECKING:
    from mauve.config.declare import CommandSpec, OptionSpec

SOURCE = Path(__file__).parents[2] / "src/mauve"
OWN = {"complete-words"}
"""Commands that uv does not have: what a completion script of mauve asks."""

PATHS = [path for path, (module, _) in COMMANDS.items() if module and path not in OWN]

EVERYWHERE = {"-h", "--help", "-V", "--version"}
"""What is answered before a command is looked at."""

NARROW = {"generate-shell-completion"}
"""Commands of which uv refuses the older names of global options; mauve takes them everywhere."""

WITHOUT_EFFECT = {
    "output_version": "there is one version, and uv does not look at the option either",
    "no_pager": "help is never paged",
    "skip_dependency_check": "an option of another program; dependencies of builds are installed, not checked",
    **dict.fromkeys(
        ("all_arches", "all_platforms", "all_versions", "python_downloads_json_url", "show_urls"),
        "only what is installed is listed",
    ),
}
"""Options that are parsed and not read, because what they ask for is the case."""

pytestmark = pytest.mark.oracle


def spec_of(path: str) -> CommandSpec:
    """Return the declaration of the command at *path*."""
    spec: CommandSpec = import_module(COMMANDS[path][0]).command
    return spec


def spellings(option: OptionSpec) -> tuple[str, ...]:
    """Return everything that may be typed for *option*."""
    return () if option.is_positional else (*option.names, *option.aliases, *option.off)


def asked(*words: str) -> subprocess.CompletedProcess[str]:
    """Run uv."""
    return subprocess.run([oracle_uv(), *words], check=False, capture_output=True, text=True)


@cache
def options_of_uv() -> dict[str, frozenset[str]]:
    """Return the options of every command of uv, as its completion for bash lists them; hidden ones are among them."""
    script = asked("generate-shell-completion", "bash").stdout
    found = re.findall(r'^ {8}uv__(\w+)\)\n\s+opts="([^"]*)"', script, re.MULTILINE)
    return {
        re.sub("__subcmd__|__|subcmd__", " ", path): frozenset(word for word in words.split() if word.startswith("-"))
        for path, words in found
    }


def is_taken(path: str, spelling: str, *values: str) -> bool:
    """Return whether uv knows the option *spelling* of the command at *path*."""
    return f"unexpected argument '{spelling}' found" not in asked(*path.split(), spelling, *values, "--help").stderr


@pytest.mark.parametrize("path", PATHS)
def test_every_option_of_uv_is_declared(path: str) -> None:
    """Whoever changes to mauve need not change their scripts."""
    declared = {text for option in spec_of(path).specs().values() for text in spellings(option)}
    missing = options_of_uv()[path.replace("-", " ")] - declared - EVERYWHERE
    assert {text for text in missing if is_taken(path, text)} == set()


@pytest.mark.parametrize("path", [path for path in PATHS if path not in NARROW])
def test_no_option_is_declared_that_uv_does_not_have(path: str) -> None:
    """Whoever changes back need not either."""
    known = options_of_uv()[path.replace("-", " ")]
    for option in spec_of(path).specs().values():
        for spelling in spellings(option):
            has_value = option.kind == "values" or (option.kind == "value" and spelling not in option.off)
            value = (option.choices or ("x",))[:1] if has_value else ()
            assert spelling in known or is_taken(path, spelling, *value), spelling


@pytest.mark.parametrize("path", PATHS)
def test_options_take_values_where_those_of_uv_do(path: str) -> None:
    """A flag that swallowed a word would change the meaning of what follows."""
    page = asked(*path.split(), "--help").stdout
    shown = {
        name: bool(value)
        for name, value in re.findall(r"^ {2}(?:-\w, | {4})(--[\w-]+)( [<\[]\S*)?", page, re.MULTILINE)
    }
    assert shown or path == "help"
    for option in spec_of(path).specs().values():
        for spelling in option.names:
            if spelling in shown:
                assert (option.kind in (FLAG, "count")) is not shown[spelling], spelling


PAIRS = 50
"""How many pairs of options of a command are asked about; `MAUVE_ALL_PAIRS=1` asks about all."""

VALUES_OF = {
    "bump": "patch",
    "config_setting": "a=b",
    "config_settings_package": "a:b=c",
    "depth": "1",
    "exclude_newer": "2024-01-01",
    "exclude_newer_package": "a=2024-01-01",
    "max_recursion_depth": "3",
    "prerelease_package": "a=allow",
    "python_platform": "linux",
    "python_version": "3.12",
}
ARGUMENTS_OF = {"add": ("x",), "remove": ("x",), "auth login": ("x",), "auth logout": ("x",), "auth token": ("x",)}
ENDING = ("--config-file", "/nonexistent/uv.toml")
"""What ends uv before it does anything, once its parser is content."""


def spelled_options(path: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the options of the command at *path* by field, as words; flags also switched off."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for field, option in spec_of(path).specs().items():
        if option.is_positional or field in ("config_file", "help"):
            continue
        value = VALUES_OF.get(field, (option.choices or ("x",))[0])
        found.append((field, (option.names[-1],) if option.kind in (FLAG, "count") else (option.names[-1], value)))
        found += [(field, (name,)) for name in option.off[:1]]
    return found


def complaint(message: str) -> tuple[str, ...] | None:
    """Return what *message* says that contradicts or is missing; None if it is about something else."""
    start = re.match(r"(?:error: )?the argument '(.*)' cannot be used with(?: '(.*)'|:)", message)
    if start is not None:
        return start[1], start[2] or ""
    return ("missing",) if "required arguments were not provided" in message else None


@pytest.mark.parametrize("path", [path for path in PATHS if path not in ("help", "auth helper", *NARROW)])
def test_pairs_of_options_contradict_each_other_where_those_of_uv_do(path: str) -> None:
    """In the same words, the first one typed being the subject."""
    spec = spec_of(path)
    specs = [*spec.specs().values(), HELP]
    pairs = [pair for pair in combinations(spelled_options(path), 2) if pair[0][0] != pair[1][0]]
    chosen = pairs if os.environ.get("MAUVE_ALL_PAIRS") else Random(path).sample(pairs, min(PAIRS, len(pairs)))
    for (_, first), (_, second) in chosen:
        words = [*first, *second, *ARGUMENTS_OF.get(path, ())]
        ours = None
        try:
            interspersed = not any(option.trailing for option in specs)
            own, _ = parse(path, specs, words, interspersed=interspersed, overrides=spec.overrides)
            check(spec, own, Used(specs, own, Variables({})))
        except UsageError as error:
            ours = complaint(error.message)
        assert ours == complaint(asked(*path.split(), *words, *ENDING).stderr), words


def test_no_option_is_passed_over_in_silence() -> None:
    """Each is read somewhere, and works or is refused there."""
    read: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                read.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "config" not in file.parts:
                read.add(node.value)
    fields = {field for path in PATHS for field, option in spec_of(path).specs().items() if not option.is_positional}
    assert fields - read == set(WITHOUT_EFFECT)


def test_previews_have_the_names_that_uv_gives_them() -> None:
    """It tells the ones that it does not know."""
    names = sorted(KNOWN_PREVIEWS)
    assert asked("cache", "dir", "--preview-features", ",".join(names)).stderr == ""
