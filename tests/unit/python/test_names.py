"""The order in which executables of a directory are tried."""

import pytest

from mauve.python.names import executable_names, minor_executables
from mauve.python.request import parse_request


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("default", "python python3"),
        ("3", "python3 python"),
        (">=3.8", "python3 python"),
        ("3.13", "python3.13 python3 python"),
        ("3.13.1", "python3.13.1 python3.13 python3 python"),
        ("3.13rc1", "python3.13rc1 python3.13 python3 python"),
        ("3.13t", "python3.13t python3.13 python3t python3 pythont python"),
        ("cp", "cpython cpython3 python python3"),
        ("pypy3.10", "pypy3.10 pypy3 pypy python3.10 python3 python"),
        ("any", "python python3 cpython cpython3 pypy pypy3 graalpy graalpy3 pyodide pyodide3"),
    ],
)
def test_names_are_tried_from_the_most_specific_one(text, names):
    """The order is uv's, as its trace shows it."""
    assert executable_names(parse_request(text)) == names.split()


def test_minor_versions_of_a_directory_are_tried_newest_first(tmp_path):
    """A directory with only `python3.12` is found without a request; those outside of a range are never run."""
    for name in ("python3.9", "python3.13", "python3.12", "python3.5", "python3.13t", "python3.12-config", "python3"):
        (tmp_path / name).touch()

    def found(text):
        request = parse_request(text)
        return [listed.name for listed in minor_executables(request, str(tmp_path), executable_names(request))]

    assert found("default") == ["python3.13", "python3.13t", "python3.12", "python3.9"]
    assert found(">=3.10,<3.13") == ["python3.12"]
    assert found("3.12") == []
