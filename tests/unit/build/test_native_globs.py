"""Portable glob patterns."""

import pytest

from mauve.build.native.errors import UnsupportedGlob
from mauve.build.native.globs import Includes, compile_excludes, quote_glob


def includes(pattern):
    """Return the matcher of one pattern."""
    return Includes([(pattern, "field")])


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("docs/*.md", "docs/a.md", True),
        ("docs/*.md", "docs/x/a.md", False),
        ("docs/*.md", "x/docs/a.md", False),
        ("docs", "docs/a.md", False),
        ("docs/**", "docs/x/a.md", True),
        ("**/a.md", "a.md", True),
        ("a/**/b", "a/b", True),
        ("a?[b-d]", "axc", True),
        ("x**", "x/y", False),
        ("\\[a\\]", "[a]", True),
    ],
)
def test_includes_are_anchored(pattern, path, expected):
    """Only `**` spans folders."""
    assert bool(includes(pattern).admits(path)) is expected


@pytest.mark.parametrize(
    ("pattern", "folder", "expected"),
    [
        ("a/*/c", "a/x", True),
        ("a/*/c", "b", False),
        ("a/**", "a/x/y", True),
        ("a/b", "a/b", False),
        ("**/x", "q", True),
    ],
)
def test_folders_that_cannot_hold_anything_are_not_entered(pattern, folder, expected):
    """Environments and build results lie around in source trees, and are large."""
    assert bool(includes(pattern).enters(folder)) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("__pycache__", "src/demo/__pycache__", True),
        ("*.pyc", "a.pyc", True),
        ("/docs/b.md", "docs/b.md", True),
        ("/docs/b.md", "src/docs/b.md", False),
        ("", "anything", True),
    ],
)
def test_excludes_are_anchored_by_a_slash(pattern, path, expected):
    """Without one they match at any depth."""
    assert bool(compile_excludes([pattern])(path)) is expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("a/../b", "The parent directory operator (`..`) at position 2 is not allowed in glob `a/../b`"),
        ("a***", "Too many at stars at position 1 in glob `a***`"),
        ("**a", "Too many at stars at position 0 in glob `**a`"),
        ("{a}", "Invalid character `{` at position 0 in glob `{a}`"),
        ("[a!]", "Invalid character `!` in range at position 2 in glob `[a!]`"),
        ("a[", "error parsing glob 'a[': unclosed character class; missing ']'"),
        ("[z-a]", "error parsing glob '[z-a]': invalid range; 'z' > 'a'"),
        ("a\\", "Trailing backslash at position 1 in glob `a\\`"),
        ("a\\/b", "Path separators can't be escaped, invalid character at position 2 in glob `a\\/b`"),
    ],
)
def test_patterns_beyond_the_standard_are_refused(pattern, reason):
    """What one program accepts and another does not would be no standard."""
    with pytest.raises(UnsupportedGlob, match=r"^Unsupported glob expression in: field$") as caught:
        includes(pattern)
    assert str(caught.value.__cause__) == reason


def test_quoted_paths_match_themselves_only():
    """Names of modules and readme files are paths, whatever is in them."""
    path = "src/a [b] {c}*.md"
    assert includes(quote_glob(path)).admits(path)
    assert not includes(quote_glob(path)).admits("src/a b {c}x.md")
