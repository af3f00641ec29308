"""What texts ask for."""

import pytest

from mauve.python.request import (
    AnyRequest,
    DefaultRequest,
    DirectoryRequest,
    FileRequest,
    ImplementationRequest,
    InvalidVersionRequest,
    KeyRequest,
    NameRequest,
    PathKind,
    VersionPart,
    VersionRequest,
    describe,
    parse_request,
    requested_version,
)
from mauve.standards.versions import parse_version


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("3", "3"),
        ("3.12", "3.12"),
        ("312", "3.12"),
        ("3121", "3.121"),
        ("3.12.1", "3.12.1"),
        ("3.13.0rc1", "3.13rc1"),
        ("3.13rc1", "3.13rc1"),
        ("python3", "3"),
        ("python312", "3.12"),
        ("Python@3.12", "3.12"),
        (" 3.12 ", "3.12"),
        (">=3.8,<3.10", ">=3.8, <3.10"),
        ("3.13t", "3.13+freethreaded"),
        ("3.13+freethreaded", "3.13+freethreaded"),
        ("3.13td", "3.13+freethreaded+debug"),
        ("3.13d", "3.13+debug"),
        ("3.13+gil", "3.13+gil"),
    ],
)
def test_versions_are_read_in_every_spelling(text, canonical):
    """Digits without a dot are the major digit and the minor version; suffixes name a build."""
    request = parse_request(text)
    assert isinstance(request, VersionRequest)
    assert str(request) == canonical


@pytest.mark.parametrize(
    ("text", "implementation", "version"),
    [("pypy", "pypy", None), ("cp", "cpython", None), ("pp310", "pypy", "3.10"), ("cpython@3.12", "cpython", "3.12")],
)
def test_implementations_are_read_by_long_and_short_names(text, implementation, version):
    """A version may follow with or without `@`."""
    request = parse_request(text)
    assert isinstance(request, ImplementationRequest)
    assert (request.implementation, str(request.version) if request.version else None) == (implementation, version)


@pytest.mark.parametrize(
    "text",
    ["3.12.*", "3.12.x", "3.12-dev", "latest", "python@latest", "@3.12", "py312", "python", "3.300", "3.12.1rc1"],
)
def test_what_is_no_version_is_an_executable_name(text):
    """`python` alone is a name, while `python3` is a version."""
    assert parse_request(text) == NameRequest(text)


def test_keys_are_read_from_any_part_on():
    """Every part of an installation key is optional."""
    assert parse_request("cpython-3.12-linux-x86_64-gnu") == KeyRequest(
        implementation="cpython",
        version=VersionPart((3, 12)),
        operating_system="linux",
        architecture="x86_64",
        libc="gnu",
    )
    assert describe(parse_request("linux")) == "any-any-linux-any-any"
    assert describe(parse_request("pypy-3.10")) == "pypy-3.10-any-any-any"


def test_paths_win_over_names_but_not_over_versions():
    """A directory called `3.12` does not hide the version."""
    there = {"env": PathKind.DIRECTORY, "py": PathKind.FILE, "3.12": PathKind.DIRECTORY}

    def kind(path):
        return there.get(path, PathKind.NOTHING)

    assert parse_request("env", kind) == DirectoryRequest("env")
    assert parse_request("py", kind) == FileRequest("py")
    assert parse_request("./gone", kind) == FileRequest("./gone")
    assert isinstance(parse_request("3.12", kind), VersionRequest)


def test_any_and_default_are_words():
    """They are compared without regard to case."""
    assert parse_request("ANY") == AnyRequest()
    assert parse_request("default") == DefaultRequest()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2", "Invalid version request: Python <3 is not supported but 2 was requested."),
        ("2.7", "Invalid version request: Python <3.6 is not supported but 2.7 was requested."),
        (
            "3.12t",
            (
                "Invalid version request: Python <3.13 does not support free-threading but 3.12+freethreaded was "
                "requested."
            ),
        ),
    ],
)
def test_versions_that_cannot_exist_are_refused(text, message):
    """The texts are part of the command line's interface."""
    version = requested_version(parse_request(text))
    with pytest.raises(InvalidVersionRequest) as caught:
        version.check_supported()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "version", "fits"),
    [
        ("3", "3.9.1", True),
        ("3.12", "3.12.4", True),
        ("3.12", "3.1.2", False),
        ("3.12.1", "3.12.2", False),
        ("3.13rc1", "3.13.0rc1", True),
        ("3.13rc1", "3.13.0", False),
        (">=3.8,<3.10", "3.9.18", True),
        (">=3.8,<3.10", "3.10.0", False),
    ],
)
def test_a_version_fits_as_far_as_it_was_given(text, version, fits):
    """Missing components match everything."""
    constraint = requested_version(parse_request(text))
    assert constraint.matches(parse_version(version)) is fits
