"""click and msgspec without `inspect` and `typing_extensions`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "src"


def _run(*lines: str) -> str:
    command = [sys.executable, "-c", "\n".join((f"__import__('sys').path.insert(0, {str(SOURCE)!r})", *lines))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("name", ["inspect", "typing_extensions"])
def test_the_parser_is_imported_without_it(name: str) -> None:
    """Each costs as much as what imports it."""
    assert _run("import sys, mauve.cli.parser", f"print({name!r} in sys.modules)") == "False"


def test_the_real_modules_are_there_afterwards() -> None:
    """Whoever imports one later gets the module itself, and so does click when it needs it."""
    shown = _run(
        "import mauve.cli.lean_imports as lean, inspect, typing_extensions",
        "print(inspect.__file__, typing_extensions.__file__, lean.click.core.inspect.cleandoc('a\\n  b'))",
    )
    assert "inspect.py" in shown
    assert "typing_extensions.py" in shown
    assert shown.endswith("a\nb")


@pytest.mark.parametrize("name", ["inspect", "typing_extensions"])
def test_a_module_that_is_there_stays(name: str) -> None:
    """A program that has imported it before us keeps it."""
    assert _run(f"import {name} as one, sys, mauve.cli.lean_imports", f"print(sys.modules[{name!r}] is one)") == "True"


def test_structs_know_their_types() -> None:
    """Annotations are read by msgspec with `typing` alone."""
    shown = _run(
        "import mauve.cli.parser, msgspec",
        "class One(msgspec.Struct): names: tuple[str, ...] = ()",
        'print(msgspec.json.decode(b\'{"names": ["a"]}\', type=One))',
    )
    assert shown == "One(names=('a',))"
