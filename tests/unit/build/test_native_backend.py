"""When the backend is this program, and how builds within the process fit in among the others."""

import os
import sys

import pytest
from tests.support.native_projects import BUILD_SYSTEM, MINIMAL, write_project

from mauve.build.failures import NativeBuildFailed
from mauve.build.frontend import Builder, BuildKind
from mauve.build.native.backend import reason_against
from mauve.build.source_tree import SourceTree, parse_build_system
from mauve.errors import ExitStatus
from mauve.python.probe import InterpreterReader


class NoEnvironments:
    """The port's fake: whoever asks has lost."""

    def resolve(self, requirements, tree, building):
        """Refuse."""
        raise AssertionError(requirements)

    def install(self, resolution, environment, building):
        """Refuse."""
        raise AssertionError(resolution)


@pytest.fixture
def builder(tmp_path):
    """Return a builder that cannot make environments, and its warnings."""
    warnings = []
    interpreter = InterpreterReader(None, os.environ).read(sys.executable)
    builder = Builder(
        environments=NoEnvironments(),
        interpreter=interpreter,
        directory=str(tmp_path / "builds"),
        variables={},
        warn=warnings.append,
    )
    return builder, warnings


def system(requires, backend="uv_build"):
    """Return a build system."""
    return parse_build_system(f"[build-system]\nrequires = {requires}\nbuild-backend = '{backend}'\n")


@pytest.mark.parametrize(
    "specifiers",
    ["", ">=0.13", ">=0.13.9,<0.14.0", "==0.13.9", "==0.13.*", ">=0.12,<0.13", "==0.12.*", "<0.13", "~=0.9.0"],
)
def test_ranges_of_this_version_or_one_alike_are_built_within(specifiers):
    """The versions were tried out with uv 0.13.9."""
    assert reason_against(system([f"uv_build{specifiers}"])) is None


@pytest.mark.parametrize(
    "specifiers", ["==0.13.8", ">=0.14", "==0.12.24", ">=0.8,<0.9", ">=0.13.1,<0.13.5", ">=0.12,<0.12.24"]
)
def test_other_ranges_take_a_backend_from_elsewhere(specifiers):
    """Who pins another version exactly gets that one."""
    assert reason_against(system([f"uv_build{specifiers}"])).endswith("is not a known compatible range")


@pytest.mark.parametrize(
    ("requires", "backend", "reason"),
    [
        (["uv_build", "x"], "uv_build", "`build-system.requires` is not exactly `uv_build`, but `uv-build`, `x`"),
        ([], "uv_build", "`build-system.requires` is not exactly `uv_build`, but ``"),
        (["uv_build"], "uv_build:x", "`build_system.build-backend` is not `uv_build`, but `uv_build:x`"),
        (["uv_build @ file:///x"], "uv_build", "`build_system.requires` uses a URL requirement"),
    ],
    ids=["two", "none", "object", "url"],
)
def test_other_build_systems_take_a_backend_from_elsewhere(requires, backend, reason):
    """The reason is told in uv's words."""
    assert reason_against(system(requires, backend)) == reason


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (BuildKind.WHEEL, "demo-0.1.0-py3-none-any.whl"),
        (BuildKind.EDITABLE, "demo-0.1.0-py3-none-any.whl"),
        (BuildKind.SDIST, "demo-0.1.0.tar.gz"),
    ],
)
def test_builds_need_no_environment(tmp_path, builder, kind, name):
    """That is the point of it: nothing is resolved, downloaded or started."""
    root = write_project(tmp_path / "demo")
    assert builder[0].build(SourceTree(root=str(root)), kind, str(tmp_path / "out")) == name
    assert (tmp_path / "out" / name).stat().st_size


def test_metadata_needs_no_environment(tmp_path, builder):
    """Not even a wheel is made for it."""
    root = write_project(tmp_path / "demo")
    metadata = builder[0].build_metadata(SourceTree(root=str(root)))
    assert metadata == b"Metadata-Version: 2.3\nName: demo\nVersion: 0.1.0\n"


def test_a_warning_is_given_once(tmp_path, builder):
    """Metadata and wheel are made by two builds, for one reader."""
    old = BUILD_SYSTEM.replace(">=0.13,<0.14", ">=0.12,<0.13")
    tree = SourceTree(root=str(write_project(tmp_path / "demo", build_system=old)))
    builder[0].build_metadata(tree)
    builder[0].build(tree, BuildKind.WHEEL, str(tmp_path / "out"))
    assert builder[1] == [
        '`build_system.requires = ["uv-build>=0.12,<0.13"]` does not contain the current uv version 0.13.9'
    ]


def test_a_failure_is_the_cause_of_one_that_names_the_distribution(tmp_path, builder):
    """It is an error of the input, with the exit code of those."""
    root = write_project(tmp_path / "demo", files={})
    with pytest.raises(NativeBuildFailed) as caught:
        builder[0].build(SourceTree(root=str(root), shown="demo==0.1.0"), BuildKind.WHEEL, str(tmp_path / "out"))
    assert str(caught.value) == "Failed to build `demo==0.1.0`"
    assert str(caught.value.__cause__) == f"Expected a Python module at: {root}/src/demo/__init__.py"
    assert caught.value.status is ExitStatus.ERROR


def test_a_failed_build_leaves_no_file(tmp_path, builder):
    """A half-written wheel could be taken for one."""
    data = '[tool.uv.build-backend.data]\nscripts = "missing"\n'
    root = write_project(tmp_path / "demo", MINIMAL + data)
    with pytest.raises(NativeBuildFailed):
        builder[0].build(SourceTree(root=str(root), shown="demo"), BuildKind.WHEEL, str(tmp_path / "out"))
    assert list((tmp_path / "out").iterdir()) == []
