"""What source distributions hold, and in which order."""

import gzip
import tarfile
import tomllib

import pytest
from tests.support.native_projects import BUILD_SYSTEM, MINIMAL, MODULE, write_project

from mauve.build.native.errors import NameTaken, NativeBuildError, PyProjectExcluded
from mauve.build.native.project import read_tree
from mauve.build.native.sdist import build_sdist

INCLUDES = '[tool.uv.build-backend]\nsource-include = ["**"]\n'


def build(root, pyproject=MINIMAL, files=MODULE):
    """Return the path of a project's source distribution."""
    write_project(root / "demo", pyproject, files)
    (root / "out").mkdir()
    tree = read_tree(pyproject + BUILD_SYSTEM, "")
    return root / "out" / build_sdist(str(root / "demo"), tree, str(root / "out"), lambda _: None)


def names(path):
    """Return the names of the members, below the first folder, but for the ones that are always there."""
    with tarfile.open(path) as archive:
        found = [member.name.removeprefix("demo-0.1.0").removeprefix("/") for member in archive]
    assert found[:4] == ["PKG-INFO", "pyproject.toml", "pyproject.toml.orig", ""]
    return found[4:]


def test_what_the_wheel_needs_is_included(tmp_path):
    """Everything else stays out unless it is asked for."""
    keys = 'readme = "./docs/../R.md"\nlicense = { file = "COPYING" }\n'
    data = '[tool.uv.build-backend]\nsource-include = ["tests/**"]\ndata = { scripts = "bin" }\n'
    files = {**MODULE, "R.md": "", "COPYING": "", "bin/x": "", "tests/t.py": "", "other": "", "docs/x": ""}
    assert names(build(tmp_path, MINIMAL + keys + data, files)) == [
        "COPYING",
        "R.md",
        "bin",
        "bin/x",
        "src",
        "src/demo",
        "src/demo/__init__.py",
        "tests",
        "tests/t.py",
    ]


def test_excluded_folders_are_not_entered(tmp_path):
    """A slash anchors a pattern at the root."""
    settings = f'{INCLUDES}source-exclude = ["/tests", "*.log"]\n'
    files = {**MODULE, "tests/a": "", "src/demo/tests/a": "", "x.log": ""}
    assert names(build(tmp_path, MINIMAL + settings, files)) == [
        "src",
        "src/demo",
        "src/demo/__init__.py",
        "src/demo/tests",
        "src/demo/tests/a",
    ]


def test_pyproject_is_written_anew_and_kept(tmp_path):
    """Old tools know TOML 1.0 only; people want their comments."""
    written = f'# mine\n{MINIMAL}urls = {{ a = "b" }}\n'
    with tarfile.open(build(tmp_path, written)) as archive:
        anew = archive.extractfile("demo-0.1.0/pyproject.toml").read().decode()
        kept = archive.extractfile("demo-0.1.0/pyproject.toml.orig").read().decode()
    assert kept == written + BUILD_SYSTEM
    assert "#" not in anew
    assert tomllib.loads(anew) == tomllib.loads(kept)


def test_members_have_no_owner_and_no_time(tmp_path):
    """The same sources make the same archive, byte for byte."""
    first = build(tmp_path / "a").read_bytes()
    assert first == build(tmp_path / "b").read_bytes()
    with tarfile.open(tmp_path / "a" / "out" / "demo-0.1.0.tar.gz") as archive:
        assert {(member.uid, member.gid, member.uname, member.mtime) for member in archive} == {(0, 0, "", 0)}


def test_long_and_foreign_names_survive(tmp_path):
    """The old header has room for 100 bytes, or 255 with a slash at the right place."""
    long = ["x" * 120, f"{'y' * 90}/{'z' * 90}", "é" * 60, "/".join(["w" * 70] * 4)]
    archive = build(tmp_path, MINIMAL + INCLUDES, {**MODULE, **{f"{path}/file": "" for path in long}})
    assert {f"{path}/file" for path in long} <= set(names(archive))
    assert b"PaxEntries/" in gzip.decompress(archive.read_bytes())


def test_pyproject_cannot_be_excluded(tmp_path):
    """Without it there is no source distribution."""
    with pytest.raises(PyProjectExcluded):
        build(tmp_path, f'{MINIMAL}[tool.uv.build-backend]\nsource-exclude = ["*.toml"]\n')


def test_files_cannot_take_the_place_of_metadata(tmp_path):
    """PKG-INFO is written for the archive; one in the tree is somebody's mistake."""
    with pytest.raises(NativeBuildError, match=r"^Failed to write tar archive to") as caught:
        build(tmp_path, MINIMAL + INCLUDES, {**MODULE, "PKG-INFO": ""})
    assert isinstance(caught.value.__cause__, NameTaken)
    assert list((tmp_path / "out").iterdir()) == []
