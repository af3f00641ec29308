"""What the arguments of `add` mean."""

from __future__ import annotations

import pytest

from mauve.distributions.sources import FromDirectory, FromGit, FromPath, FromUrl, GitReference, GitReferenceKind
from mauve.project.requested import InvalidRequested, parse_requested
from mauve.standards.markers.render import render


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        ("A[x]>1", "a", None),
        ("./lib", None, FromDirectory("/w/lib", "./lib")),
        ("../lib-1.0.tar.gz", None, FromPath("/lib-1.0.tar.gz", "../lib-1.0.tar.gz")),
        ("a @ file:///w/lib", "a", FromDirectory("/w/lib", "file:///w/lib")),
        (
            "https://127.0.0.1/a.whl#subdirectory=s",
            None,
            FromUrl("https://127.0.0.1/a.whl", "s", "https://127.0.0.1/a.whl#subdirectory=s"),
        ),
        (
            "a @ git+ssh://git@127.0.0.1/x/y.git@v1#subdirectory=s",
            "a",
            FromGit(
                url="ssh://git@127.0.0.1/x/y.git", reference=GitReference(GitReferenceKind.REV, "v1"), subdirectory="s"
            ),
        ),
    ],
    ids=["registry", "folder", "archive", "file-url", "url", "git"],
)
def test_arguments_are_requirements_or_locations(text: str, name: str | None, source: object) -> None:
    """Where the name is not written it has to be looked up."""
    requested = parse_requested(text, "/w")
    assert (requested.name, requested.source) == (name, source)


def test_other_texts_are_refused() -> None:
    """The cause points into the text."""
    with pytest.raises(InvalidRequested, match="Failed to parse: `a b`") as caught:
        parse_requested("a b", "/w")
    assert str(caught.value.__cause__).endswith("found `b`\na b\n  ^")


@pytest.mark.parametrize(
    ("text", "location", "extras", "marker"),
    [
        ("./lib[x, Y_z]", "./lib", ("x", "y-z"), None),
        ("../lib ; os_name == 'nt'", "../lib", (), "os_name == 'nt'"),
        ("./lib[x]  ;python_version < '3'", "./lib", ("x",), "python_full_version < '3'"),
    ],
)
def test_a_location_may_have_extras_and_a_condition(
    text: str, location: str, extras: tuple[str, ...], marker: str | None
) -> None:
    """As a requirement with a name has."""
    requested = parse_requested(text, "/w")
    assert (requested.text, requested.extras, render(requested.marker)) == (location, extras, marker)
