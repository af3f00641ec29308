"""A verdict is replayed only while nothing that had a say has changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.probing import FRONT_DOOR, make_verdicts_later, run_probed

from mauve.fastpath import verdicts


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project inside a folder, locked and synchronised."""
    project = tmp_path_factory.mktemp("verdicts") / "outer" / "project"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\n', encoding="utf-8"
    )
    assert run_probed(project, "sync")[0] == 0
    return project


@pytest.fixture
def project(base: Path) -> Path:
    """The project with a verdict about `sync` that is old enough to be trusted."""
    run_probed(base, "sync")  # repairs what the test before changed
    run_probed(base, "sync")
    make_verdicts_later(base)
    assert is_replayed(base)
    return base


def is_replayed(project: Path, *words: str, variables: dict[str, str] | None = None) -> bool:
    """Return whether `mauve sync` (or *words*) is answered without the rest of the program."""
    status, modules = run_probed(project, *(words or ("sync",)), variables=variables)
    assert status in (0, 1, 2)
    return modules <= FRONT_DOOR


def site_packages(project: Path) -> Path:
    """Return the folder of packages of the project's environment."""
    return next((project / ".venv" / "lib").glob("python3*")) / "site-packages"


def edit_project(project: Path) -> None:
    path = project / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a comment\n", encoding="utf-8")


def edit_lock(project: Path) -> None:
    path = project / "uv.lock"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def add_settings(project: Path) -> None:
    (project / "uv.toml").write_text('resolution = "highest"\n', encoding="utf-8")


def add_settings_above(project: Path) -> None:
    (project.parent / "uv.toml").write_text('resolution = "highest"\n', encoding="utf-8")


def add_project_above(project: Path) -> None:
    (project.parent / "pyproject.toml").write_text("[tool.other]\n", encoding="utf-8")


def add_version_file(project: Path) -> None:
    (project / ".python-version").write_text(f"{sys.version_info.major}.{sys.version_info.minor}\n", encoding="utf-8")


def add_distribution(project: Path) -> None:
    folder = site_packages(project) / "extra-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n", encoding="utf-8")
    (folder / "RECORD").write_text("extra-1.0.dist-info/METADATA,,\nextra-1.0.dist-info/RECORD,,\n", encoding="utf-8")


def touch_environment(project: Path) -> None:
    path = project / ".venv" / "pyvenv.cfg"
    path.write_text(path.read_text(encoding="utf-8") + "note = x\n", encoding="utf-8")


def remove_interpreter(project: Path) -> None:
    (project / ".venv" / "bin" / "python").unlink()


def remove_environment(project: Path) -> None:
    shutil.rmtree(project / ".venv")


@pytest.mark.parametrize(
    "change",
    [
        edit_project,
        edit_lock,
        add_settings,
        add_settings_above,
        add_project_above,
        add_version_file,
        add_distribution,
        touch_environment,
        remove_interpreter,
        remove_environment,
    ],
)
def test_a_change_voids_the_verdict(project: Path, change: Callable[[Path], None]) -> None:
    """A stale "all is well" would be the worst thing this program could say."""
    kept = {path: path.read_bytes() for path in (project / "pyproject.toml", project / "uv.lock")}
    change(project)
    try:
        assert not is_replayed(project)
    finally:
        for path in (project / "uv.toml", project.parent / "uv.toml", project / ".python-version"):
            path.unlink(missing_ok=True)
        (project.parent / "pyproject.toml").unlink(missing_ok=True)
        for path, content in kept.items():
            path.write_bytes(content)


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("sync", "--no-dev"), {}),
        (("sync", "-v"), {}),
        (("sync",), {"UV_RESOLUTION": "lowest"}),
        (("sync",), {"ANYTHING_AT_ALL": "1"}),
        (("sync",), {"UV_PROJECT_ENVIRONMENT": "other"}),
    ],
)
def test_other_words_and_variables_ask_another_question(
    project: Path, words: tuple[str, ...], variables: dict[str, str]
) -> None:
    """Options and variables may change the answer, so none of them shares a verdict."""
    assert not is_replayed(project, *words, variables=variables)
    shutil.rmtree(project / "other", ignore_errors=True)


def test_a_relative_cutoff_is_never_recorded(project: Path) -> None:
    """The answer depends on the clock."""
    variables = {"UV_EXCLUDE_NEWER": "3 days"}
    run_probed(project, "lock", variables=variables)
    run_probed(project, "lock", variables=variables)
    make_verdicts_later(project)
    assert not is_replayed(project, "lock", variables=variables)
    run_probed(project, "lock")


def test_what_shells_change_on_their_own_is_passed_over(project: Path) -> None:
    """Going to another folder and back must not cost the verdict."""
    assert is_replayed(project, variables={"OLDPWD": os.fspath(project.parent), "SHLVL": "7"})


def test_a_recent_change_of_a_folder_is_not_trusted(tmp_path: Path) -> None:
    """Right after a change a second one could leave the same times."""
    state = verdicts.state_of(str(tmp_path))
    changed_at = state[5]
    assert not verdicts.is_unchanged((str(tmp_path), state, b""), changed_at + 1)
    assert verdicts.is_unchanged((str(tmp_path), state, b""), changed_at + verdicts._UNCERTAIN)


def test_the_content_of_a_file_decides_where_its_times_do_not(tmp_path: Path) -> None:
    """A checkout or an editor that writes the same text again changes nothing."""
    path = tmp_path / "pyproject.toml"
    path.write_text("a", encoding="utf-8")
    entry = (str(path), verdicts.state_of(str(path)), verdicts._content(str(path)))
    path.unlink()
    path.write_text("a", encoding="utf-8")
    assert verdicts.is_unchanged(entry, entry[1][5] + verdicts._UNCERTAIN)
    path.write_text("b", encoding="utf-8")
    assert not verdicts.is_unchanged(entry, entry[1][5] + verdicts._UNCERTAIN)
    path.unlink()
    assert not verdicts.is_unchanged(entry, entry[1][5] + verdicts._UNCERTAIN)
