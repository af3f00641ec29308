"""`ignore-error-codes`: statuses that say "not here" and end nothing."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.index_server import IndexServer
from tests.support.oracle import oracle_uv
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD, NEW = make_wheel("a", "1.0"), make_wheel("a", "2.0")


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer({"a": [OLD, NEW]}) as running:
        yield running


def project(folder: Path, server: IndexServer, codes: str, *more: str) -> CommandLine:
    """Return a project whose first index ignores *codes*; *more* are URLs of further ones."""
    line = CommandLine(folder, server)
    del line.variables["UV_DEFAULT_INDEX"]
    tables = "".join(f'\n[[tool.uv.index]]\nurl = "{url}"\n' for url in more)
    first = f'\n[[tool.uv.index]]\nurl = "{server.url}"\nignore-error-codes = {codes}\n'
    line.write_project("a", rest=f"{first}{tables}default = true\n")
    return line


@pytest.mark.parametrize("code", [401, 403, 500, 503])
def test_the_next_index_is_asked(server: IndexServer, tmp_path: Path, code: int) -> None:
    """Also after statuses that are waited for."""
    server.faults.statuses["/simple/a/"] = code
    with IndexServer({"a": [OLD]}) as other:
        line = project(tmp_path, server, f"[{code}]", other.url)
        ran = line.run("lock")
        assert (ran.status, other.paths()[:1]) == (0, ["/simple/a/"]), ran.err


def test_another_status_is_not_ignored(server: IndexServer, tmp_path: Path) -> None:
    """Only those that are named."""
    server.faults.statuses["/simple/a/"] = 401
    with IndexServer({"a": [OLD]}) as other:
        assert project(tmp_path, server, "[403]", other.url).run("lock").status == 1
        assert other.requests == []


@pytest.mark.oracle
def test_a_version_whose_metadata_is_refused_is_passed_over(server: IndexServer, tmp_path: Path) -> None:
    """The next one is taken; without one, the failure says what the server said."""
    server.faults.statuses[f"/files/{NEW.filename}.metadata"] = 403
    line = project(tmp_path, server, "[403]")
    assert line.run("lock").status == 0
    assert 'version = "1.0"' in (line.project / "uv.lock").read_text()
    (line.project / "uv.lock").unlink()
    server.faults.statuses[f"/files/{OLD.filename}.metadata"] = 403
    ran = line.run("lock", "--no-cache")
    assert ran.status == 1
    assert "could not be fetched from the network (`403 Forbidden`)" in ran.err
    assert ran.err.endswith(
        "hint: Metadata for `a` (v2.0) could not be fetched; the server returned: `403 Forbidden`\n"
    )
    theirs = subprocess.run(
        [oracle_uv(), "lock", "--no-cache"],
        cwd=line.project, env=line.variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.err == theirs.stderr


def test_metadata_that_is_refused_otherwise_ends_the_run(server: IndexServer, tmp_path: Path) -> None:
    """It would be another resolution next time."""
    server.faults.statuses[f"/files/{NEW.filename}.metadata"] = 403
    ran = project(tmp_path, server, "[401]").run("lock")
    assert (ran.status, "403 Forbidden" in ran.err) == (2, True)
