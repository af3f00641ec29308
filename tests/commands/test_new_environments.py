"""Where `venv` makes an environment, and of what."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def environments(root: Path) -> list[str]:
    """Return the folders below *root* that are environments."""
    return sorted(path.parent.relative_to(root).as_posix() for path in root.rglob("pyvenv.cfg"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("venv",), "named"),
        (("venv", "--directory", "child"), "child/.venv"),
        (("venv", "--project", "child"), ".venv"),
        (("venv", "other"), "other"),
        (("venv", "--no-project"), ".venv"),
    ],
)
def test_the_environment_of_a_project_is_made_at_its_root_only(
    tool: CommandLine, words: tuple[str, ...], expected: str
) -> None:
    """Elsewhere somebody wants an environment in the working directory."""
    tool.write_project()
    (tool.project / "child").mkdir()
    ran = tool.run(*words, variables={"UV_PROJECT_ENVIRONMENT": "named"})
    assert ran.status == 0, ran.err
    assert environments(tool.project) == [expected]


def test_the_prompt_is_the_working_directory(tool: CommandLine) -> None:
    """The project may be called otherwise."""
    tool.write_project()
    assert tool.run("venv").status == 0
    assert (tool.project / ".venv/pyvenv.cfg").read_text().endswith("prompt = project\n")


@pytest.mark.parametrize(
    ("counted", "option", "status"),
    [
        (MINOR, "--managed-python", 0),
        (MINOR, "--no-managed-python", 2),
        ("3.1", "--managed-python", 2),
        ("3.1", "--no-managed-python", 0),
    ],
)
def test_versions_may_be_counted_as_managed(tool: CommandLine, counted: str, option: str, status: int) -> None:
    """Programs that test with uv have both kinds that way."""
    variables = {"UV_INTERNAL__TEST_PYTHON_MANAGED": counted, "UV_PYTHON": MINOR, "UV_PYTHON_SEARCH_PATH": None}
    variables["PATH"] = sys.base_exec_prefix + "/bin"
    assert tool.run("venv", option, variables=variables).status == status


@pytest.mark.parametrize("option", ["--managed-python", "--no-managed-python"])
def test_an_active_environment_is_used_whatever_is_preferred(tool: CommandLine, option: str) -> None:
    """It was named."""
    assert tool.run("venv", "named").status == 0
    variables = {"VIRTUAL_ENV": "named", "UV_PYTHON": None}
    variables |= {"UV_INTERNAL__TEST_PYTHON_MANAGED": MINOR if option.startswith("--no") else "3.1"}
    ran = tool.run("run", "--no-project", option, "python", "-c", "import sys; print(sys.prefix)", variables=variables)
    assert ran.out == f"{tool.project}/named\n"


def test_the_version_of_a_driver_is_a_version(tool: CommandLine) -> None:
    """As every command of uv says."""
    ran = tool.run("cache", "dir", variables={"UV_CUDA_DRIVER_VERSION": "new"})
    assert ran.err == (
        "error: Failed to parse environment variable `UV_CUDA_DRIVER_VERSION` with invalid value `new`: expected "
        "version to start with a number, but no leading ASCII digits were found\n"
    )
