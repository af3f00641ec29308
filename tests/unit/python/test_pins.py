"""Version files."""

import pytest

from mauve.python.pins import (
    UnsupportedPin,
    find_version_file,
    parse_version_file,
    read_version_file,
    write_version_file,
)
from mauve.python.request import NameRequest, parse_request


def test_the_first_request_counts_and_names_are_ignored():
    """Comments take whole lines; behind a version they make it a name."""
    file = parse_version_file("3.8 # x\n# c\n\n 3.12 \n3.11\nfoo\n", "/p/.python-version")
    assert str(file.request) == "3.12"
    assert len(file.requests) == 2
    assert file.ignored == ("3.8 # x", "foo")


def test_the_nearest_file_is_found_up_to_the_root_of_the_workspace(tmp_path):
    """An empty file ends the search as well."""
    below = tmp_path / "a/b"
    below.mkdir(parents=True)
    assert find_version_file(str(below), stop_at=str(tmp_path)) is None
    (tmp_path / ".python-version").write_text("3.10\n")
    assert str(find_version_file(str(below)).request) == "3.10"
    assert find_version_file(str(below), stop_at=str(tmp_path / "a")) is None
    (tmp_path / "a/.python-version").touch()
    assert find_version_file(str(below)).request is None


def test_of_two_files_in_one_directory_the_single_one_is_preferred(tmp_path):
    """The other one may name more versions, of which the first counts."""
    (tmp_path / ".python-versions").write_text("3.9\n3.8\n")
    assert str(find_version_file(str(tmp_path)).request) == "3.9"
    (tmp_path / ".python-version").write_text("3.10\n")
    assert str(find_version_file(str(tmp_path)).request) == "3.10"


def test_the_users_file_is_the_last_resort(tmp_path):
    """`pin --global` writes it."""
    user, project = tmp_path / "config", tmp_path / "project"
    user.mkdir()
    project.mkdir()
    (user / ".python-version").write_text("3.11\n")
    found = find_version_file(str(project), stop_at=str(project), user_directory=str(user))
    assert str(found.request) == "3.11"
    assert found.is_global


@pytest.mark.parametrize(
    ("text", "written"), [("3.12", "3.12"), (">=3.12,<4", ">=3.12, <4"), ("cp313", "cpython@3.13")]
)
def test_pins_are_written_in_their_canonical_form(tmp_path, text, written):
    """What is read back is the same request."""
    path = str(tmp_path / ".python-version")
    write_version_file(path, parse_request(text))
    assert (tmp_path / ".python-version").read_text() == written + "\n"
    assert read_version_file(path).request == parse_request(text)


def test_names_cannot_be_pinned(tmp_path):
    """Reading would ignore them."""
    with pytest.raises(UnsupportedPin, match="Requests for arbitrary names"):
        write_version_file(str(tmp_path / ".python-version"), NameRequest("foo"))
