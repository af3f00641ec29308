"""What wheels hold, and in which order."""

import base64
import hashlib
import os
from zipfile import ZIP_STORED, ZipFile

import pytest
from tests.support.native_projects import MINIMAL, MODULE, write_project

from mauve.build.native.errors import EnvironmentInSources, OutsideOfProject
from mauve.build.native.project import read_tree
from mauve.build.native.wheel import build_editable, build_wheel
from mauve.standards.record import parse_record


def build(root, pyproject=MINIMAL, files=MODULE, make=build_wheel):
    """Return the opened wheel of a project."""
    write_project(root / "demo", pyproject, files)
    (root / "out").mkdir()
    name = make(str(root / "demo"), read_tree(pyproject, ""), str(root / "out"), lambda _: None)
    return ZipFile(root / "out" / name)


def contents(wheel):
    """Return the names that are not of `.dist-info`."""
    return [name for name in wheel.namelist() if not name.startswith("demo-0.1.0.dist-info/")]


def test_folders_come_before_their_files(tmp_path):
    """Names are compared within each folder, so `b/` and `b-c/` come before `b.py`."""
    files = {"b.py": "", "b/x.py": "", "b-c/x": "", "B/x": "", "__init__.py": "", ".hid": ""}
    with build(tmp_path, files={f"src/demo/{path}": text for path, text in files.items()}) as wheel:
        assert wheel.namelist() == [
            "demo/",
            "demo/.hid",
            "demo/B/",
            "demo/B/x",
            "demo/__init__.py",
            "demo/b/",
            "demo/b/x.py",
            "demo/b-c/",
            "demo/b-c/x",
            "demo/b.py",
            "demo-0.1.0.dist-info/",
            "demo-0.1.0.dist-info/WHEEL",
            "demo-0.1.0.dist-info/METADATA",
            "demo-0.1.0.dist-info/RECORD",
        ]


def test_record_knows_every_file(tmp_path):
    """Installers verify what they unpack."""
    with build(tmp_path, files={"src/demo/__init__.py": "x = 1\n"}) as wheel:
        rows = {row.path: row for row in parse_record(wheel.read("demo-0.1.0.dist-info/RECORD").decode())}
        assert list(rows) == [name for name in wheel.namelist() if not name.endswith("/")]
        digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).rstrip(b"=").decode()
        assert rows["demo/__init__.py"].line() == f"demo/__init__.py,sha256={digest},6"
        assert rows["demo-0.1.0.dist-info/RECORD"].digest == ""


@pytest.mark.skipif(os.name == "nt", reason="files have no modes there")
def test_modes_tell_programs_from_files_and_no_more(tmp_path):
    """A wheel does not depend on the umask of who builds it."""
    root = write_project(tmp_path / "demo", files={**MODULE, "src/demo/run": "", "src/demo/own": ""})
    (root / "src/demo/run").chmod(0o700)
    (root / "src/demo/own").chmod(0o600)
    with build(tmp_path) as wheel:
        modes = {info.filename: info.external_attr >> 16 for info in wheel.infolist()}
    assert modes["demo/run"] == 0o100755
    assert modes["demo/own"] == 0o100644
    assert modes["demo/"] == 0o40755


def test_excludes_name_files_at_any_depth(tmp_path):
    """What a source distribution lacks, a wheel lacks too."""
    settings = '[tool.uv.build-backend]\nwheel-exclude = ["priv"]\nsource-exclude = ["*.log"]\n'
    files = {"x.pyc": "", "__pycache__/x": "", "priv/a": "", "sub/priv": "", "a.log": "", "sub/b": ""}
    with build(tmp_path, MINIMAL + settings, {**MODULE, **{f"src/demo/{path}": "" for path in files}}) as wheel:
        assert contents(wheel) == ["demo/", "demo/__init__.py", "demo/sub/", "demo/sub/b"]


def test_data_is_installed_elsewhere(tmp_path):
    """Kinds are in uv's order, not that of the file."""
    settings = '[tool.uv.build-backend.data]\ndata = "assets"\nscripts = "bin"\n'
    files = {**MODULE, "assets/a/b": "", "bin/run": ""}
    with build(tmp_path, MINIMAL + settings, files) as wheel:
        assert contents(wheel)[2:] == [
            "demo-0.1.0.data/scripts/",
            "demo-0.1.0.data/scripts/run",
            "demo-0.1.0.data/data/",
            "demo-0.1.0.data/data/a/",
            "demo-0.1.0.data/data/a/b",
        ]


def test_data_is_inside_of_the_project(tmp_path):
    """Or it would be missing where only the source distribution is."""
    settings = '[tool.uv.build-backend.data]\nscripts = "../x"\n'
    with pytest.raises(OutsideOfProject, match=r"^The path for the data directory scripts must be inside"):
        build(tmp_path, MINIMAL + settings)


def test_license_files_keep_their_folders(tmp_path):
    """Two of the same name must not meet."""
    with build(
        tmp_path, f'{MINIMAL}license-files = ["**/LICENSE"]\n', {**MODULE, "LICENSE": "", "a/LICENSE": ""}
    ) as wheel:
        assert wheel.namelist()[2:6] == [
            "demo-0.1.0.dist-info/licenses/",
            "demo-0.1.0.dist-info/licenses/LICENSE",
            "demo-0.1.0.dist-info/licenses/a/",
            "demo-0.1.0.dist-info/licenses/a/LICENSE",
        ]


def test_virtual_environments_are_refused(tmp_path):
    """Nobody wants them in a wheel, and they are large."""
    files = {**MODULE, "src/demo/env/pyvenv.cfg": "", "src/demo/env/Scripts/python.exe": ""}
    with pytest.raises(EnvironmentInSources, match=r"src/demo/env$"):
        build(tmp_path, files=files)


def test_editable_wheels_point_at_the_sources(tmp_path):
    """They are read once and thrown away, so they are not compressed."""
    with build(tmp_path, make=build_editable) as wheel:
        assert wheel.namelist()[0] == "demo.pth"
        assert wheel.read("demo.pth") == os.fsencode(tmp_path / "demo" / "src")
        assert contents(wheel) == ["demo.pth"]
        assert {info.compress_type for info in wheel.infolist()} == {ZIP_STORED}


def test_editable_wheels_of_flat_layouts_point_at_the_project(tmp_path):
    """The path ends with a separator, as uv writes it."""
    flat = '[tool.uv.build-backend]\nmodule-root = ""\n'
    with build(tmp_path, MINIMAL + flat, {"demo/__init__.py": ""}, build_editable) as wheel:
        assert wheel.read("demo.pth") == os.fsencode(os.path.join(tmp_path / "demo", ""))
