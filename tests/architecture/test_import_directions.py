"""The layers of docs/architecture.md: who may import whom, checked on the source and on trees that break the rules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "mauve"

STANDARDS = {"standards"}
VALUES = {"standards", "distributions", "filesystem"}

ALLOWED: dict[str, set[str]] = {
    "solver": set(),
    "standards": set(),
    "filesystem": set(),
    "distributions": STANDARDS,
    "resolver": {"solver", "distributions", "standards"},
    "project": {"resolver", *VALUES},
    "lock": {"resolver", *VALUES},
    "cache": VALUES,
    "network": {"cache", *VALUES},
    "index": {"network", "cache", *VALUES},
    "git": {"cache", *VALUES},
    "python": {"network", "cache", *VALUES},
    "build": {"python", "project", "cache", *VALUES},
    "metadata": {"resolver", "index", "git", "build", "project", "network", "cache", *VALUES},
    "installer": {"python", "build", "index", "network", "cache", *VALUES},
    "config": {"resolver", *VALUES},
    "operations": {
        "solver",
        "resolver",
        "project",
        "lock",
        "cache",
        "network",
        "index",
        "git",
        "python",
        "build",
        "metadata",
        "installer",
        "config",
        "fastpath",
        *VALUES,
    },
    "terminal": {"solver", "resolver", "standards", "config"},
    "cli": {
        "operations",
        "config",
        "terminal",
        "fastpath",
        "project",
        "lock",
        "python",
        "cache",
        "resolver",
        "installer",
        *VALUES,
    },
    "fastpath": {"filesystem"},
}
"""Package -> what it may import besides itself, `mauve` and the modules of `EVERYWHERE`."""

EVERYWHERE = {"errors", "compatibility", "enumerations", "stand_ins", ""}

FOREIGN: dict[str, set[str]] = {
    "httpx": {"network"},
    "click": {"cli"},
    "tomlkit": {"project"},
    "anyio": {"network", "index", "metadata", "installer", "operations"},
}
"""Foreign library -> the only packages that may import it."""


def violations(source: Path) -> list[str]:
    """Return one line for each import below *source* that points where it must not."""
    found = []
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).parts
        package = parts[0] if len(parts) > 1 else ""
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                top, _, rest = name.partition(".")
                if top == "mauve":
                    target = rest.partition(".")[0]
                    allowed = package == "" or target in {package, *EVERYWHERE} or target in ALLOWED.get(package, set())
                    if not allowed:
                        found.append(f"{'/'.join(parts)} imports {name}")
                elif top in FOREIGN and package not in FOREIGN[top]:
                    found.append(f"{'/'.join(parts)} imports {name}")
    return found


def test_every_import_follows_the_layers() -> None:
    """A layer that imports upwards cannot be read, tested or replaced alone."""
    assert violations(SOURCE) == []


def test_every_package_has_a_row() -> None:
    """A new package must say where it stands."""
    packages = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert packages <= set(ALLOWED)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("solver/solver.py", "from mauve.standards.versions import Version\n"),
        ("resolver/universal.py", "import mauve.network.client\n"),
        ("standards/names.py", "def f():\n    from mauve.project.edit import add\n"),
        ("index/simple.py", "import httpx\n"),
        ("operations/lock.py", "from mauve.cli.session import Session\n"),
    ],
)
def test_the_checker_sees_a_broken_rule(tmp_path: Path, file: str, text: str) -> None:
    """A checker that finds nothing in a bad tree would find nothing in ours."""
    target = tmp_path / file
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")
    assert len(violations(tmp_path)) == 1


def test_package_roots_import_nothing() -> None:
    """Importing one module must not import its neighbours."""
    for path in SOURCE.rglob("__init__.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree)), path
