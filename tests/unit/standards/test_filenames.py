"""File names of wheels and source distributions."""

from __future__ import annotations

import pytest

from mauve.standards.filenames import InvalidFilename, parse_sdist_filename, parse_wheel_filename, tags_of
from mauve.standards.names import package_name


def test_the_parts_of_a_wheel_are_told_apart() -> None:
    """Every field, with a build tag and compressed tags."""
    wheel = parse_wheel_filename("Foo_Bar-1.0+cpu-3abc-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    assert (wheel.name, str(wheel.version), wheel.build) == ("foo-bar", "1.0+cpu", (3, "abc"))
    assert wheel.python_tags == ("py2", "py3")
    assert wheel.platform_tags == ("manylinux_2_17_x86_64", "manylinux2014_x86_64")


@pytest.mark.parametrize(
    ("filename", "reason"),
    [
        ("bad_name.whl", "is invalid: Must have a version"),
        ("a-1.whl", "is invalid: Must have a Python tag"),
        ("a-1-py3.whl", "is invalid: Must have an ABI tag"),
        ("a-1-py3-none.whl", "is invalid: Must have a platform tag"),
        ("a-1-2-py3-none-any-x.whl", "is invalid: Must have 5 or 6 components, but has more"),
        ("a-1-py3-none-any.zip", "is invalid: Must end with .whl"),
        ("a-1-x-py3-none-any.whl", "has an invalid build tag: must start with a digit"),
    ],
)
def test_a_malformed_wheel_name_is_explained(filename: str, reason: str) -> None:
    """The words are uv's."""
    with pytest.raises(InvalidFilename, match="The wheel filename") as caught:
        parse_wheel_filename(filename)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("filename", "name", "version", "standard"),
    [
        ("foo_bar-1.0.tar.gz", "foo-bar", "1.0", True),
        ("foo-bar-1.0-1.zip", "foo-bar", "1.0.post1", True),
        ("foo__bar-1.0.tar.bz2", "foo-bar", "1.0", False),
    ],
)
def test_the_name_of_the_package_tells_where_the_version_starts(
    filename: str, name: str, version: str, standard: bool
) -> None:
    """Old archives have dashes in names and versions."""
    sdist = parse_sdist_filename(filename, package_name(name))
    assert (str(sdist.version), sdist.is_standard) == (version, standard)


@pytest.mark.parametrize("filename", ["a-1.0.egg", "b-1.0.tar.gz", "a-x.tar.gz", "a.tar.gz"])
def test_other_files_are_refused(filename: str) -> None:
    """An index page lists more than source archives of its package."""
    with pytest.raises(InvalidFilename):
        parse_sdist_filename(filename, package_name("a"))


@pytest.mark.parametrize(
    "filename",
    ["a-1.0-py3-none-any.whl", "a_b-1.0+cpu-3abc-py2.py3-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"],
)
def test_tags_are_found_without_the_rest(filename: str) -> None:
    """They are those of the whole name."""
    whole = parse_wheel_filename(filename)
    assert tags_of(filename) == (whole.python_tags, whole.abi_tags, whole.platform_tags)


@pytest.mark.parametrize("filename", ["a.whl", "py3-none-any.whl", "a-1.0-py3-none-a/b.whl", "a-1.0-py3--any.whl"])
def test_tags_that_are_missing_or_malformed_are_none(filename: str) -> None:
    """A name that has no parts before them has no tags either."""
    assert tags_of(filename) is None
