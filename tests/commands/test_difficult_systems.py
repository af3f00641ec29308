"""Machines that are full, locked down, or oddly set up."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from tests.support.command_line import CommandLine
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.index_server import IndexServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions, limits and descriptors as on Unix")


_UNCOMPILED = {"PYTHONDONTWRITEBYTECODE": "1"}
"""Python itself would write a part of a compiled file of this program, and not notice."""


def obey_permissions() -> None:
    """Make root obey permission bits like everyone else: it loses two capabilities at the next program."""
    if sys.platform == "linux" and os.geteuid() == 0:
        import ctypes

        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def limit_files(size: int) -> None:
    """Let no file grow beyond *size* bytes: as on a disk that is full."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_read_only_folder_stays_as_it_is(tool: CommandLine) -> None:
    """The refusal of the system is told with the path."""
    tool.write_project("a")
    assert tool.run("lock").status == 0
    (tool.project / "uv.lock").chmod(0o444)
    tool.write_project("b")
    before = tool.snapshot()
    tool.project.chmod(0o555)
    try:
        for words in (("lock",), ("sync",), ("add", "c"), ("venv",)):
            ran = tool.run(*words, before=obey_permissions)
            assert (ran.status, "Permission denied (os error 13)" in ran.err) == (2, True), (words, ran.err)
            assert tool.snapshot() == before
    finally:
        tool.project.chmod(0o755)


def test_a_full_disk_breaks_nothing(tool: CommandLine, server: IndexServer) -> None:
    """Cache, lockfile and environment are whole afterwards, and the next run completes them."""
    server.publish("big", make_wheel("big", "1.0", files={"big.py": "x = '" + os.urandom(60_000).hex() + "'\n"}))
    text = tool.write_project("big")
    ran = tool.run("sync", before=lambda: limit_files(60_000), variables=_UNCOMPILED)
    assert (ran.status, "File too large (os error 27)" in ran.err) == (2, True), ran.err
    before = tool.snapshot()
    assert before["pyproject.toml"] == text.encode()
    ran = tool.run("add", "b", before=lambda: limit_files(100), variables=_UNCOMPILED)
    assert ran.status == 2, ran.err
    assert tool.snapshot() == before
    assert tool.run("sync").status == 0
    assert tool.imports("big")


def test_a_cache_that_cannot_be_made_is_named(tool: CommandLine) -> None:
    """As uv: nothing is done without a cache."""
    tool.write_project("b")
    before = tool.snapshot()
    (tool.project.parent / "file").write_text("in the way")
    place = str(tool.project.parent / "file")
    ran = tool.run("sync", variables={"UV_CACHE_DIR": place})
    assert ran.status == 2
    assert f"error: Failed to initialize cache at `{place}`" in ran.err
    assert f"cause: failed to create directory `{place}`: File exists (os error 17)" in ran.err
    assert tool.snapshot() == before


def test_every_entry_of_the_cache_may_be_damaged(tool: CommandLine) -> None:
    """Cut in half, each file: it is noticed, fetched again, and the result is right."""
    tool.write_project("a")
    assert tool.run("sync").status == 0
    assert tool.run("sync").status == 0
    shutil.rmtree(tool.project / ".venv")
    for path in tool.cache.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content[: len(content) // 2])
    ran = tool.run("sync")
    assert ran.status == 0, ran.err
    assert tool.imports("a", "b")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: bytes(len(content)),
        lambda content: content[: len(content) // 2] + bytes(len(content) - len(content) // 2),
        lambda content: (
            content[: len(content) // 2] + bytes([content[len(content) // 2] ^ 0x80]) + content[len(content) // 2 + 1 :]
        ),
        lambda content: os.urandom(len(content)),
    ],
    ids=["emptied", "zeroed", "half zeroed", "one bit", "overwritten"],
)
def test_records_of_the_cache_may_have_any_content(tool: CommandLine, damage: Callable[[bytes], bytes]) -> None:
    """As after a power failure: each is noticed and replaced, in a lock as in an installation."""
    tool.write_project("a")
    assert tool.run("sync").status == 0
    lock = tool.snapshot()["uv.lock"]
    for command in (("lock", "--upgrade"), ("sync",)):
        shutil.rmtree(tool.project / ".venv", ignore_errors=True)
        for path in tool.cache.rglob("*"):
            if path.is_file() and not path.is_symlink() and "files" not in path.parts and path.stat().st_size:
                content = damage(path.read_bytes())
                path.unlink()
                path.write_bytes(content)
        ran = tool.run(*command)
        assert ran.status == 0, ran.err
        assert tool.snapshot()["uv.lock"] == lock
    assert tool.imports("a", "b")


def test_no_interpreter_is_an_error_and_leaves_no_environment(tool: CommandLine) -> None:
    """The request is named."""
    tool.write_project("b")
    ran = tool.run("sync", variables={"UV_PYTHON": "3.99"})
    assert (ran.status, "No interpreter found for Python 3.99" in ran.err) == (2, True), ran.err
    assert not (tool.project / ".venv").exists()


@pytest.mark.parametrize(
    "name",
    ["with blank", "ünïcode ✓", "new\nline", "a'b\"c;$HOME%20", "/".join(["x" * 100] * 3)],
    ids=["blank", "unicode", "line end", "quotes", "long"],
)
def test_a_project_may_be_anywhere(tmp_path: Path, server: IndexServer, name: str) -> None:
    """Scripts with long or odd paths in their first line included."""
    tool = CommandLine(tmp_path, server, project=name)
    server.publish("tell", make_wheel("tell", "1.0", entry_points="[console_scripts]\ntell = tell:main\n"))
    tool.write_project("tell")
    ran = tool.run("run", "python", "-c", "import tell; print('ran')")
    assert ran.out == "ran\n", ran.err


@pytest.mark.parametrize(
    "variables",
    [
        {"HOME": None},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONWARNINGS": "error"},
        {"PYTHONOPTIMIZE": "2"},
    ],
    ids=" ".join,
)
def test_odd_variables_change_nothing(tmp_path: Path, server: IndexServer, variables: dict[str, str | None]) -> None:
    """In a folder whose name no ASCII locale can say."""
    tool = CommandLine(tmp_path, server, project="ünï")
    tool.write_project("b", rest='[tool.none]\ntext = "✓"\n')
    ran = tool.run("sync", variables=variables)
    assert ran.status == 0, ran.err
    assert tool.imports("b")


def test_words_are_unicode_in_every_locale(tool: CommandLine) -> None:
    """What was typed comes back as it was typed."""
    tool.write_project()
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ran = tool.run("add", "ß", variables=variables)
    assert (ran.status, "Failed to parse: `ß`" in ran.err) == (2, True), ran.err


def test_noise_on_the_module_path_does_not_reach_the_probe(tool: CommandLine) -> None:
    """The interpreter that is asked about itself must not import modules of the project."""
    noise = tool.project / "noise"
    noise.mkdir()
    for name in ("b", "project", "wheel", "utils", "types_of_mine"):
        (noise / f"{name}.py").write_text("raise SystemExit(9)\n")
    tool.write_project("b")
    path = os.pathsep.join((tool.variables["PYTHONPATH"], str(noise)))
    ran = tool.run("sync", variables={"PYTHONPATH": path})
    assert ran.status == 0, ran.err


@pytest.mark.parametrize("closed", [(1,), (0, 1, 2)], ids=str)
def test_closed_streams_do_not_matter(tool: CommandLine, closed: tuple[int, ...]) -> None:
    """Daemons are started like that."""
    tool.write_project("b")

    def close() -> None:
        for number in closed:
            os.close(number)

    ran = tool.run("add", "a", "--no-sync", before=close)
    assert ran.status == 0, ran.err
    assert b'"a>=2.0"' in tool.snapshot()["pyproject.toml"]


@pytest.mark.parametrize("words", [("help",), ("--version",), ("version",), ("cache", "dir")])
def test_a_reader_that_went_away_is_no_error(tool: CommandLine, words: tuple[str, ...]) -> None:
    """`| head -1` ends before everything is written."""
    tool.write_project()
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = tool.run(*words, stdout=writing)
    finally:
        os.close(writing)
    assert (ran.status, ran.err) == (0, "")
