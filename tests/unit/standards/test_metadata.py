"""Core metadata headers."""

from __future__ import annotations

import pytest

from mauve.standards.metadata import InvalidCoreMetadata, parse_metadata

METADATA = (
    b"Metadata-Version: 2.2\nname: Foo_Bar\nVersion: 1.0\nAuthor: \xff\nRequires-Dist: a>=1;\n"
    b"   python_version<'3'\nRequires-Dist: b\nRequires-Python: >=3.8\nProvides-Extra: X_y\nProvides-Extra: -\n"
    b"Dynamic: License\n\nVersion: 2.0\nRequires-Dist: c\n"
)


@pytest.mark.parametrize("content", [METADATA, METADATA.replace(b"\n", b"\r\n")], ids=["lf", "crlf"])
def test_headers_are_read_up_to_the_first_empty_line(content: bytes) -> None:
    """The description may quote headers; folded lines belong to their field."""
    metadata = parse_metadata(content)
    assert (metadata.name, str(metadata.version), metadata.requires_python) == ("foo-bar", "1.0", ">=3.8")
    assert metadata.requires_dist == ("a>=1; python_version<'3'", "b")
    assert metadata.provides_extra == ("x-y",)


@pytest.mark.parametrize(
    ("version", "dynamic", "static"),
    [(b"2.2", b"License", True), (b"2.1", b"License", False), (b"2.2", b"Requires-Dist", False)],
)
def test_source_metadata_is_static_from_2_2_on(version: bytes, dynamic: bytes, static: bool) -> None:
    """Static metadata saves a build."""
    content = METADATA.replace(b"2.2", version).replace(b"License", dynamic)
    assert parse_metadata(content).is_static is static


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Version: 1\n\n", "Metadata field Name not found"),
        (b"Name: a\n\nVersion: 1\n", "Metadata field Version not found"),
        (b"Name: a\nVersion: x\n", "expected version to start with a number, but no leading ASCII digits were found"),
    ],
)
def test_name_and_version_are_required(content: bytes, message: str) -> None:
    """Without them nothing can be checked against the file name."""
    with pytest.raises(InvalidCoreMetadata) as caught:
        parse_metadata(content)
    assert str(caught.value) == message
