"""`build`: what is made of what, where it goes, and what is said if it cannot be made."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from tests.support.native_projects import MINIMAL, MODULE, write_project
from tests.support.tree_backend import write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.command_line import CommandLine


def made(folder: Path) -> list[str]:
    """Return the names of the files in *folder*."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def root(tool: CommandLine) -> Path:
    """Return the project, a tree whose backend is in it."""
    write_tree(tool.project, "d")
    return tool.project


def test_the_wheel_is_made_of_the_source_distribution(tool: CommandLine, root: Path) -> None:
    """What is missing in the one would be missing in the other: whoever builds finds out before users do."""
    ran = tool.run("build")
    assert ran.status == 0, ran.err
    assert ran.err == (
        "Building source distribution...\npacking\nBuilding wheel from source distribution...\n"
        "Successfully built dist/d-1.0.tar.gz\nSuccessfully built dist/d-1.0-py3-none-any.whl\n"
    )
    assert made(root / "dist") == [".gitignore", "d-1.0-py3-none-any.whl", "d-1.0.tar.gz"]
    assert (root / "dist/.gitignore").read_text() == "*"


@pytest.mark.parametrize(
    ("words", "files", "said"),
    [
        ("--sdist", ["d-1.0.tar.gz"], "Building source distribution...\npacking\n"),
        ("--wheel", ["d-1.0-py3-none-any.whl"], "Building wheel...\n"),
        (
            "--sdist --wheel",
            ["d-1.0-py3-none-any.whl", "d-1.0.tar.gz"],
            "Building source distribution...\npacking\nBuilding wheel...\n",
        ),
    ],
)
def test_only_what_is_asked_for_is_made(tool: CommandLine, root: Path, words: str, files: list[str], said: str) -> None:
    """Asked for together, both are made of the folder."""
    ran = tool.run("build", *words.split(), "--no-create-gitignore", "--out-dir", "../out")
    assert ran.status == 0, ran.err
    assert made(root.parent / "out") == files
    assert ran.err.startswith(said)
    assert "wheel from source" not in ran.err


def test_a_wheel_is_made_of_an_archive(tool: CommandLine, root: Path) -> None:
    """Beside it, unless there is another place for it."""
    assert tool.run("build", "--sdist").status == 0
    archive = "dist/d-1.0.tar.gz"
    ran = tool.run("build", archive, "--wheel")
    assert (ran.status, made(root / "dist")) == (0, [".gitignore", "d-1.0-py3-none-any.whl", "d-1.0.tar.gz"])
    for words, reason in (
        ((), "Pass `--wheel` explicitly to build a wheel from a source distribution"),
        (("--sdist",), "Building an `--sdist` from a source distribution is not supported"),
    ):
        ran = tool.run("build", archive, *words)
        assert ran.status == 2
        assert ran.err == f"error: Failed to build `{root / archive}`\n  cause: {reason}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("missing", "Source `missing` does not exist"),
        ("--package x", "Package `x` not found in workspace"),
        ("backend.py --package d", "Cannot specify `--package` when building from a file"),
        ("backend.py --all", "Cannot specify `--all-packages` when building from a file"),
    ],
)
def test_what_is_not_there_is_not_built(tool: CommandLine, root: Path, words: str, message: str) -> None:
    """Nothing is made, not even the folder for it."""
    ran = tool.run("build", *words.split())
    assert (ran.status, ran.err) == (2, f"error: {message}\n")
    assert not (root / "dist").exists()


def test_the_output_of_backends_is_told_as_it_comes_or_not_at_all(tool: CommandLine, root: Path) -> None:
    """It is not repeated where the failure is told."""
    shown = tool.run("build", "--wheel", variables={"SEEN": "fail"})
    hidden = [
        tool.run("build", "--wheel", "--no-build-logs", variables={"SEEN": "fail"}),
        tool.run("build", "--wheel", variables={"SEEN": "fail", "UV_HIDE_BUILD_OUTPUT": "1"}),
        tool.run("build", "--wheel", "-q", variables={"SEEN": "fail"}),
    ]
    assert shown.err.count("asked to fail") == 1
    assert shown.err.index("asked to fail") < shown.err.index("error: Failed to build")
    for ran in (shown, *hidden):
        assert ran.status == 2
        assert "cause: Call to `backend.build_wheel` failed (exit status: 1)" in ran.err
    assert not any("asked to fail" in ran.err for ran in hidden)


def test_members_are_built_side_by_side_and_fail_alone(tool: CommandLine) -> None:
    """Into the folder of the workspace; what has no build system is none of them."""
    (tool.project / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["x", "y", "z"]\n')
    write_tree(tool.project / "x", "x")
    write_tree(tool.project / "y", "y")
    (tool.project / "y/backend.py").write_text("def build_sdist(*_):\n    raise SystemExit(3)\n")
    (tool.project / "z").mkdir()
    (tool.project / "z/pyproject.toml").write_text('[project]\nname = "z"\nversion = "1"\n')
    ran = tool.run("build", "--all-packages", "--no-build-logs")
    assert ran.status == 2
    assert ran.err.startswith(
        "[x] Building source distribution...\n[y] Building source distribution...\n"
        "[x] Building wheel from source distribution...\n"
        "Successfully built dist/x-1.0.tar.gz\nSuccessfully built dist/x-1.0-py3-none-any.whl\n"
        f"error: Failed to build `y @ {tool.project / 'y'}`\n"
    )
    assert made(tool.project / "dist") == [".gitignore", "x-1.0-py3-none-any.whl", "x-1.0.tar.gz"]
    ran = tool.run("build", "--package", "z")
    assert ran.status == 2
    assert ran.err.startswith("error: Package `z` is missing a `build-system`. For example, to build with `uv_build`")


def test_a_folder_is_cleared_but_not_with_the_source_in_it(tool: CommandLine, root: Path) -> None:
    """Old archives would be published with the new ones."""
    (root / "dist").mkdir()
    (root / "dist/d-0.9.tar.gz").touch()
    assert tool.run("build", "--sdist", "--clear").status == 0
    assert made(root / "dist") == [".gitignore", "d-1.0.tar.gz"]
    before = tool.snapshot()
    for words in (("--out-dir", "."), ("dist/d-1.0.tar.gz", "--wheel")):
        ran = tool.run("build", "--clear", *words)
        assert ran.status == 2
        assert "cause: Refusing to clear output directory" in ran.err
    assert tool.snapshot() == before


def test_a_wheel_of_another_version_than_its_archive_is_refused(tool: CommandLine, root: Path) -> None:
    """Installers would be told two different things."""
    backend = root / "backend.py"
    text = backend.read_text()
    backend.write_text(text.replace('name = "d-1.0-py3', 'name = "d-2.0-py3'))
    ran = tool.run("build")
    assert ran.status == 2
    assert ran.err.endswith(
        "  cause: The source distribution declares version 1.0, but the wheel declares version 2.0\n"
    )
    # Of another length: two states of one second are told apart by it.
    backend.write_text(text.replace('name = "d-1.0-py3', 'name = "e-1.0-py3') + "# other\n")
    assert "declares name d, but the wheel declares name e\n" in tool.run("build", "--sdist", "--wheel").err


def test_a_project_of_the_backend_within_is_built_without_a_process(tool: CommandLine) -> None:
    """No interpreter is started for it, and nothing is installed; `--force-pep517` wants that all the same."""
    write_project(tool.project, MINIMAL, MODULE)
    ran = tool.run("build", "--offline")
    assert ran.status == 0, ran.err
    wheel, sdist = tool.project / "dist/demo-0.1.0-py3-none-any.whl", tool.project / "dist/demo-0.1.0.tar.gz"
    assert "demo/__init__.py" in ZipFile(wheel).namelist()
    with tarfile.open(sdist) as archive:
        assert "demo-0.1.0/src/demo/__init__.py" in archive.getnames()
    ran = tool.run("build", "--offline", "--force-pep517")
    assert ran.status == 2
    assert "cause: Failed to resolve requirements from `build-system.requires`" in ran.err


def test_what_archives_would_have_is_listed(tool: CommandLine) -> None:
    """Of the backend within only: nobody knows it of others before."""
    write_project(tool.project, MINIMAL, MODULE)
    ran = tool.run("build", "--list", "--wheel")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "Building demo-0.1.0-py3-none-any.whl will include the following files:\n"
        "demo/__init__.py (src/demo/__init__.py)\n"
        "demo-0.1.0.dist-info/WHEEL (generated)\n"
        "demo-0.1.0.dist-info/METADATA (generated)\n"
    )
    write_tree(tool.project, "d")
    ran = tool.run("build", "--list")
    assert ran.status == 2
    assert "is not compatible because `build_system.build-backend` is not `uv_build`, but `backend`\n" in ran.err


def test_sources_of_requirements_are_those_of_the_folder_that_is_packed(tool: CommandLine, tmp_path: Path) -> None:
    """The archive is unpacked elsewhere, where relative paths lead nowhere."""
    write_tree(tmp_path / "helper", "helper")
    write_tree(tool.project, "d", requires=("helper",), rest='[tool.uv.sources]\nhelper = { path = "../helper" }\n')
    ran = tool.run("build")
    assert ran.status == 0, ran.err
    with ZipFile(tool.project / "dist/d-1.0-py3-none-any.whl") as wheel:
        assert "helper==1.0" in wheel.read("d.py").decode()


def test_constraints_bound_what_builds_install(tool: CommandLine, root: Path) -> None:
    """With digests, nothing else is trusted; `--no-verify-hashes` trusts everything."""
    write_tree(root, "d", requires=("a",))
    (root / "bounds.txt").write_text("a<2\n")
    assert tool.run("build", "--wheel", "-b", "bounds.txt").status == 0
    with ZipFile(root / "dist/d-1.0-py3-none-any.whl") as wheel:
        assert "a==1.0" in wheel.read("d.py").decode()
    ran = tool.run("build", "--wheel", "--require-hashes")
    assert "Hash-checking is required, but no trusted hash was provided for: `a`\n" in ran.err
    (root / "bounds.txt").write_text(f"a==1.0 --hash=sha256:{'0' * 64}\n")
    ran = tool.run("build", "--wheel", variables={"UV_BUILD_CONSTRAINT": "bounds.txt"})
    assert ran.status == 2
    assert "cause: Hash mismatch for `a==1.0`" in ran.err
    assert tool.run("build", "--wheel", "-b", "bounds.txt", "--no-verify-hashes").status == 0
    ran = tool.run("build", "--wheel", "-b", "missing.txt")
    assert (ran.status, ran.err) == (2, f"error: Failed to build `{root}`\n  cause: File not found: missing.txt\n")


def test_files_that_the_cache_ignores_are_built(tool: CommandLine, root: Path) -> None:
    """Archives are unpacked below a `.gitignore` that names everything; some backends leave out what those name."""
    text = (root / "backend.py").read_text()
    (root / "backend.py").write_text(
        text.replace(
            'name = "d-1.0',
            """from pathlib import Path
    for above in Path.cwd().parents:
        if (above / ".gitignore").exists():
            raise SystemExit("everything is ignored")
        if (above / ".git").exists():
            break
    name = "d-1.0""",
        )
    )
    ran = tool.run("build")
    assert ran.status == 0, ran.err
