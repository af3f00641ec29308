"""What is stored about an unpacked wheel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache
from tests.support.wheel_factory import BuiltFile, make_wheel

from mauve.installer.manifest import FILES, MANIFEST, InvalidWheel, read_manifest
from mauve.standards.record import RecordRow, parse_record

if TYPE_CHECKING:
    from mauve.installer.store import WheelStore

_FOLDER = "aa-1.0.data/scripts/sub"


def _with_record(built: BuiltFile, record: str | None) -> BuiltFile:
    """Return the wheel with another RECORD, or without one."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(built.content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            if not name.endswith("/RECORD"):
                new.writestr(name, old.read(name))
            elif record is not None:
                new.writestr(name, record)
    return BuiltFile(filename=built.filename, content=buffer.getvalue(), metadata=built.metadata)


def test_what_is_stored_is_what_was_built(store: WheelStore) -> None:
    """The manifest is all that a later run knows of the wheel."""
    wheel = cache(store, make_wheel("aa", "1.0", entry_points="[console_scripts]\nx = aa:main\n"))
    assert read_manifest(wheel.entry) == wheel.manifest
    assert wheel.manifest.dist_info == "aa-1.0.dist-info"
    assert [entry_point.name for entry_point in wheel.manifest.launchers] == ["x"]


@pytest.mark.parametrize("content", [None, b"", b"\x93\x01", b"not a manifest"])
def test_an_unreadable_manifest_means_not_cached(store: WheelStore, content: bytes | None) -> None:
    """The wheel is then simply fetched again."""
    wheel = cache(store, make_wheel("aa", "1.0"))
    path = Path(wheel.entry, MANIFEST)
    path.unlink() if content is None else path.write_bytes(content)
    assert read_manifest(wheel.entry) is None


def test_record_is_healed(store: WheelStore) -> None:
    """As by uv: rows without file go, repetitions count once, files without row get one, other rows stay verbatim."""
    files = {"aa/__init__.py": "", "aa/unlisted.py": "12345", "aa/dot.py": "", "aa-1.0.dist-info/RECORD.jws": "x"}
    record = "aa/__init__.py,sha256=x,0\naa/__init__.py,sha256=x,0\naa/gone.py,sha256=y,3\n./aa/dot.py,md5=z,\n"
    wheel = cache(store, _with_record(make_wheel("aa", "1.0", files=files), record))
    assert [row.line() for row in parse_record(wheel.manifest.render_record([]))] == [
        "./aa/dot.py,md5=z,",
        f"aa-1.0.dist-info/METADATA,,{len(Path(wheel.entry, FILES, 'aa-1.0.dist-info/METADATA').read_bytes())}",
        f"aa-1.0.dist-info/RECORD,,{len(record)}",
        f"aa-1.0.dist-info/WHEEL,,{len(Path(wheel.entry, FILES, 'aa-1.0.dist-info/WHEEL').read_bytes())}",
        "aa/__init__.py,sha256=x,0",
        "aa/unlisted.py,,5",
    ]


@pytest.mark.parametrize(
    "path", ["../../../bin/x", "aa-1.0.dist-info/INSTALLER", "aa/b.py", "zz.py", "+.py", "aa-1.0.dist-info2/x"]
)
def test_added_rows_are_sorted_in(store: WheelStore, path: str) -> None:
    """RECORD is sorted by path as plain text, wherever the row belongs."""
    files = {"!a.py": "", "+/b.py": "", "aa/__init__.py": "", "aa-1.0.dist-info3/x": "", "zzz.py": ""}
    manifest = cache(store, make_wheel("aa", "1.0", files=files)).manifest
    paths = [row.path for row in parse_record(manifest.render_record([RecordRow(path, "sha256=x", 1)]))]
    assert paths == sorted(paths)
    assert path in paths
    assert len(paths) == len(files) + 4


def test_rows_of_one_path_are_sorted_by_digest(store: WheelStore) -> None:
    """A wheel that brings its own INSTALLER keeps the row of it, as with uv."""
    manifest = cache(store, make_wheel("aa", "1.0", files={"aa-1.0.dist-info/INSTALLER": "pip\n"})).manifest
    rows = parse_record(manifest.render_record([RecordRow("aa-1.0.dist-info/INSTALLER", "sha256=0", 5)]))
    assert next(row.digest for row in rows if row.path.endswith("INSTALLER")) == "sha256=0"


def test_a_wheel_without_record_or_dist_info_is_refused(store: WheelStore) -> None:
    """Nobody could ever uninstall it."""
    with pytest.raises(InvalidWheel, match=r"failed to open file `aa-1.0.dist-info/RECORD`"):
        cache(store, _with_record(make_wheel("aa", "1.0"), None))
    with pytest.raises(InvalidWheel, match=r"Multiple .dist-info directories found: aa-1.0.dist-info, bb-1.0"):
        cache(store, make_wheel("aa", "1.0", files={"bb-1.0.dist-info/METADATA": ""}))
    with pytest.raises(InvalidWheel, match="`RECORD` file is invalid"):
        cache(store, _with_record(make_wheel("aa", "1.0"), "a,b\n"))


@pytest.mark.parametrize(
    ("files", "entry_points", "problem"),
    [
        ({"aa-1.0.data/foo/x": ""}, None, "The wheel is invalid: Unknown wheel data type: foo"),
        ({}, "[console_scripts]\nx = y\n", "The wheel is invalid: invalid console script: 'y'"),
        (
            {},
            "[console_scripts]\n../../foo = a:b\n",
            "The wheel is invalid: Script path must resolve to a file within the scripts directory: ../../foo",
        ),
        (
            {},
            "[gui_scripts]\nPython3.12.py = a:b\n",
            "Scripts must not use the reserved name `python3.12`, got: `Python3.12.py`",
        ),
        (
            {"aa-1.0.data/scripts/sub/x/y": ""},
            None,
            f"The wheel is invalid: Wheel contains an invalid entry (directory) in the `scripts` directory: {_FOLDER}",
        ),
        ({"aa-1.0.data/scripts/pythonw": ""}, None, "Scripts must not use the reserved name `pythonw`, got: `pythonw`"),
    ],
)
def test_faults_that_only_matter_when_installing_are_kept(
    store: WheelStore, files: dict[str, str], entry_points: str | None, problem: str
) -> None:
    """Uv downloads such wheels without complaint and fails to install them."""
    assert cache(store, make_wheel("aa", "1.0", files=files, entry_points=entry_points)).manifest.problem == problem


def test_a_script_named_like_an_entry_point_is_passed_over(store: WheelStore) -> None:
    """The launcher wins; the row of the script stays where it was, as with uv."""
    files = {"aa-1.0.data/scripts/x": "#!python\n", "aa-1.0.data/scripts/y": "#!python\n"}
    manifest = cache(store, make_wheel("aa", "1.0", files=files, entry_points="[console_scripts]\nx=aa:b\n")).manifest
    assert [moved.path for moved in manifest.moved] == ["y"]
    assert "aa-1.0.data/scripts/x,sha256=" in manifest.render_record([])
