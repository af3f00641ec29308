"""What ends up in `uv.lock`, and what keeps a lock from being made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.wheel_factory import make_wheel

if TYPE_CHECKING:
    from tests.support.command_line import CommandLine
    from tests.support.index_server import IndexServer


@pytest.mark.parametrize("key", ["environments", "required-environments"])
def test_a_wheel_of_a_url_has_to_serve_the_environments_that_are_asked_for(
    tool: CommandLine, server: IndexServer, key: str
) -> None:
    """There is nothing else that could be installed there."""
    wheel = make_wheel("w", "1.0", tag="py3-none-macosx_11_0_arm64")
    server.publish("w", wheel)
    url = server.file_url(wheel.filename)
    tool.write_project(f"w @ {url}", rest=f"[tool.uv]\n{key} = [\"sys_platform == 'win32'\"]\n")
    ran = tool.run("lock")
    assert (ran.status, "w==1.0 has no Windows-compatible wheels" in ran.err) == (1, True), ran.err
    tool.write_project(
        f"w @ {url} ; sys_platform == 'darwin'", rest=f"[tool.uv]\n{key} = [\"sys_platform == 'win32'\"]\n"
    )
    assert tool.run("lock").status == 0


def test_an_index_that_is_typed_in_another_spelling_takes_the_new_one(tool: CommandLine, server: IndexServer) -> None:
    """Else the lock would not fit the project that was just written."""
    tool.write_project(rest=f'[[tool.uv.index]]\nname = "own"\nurl = "{server.url}/"\n')
    assert tool.run("add", "a", "--no-sync", "--index", server.url).status == 0
    text = (tool.project / "pyproject.toml").read_text()
    assert f'url = "{server.url}"\n' in text
    assert tool.run("lock", "--check").status == 0


@pytest.mark.parametrize("url", ["file://${PLACE}/w", "file:///${PROJECT_ROOT}/w", "${PROJECT_ROOT}/w"])
def test_variables_of_the_environment_may_stand_in_urls(tool: CommandLine, url: str) -> None:
    """Where they lead is written relative to the lockfile, as the file names no place itself."""
    (tool.project / "w").mkdir()
    (tool.project / "w" / "pyproject.toml").write_text('[project]\nname = "w"\nversion = "1.0"\n')
    tool.write_project(f"w @ {url}")
    ran = tool.run("lock", variables={"PLACE": str(tool.project)})
    assert ran.status == 0, ran.err
    assert 'source = { directory = "w" }' in (tool.project / "uv.lock").read_text()


def test_a_misformatted_lockfile_fails_a_check_and_is_formatted_on_request(tool: CommandLine) -> None:
    """Only in the preview, and only by `--refresh`: an equal lock is left alone otherwise."""
    tool.write_project("a")
    assert tool.run("lock").status == 0
    path = tool.project / "uv.lock"
    text = path.read_text()
    path.write_text(text.replace("version = 1\n", "version  = 1\n"))
    preview = ("--preview-features", "lockfile-format-check")
    assert tool.run("lock", "--check").status == 0
    ran = tool.run("lock", "--check", *preview)
    assert (ran.status, "has non-canonical formatting at line 1, but `--check` was provided" in ran.err) == (1, True)
    assert tool.run("lock", *preview).status == 0
    assert path.read_text() != text
    assert tool.run("lock", "--refresh", *preview).status == 0
    assert path.read_text() == text
