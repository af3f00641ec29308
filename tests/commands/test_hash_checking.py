"""Digests behind requirements: which files `pip install` and `pip sync` take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer

WHEEL = make_wheel("b", "2.0")
OTHER = "0" * 64


def listed(pip: CommandLine, text: str, name: str = "list.txt") -> str:
    """Write a file of requirements; return its name."""
    (pip.project / name).write_text(f"{text}\n", encoding="utf-8")
    return name


def test_a_digest_that_fits_is_content_with_the_file(pip: CommandLine) -> None:
    """Of several one has to fit."""
    name = listed(pip, f"b==2.0 --hash=sha256:{OTHER} \\\n    --hash=sha256:{WHEEL.sha256}")
    ran = pip.run("pip", "install", "-r", name, "--require-hashes")
    assert ran.status == 0, ran.err
    assert pip.installed() == ["b-2.0"]


@pytest.mark.parametrize("option", ["--verify-hashes", "--require-hashes"])
def test_a_digest_that_does_not_fit_keeps_the_file_out(pip: CommandLine, option: str) -> None:
    """Both sides are shown; `--no-verify-hashes` looks away."""
    name = listed(pip, f"b==2.0 --hash=sha256:{OTHER}")
    ran = pip.run("pip", "sync", name, option)
    assert ran.status == 1
    assert f"Expected:\n           sha256:{OTHER}\n" in ran.err
    assert f"Computed:\n           sha256:{WHEEL.sha256}\n" in ran.err
    assert pip.installed() == []
    assert pip.run("pip", "sync", name, "--no-verify-hashes").status == 0


def test_the_cache_is_asked_by_digest_too(pip: CommandLine) -> None:
    """What lies there is no reason to take it."""
    assert pip.run("pip", "install", "b").status == 0
    assert pip.run("pip", "sync", listed(pip, f"b==2.0 --hash=sha256:{OTHER}"), "--reinstall").status == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("b", "all requirements must have their versions pinned with `==`, but found: b"),
        ("b==2.0", "all requirements must have a hash, but none were provided for: b==2.0"),
        (f"a==2.0 --hash=sha256:{OTHER}", "all requirements must be pinned upfront with `==`, but found: `b`"),
        (f"b==2.0 --hash=md5:{OTHER[:32]}", "`md5` hashes are insecure and cannot be used with `--require-hashes`"),
        ("b==2.0 --hash=sha256:00", "Invalid hash digest length (expected 64 hexadecimal characters, found 2)"),
        ("-e ./tree", "all requirements must have a hash, but none were provided for: file://"),
    ],
)
def test_what_has_no_digest_is_refused_where_they_are_demanded(pip: CommandLine, text: str, message: str) -> None:
    """Also what nobody named."""
    tree = pip.project / "tree"
    tree.mkdir()
    (tree / "pyproject.toml").write_text('[project]\nname = "t"\nversion = "1"\n', encoding="utf-8")
    ran = pip.run("pip", "install", "-r", listed(pip, text), "--require-hashes")
    assert ran.status != 0
    assert message in ran.err
    assert pip.installed() == []


def test_constraints_have_digests_as_well(pip: CommandLine) -> None:
    """They stand for those of requirements, and must not contradict them."""
    constraints = listed(pip, f"b==2.0 --hash=sha256:{WHEEL.sha256}", "c.txt")
    words = ("pip", "install", "-c", constraints, "--require-hashes", "-r")
    assert pip.run(*words, listed(pip, "b==2.0")).status == 0
    ran = pip.run(*words, listed(pip, f"b==2.0 --hash=sha256:{OTHER}"), "--reinstall")
    assert ran.status == 2
    assert "there were no overlapping hashes between the requirements and constraints for: b==2.0" in ran.err


def test_a_digest_in_a_url_counts(pip: CommandLine, server: IndexServer) -> None:
    """As one in a list does."""
    server_url = server.file_url(WHEEL.filename)
    assert pip.run("pip", "install", f"b @ {server_url}#sha256={OTHER}", "--require-hashes").status == 1
    assert pip.run("pip", "install", f"b @ {server_url}#sha256={WHEEL.sha256}", "--require-hashes").status == 0
