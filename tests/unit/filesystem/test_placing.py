"""What becomes of wheels, as a value."""

from __future__ import annotations

import marshal

from mauve.filesystem.placing import PACKED, Placement, clashing, unpacked


def _placement(
    name: str, *folders: tuple[str, list[str]], moved: tuple[tuple[str, str, list[str]], ...] = ()
) -> Placement:
    return Placement(
        files=f"/cache/{name}",
        library="/env/lib",
        dist_info=f"{name}.dist-info",
        record=b"record",
        record_mode=0o644,
        folders=folders,
        info=[("", ["METADATA"]), ("licenses", [])],
        moved=moved,
        scripts=[(f"/env/bin/{name}", b"#!")],
        additions=[("INSTALLER", b"me")],
    )


def test_what_is_packed_comes_back() -> None:
    """Folders without files, the root itself, and names that are hardly names."""
    placement = _placement("a", ("", []), ("a", ["x.py", "new\nline", " "]), ("a/b", []), ("a/b/c", ["\u00e9"]))
    packed = marshal.loads(marshal.dumps(placement.packed()))
    assert len(packed) == PACKED
    assert packed[0] == placement.number == 4
    again = unpacked(packed)
    assert [(path, list(names)) for path, names in again.folders] == list(placement.folders)
    assert [(path, list(names)) for path, names in again.info] == list(placement.info)
    for name in ("files", "library", "dist_info", "record", "record_mode", "scripts", "additions"):
        assert getattr(again, name) == getattr(placement, name)


def test_those_with_a_file_in_common_clash() -> None:
    """Wherever it goes: into the library, to the scripts, or from the data folder."""
    one = _placement("one", ("", ["one.py"]), ("common", ["x.py", "y.py"]))
    two = _placement("two", ("", ["two.py"]), ("common", ["y.py", "z.py"]))
    beside = _placement("beside", ("", ["beside.py"]), ("common", ["other.py"]))
    moved = _placement("moved", moved=(("data", "/env/lib/common", ["other.py"]),))
    script = _placement("script", moved=(("bin", "/env/bin", ["beside"]),))
    assert clashing([one, beside, two]) == {0, 2}
    assert clashing([one, beside]) == set()
    assert clashing([beside, one, moved]) == {0, 2}
    assert clashing([one, script, beside]) == {1, 2}
    assert clashing([one, two, one]) == {0, 1, 2}
