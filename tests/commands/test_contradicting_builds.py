"""Builds that say something else than the lock end before the environment is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.tree_backend import write_tree
from tests.support.wheel_factory import make_sdist

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


@pytest.fixture
def publish(tmp_path: Path, server: IndexServer):
    """Return a function that publishes `d` 1.0, which says it requires `b<2`, and whose wheel says something else."""

    def make(*built_requires: str, built_version: str = "1.0") -> None:
        write_tree(tmp_path / "d", "d", built_requires=built_requires, built_version=built_version)
        files = {path.name: path.read_text() for path in (tmp_path / "d").iterdir()}
        server.publish("d", make_sdist("d", "1.0", requires=["b<2"], files=files))

    return make


@pytest.mark.parametrize(
    ("built_requires", "difference"),
    [
        (("b>=2",), "it requires `b>=2`, but `b==1.0` is locked"),
        (("b<2", "c"), "it requires `c`, which is not locked for it"),
    ],
)
def test_the_difference_and_the_way_out_are_named(
    tool: CommandLine, publish, built_requires: tuple[str, ...], difference: str
) -> None:
    """What was installed stays; with the table that is proposed it works."""
    publish(*built_requires)
    tool.write_project("a<2")
    assert tool.run("sync").status == 0
    tool.write_project("d")
    ran = tool.run("sync")
    assert ran.status == 1
    assert f"  cause: The wheel of `d` contradicts the lockfile: {difference}\n" in ran.err
    assert tool.installed() == ["a-1.0"]
    table = ran.err.partition("[[tool.uv")[2].partition("\n\n")[0] + "\n"
    assert table.strip()
    tool.write_project("d", rest=f"[[tool.uv{table}")
    again = tool.run("sync")
    assert again.status == 0, again.err
    assert "d-1.0" in tool.installed()


def test_a_wheel_of_another_version_is_refused(tool: CommandLine, publish) -> None:
    """In uv's words."""
    publish("b<2", built_version="2.0")
    tool.write_project("d")
    ran = tool.run("sync")
    assert ran.status == 1
    assert "cause: Package metadata version `2.0` does not match given version `1.0`" in ran.err


def test_what_is_overridden_is_not_compared(tool: CommandLine, publish) -> None:
    """The lock contradicts the package on purpose."""
    publish("b>=2")
    tool.write_project("d", rest='[tool.uv]\noverride-dependencies = ["b<2"]\n')
    ran = tool.run("sync")
    assert ran.status == 0, ran.err
    assert tool.installed() == ["b-1.0", "d-1.0"]


@pytest.mark.parametrize("words", [(), ("--reinstall",)], ids=["sync", "reinstall"])
def test_a_wheel_in_the_cache_is_compared_with_every_lock(tool: CommandLine, publish, words: tuple[str, ...]) -> None:
    """It was built for a project that overrides what it requires; the next one does not."""
    publish("b>=2")
    override = '[tool.uv]\noverride-dependencies = ["b<2"]\n'
    tool.write_project("d", rest=override)
    assert tool.run("sync").status == 0
    tool.write_project("a<2", rest=override)
    assert tool.run("sync").status == 0
    tool.write_project("d")
    (tool.project / "uv.lock").unlink()
    ran = tool.run("sync", *words)
    assert ran.status == 1, ran.err
    assert "error: Failed to download and build `d==1.0`\n" in ran.err
    assert "cause: The wheel of `d` contradicts the lockfile: it requires `b>=2`, but `b==1.0` is locked\n" in ran.err
    assert "Building" not in ran.err
    assert tool.installed() == ["a-1.0"]


def test_what_agrees_is_installed(tool: CommandLine, publish) -> None:
    """Requirements of other environments and of extras do not count."""
    publish("b<2", "missing ; sys_platform == 'nowhere'", "missing ; extra == 'x'")
    tool.write_project("d")
    ran = tool.run("sync")
    assert ran.status == 0, ran.err


def test_a_url_that_leads_to_another_archive_is_told_while_the_lock_is_judged(
    tool: CommandLine, publish, server: IndexServer
) -> None:
    """With what is locked and what was found; nothing is installed."""
    publish("b<2")
    url = server.file_url("d-1.0.tar.gz")
    tool.write_project("d", rest=f'[tool.uv.sources]\nd = {{ url = "{url}" }}\n')
    assert tool.run("lock").status == 0
    lockfile = tool.project / "uv.lock"
    text = lockfile.read_text()
    place = text.index("sha256:", text.index("d-1.0.tar.gz")) + len("sha256:")
    lockfile.write_text(f"{text[:place]}{'0' * 64}{text[place + 64 :]}")
    ran = tool.run("sync")
    assert ran.status == 2
    assert f"error: Failed to generate package metadata for `d==1.0 @ direct+{url}`\n" in ran.err
    assert f"  cause: Hash mismatch for `d @ {url}`\n" in ran.err
    assert tool.installed() == []
