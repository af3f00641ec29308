"""Values of settings that cannot be used: which, where, and in which words. Each was given to uv."""

from __future__ import annotations

import tomllib

import pytest

from mauve.config.faults import Fault, find_fault

NAME = (
    'Not a valid package or extra name: "a b". Names must start and end with a letter or digit and may only contain '
    "-, _, ., and alphanumeric characters."
)
WRONG = {
    'resolution = "x"': Fault(
        ("resolution",), "unknown variant `x`, expected one of `highest`, `lowest`, `lowest-direct`"
    ),
    'fork-strategy = "x"': Fault(("fork-strategy",), "unknown variant `x`, expected `fewest` or `requires-python`"),
    'prerelease-package = { a = "x" }': Fault(
        ("prerelease-package", "a"),
        (
            "unknown variant `x`, expected one of `disallow`, `allow`, `if-necessary`, `explicit`, "
            "`if-necessary-or-explicit`"
        ),
    ),
    "exclude-newer = true": Fault(("exclude-newer",), "expected false to disable exclude-newer, got true"),
    'exclude-newer = "2 months"': Fault(
        ("exclude-newer",), "Duration `2 months` uses 'months' which is not allowed; use days instead, e.g., `60 days`."
    ),
    'exclude-newer-package = { "a b" = false }': Fault(("exclude-newer-package", "a b"), NAME, is_key=True),
    'no-build-package = ["a", "a b"]': Fault(("no-build-package", 1), NAME),
    'upgrade-package = ["a b"]': Fault(
        ("upgrade-package", 0), "Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `b`\na b\n  ^"
    ),
    'dependency-metadata = [{ version = "1" }]': Fault(("dependency-metadata", 0), "missing field `name`"),
    'dependency-metadata = [{ name = "a", requires_dist = [] }]': Fault(
        ("dependency-metadata", 0, "requires_dist"),
        (
            "unknown field `requires_dist`, expected one of `name`, `version`, `requires-dist`, `requires-python`, "
            "`provides-extra`, `provides-extras`"
        ),
        is_key=True,
    ),
    'dependency-metadata = [{ name = "a", version = "x" }]': Fault(
        ("dependency-metadata", 0, "version"),
        "expected version to start with a number, but no leading ASCII digits were found",
    ),
    "concurrent-builds = 0": Fault(("concurrent-builds",), "invalid value: integer `0`, expected a nonzero usize"),
    'environments = ["x"]': Fault(
        ("environments",), "Expected a quoted string or a valid marker name, found `x`\nx\n^"
    ),
    'cache-keys = [{ x = "y" }]': Fault(
        ("cache-keys", 0, "x"), "unknown field `x`, expected one of `file`, `dir`, `git`, `env`", is_key=True
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_the_first_fault_is_found(text: str) -> None:
    """Whoever reads the file points at it; the other settings of the file do not count then."""
    assert find_fault(tomllib.loads(f'offline = true\n{text}\nlink-mode = "x"\n')) == WRONG[text]


def test_values_of_another_type_are_left_to_the_decoder() -> None:
    """It knows which one is wanted."""
    assert find_fault(tomllib.loads("resolution = 3\ndependency-metadata = 3\nno-build-package = 3\n")) is None


def test_what_can_be_used_has_no_fault() -> None:
    """Also the unusual spellings."""
    text = """
    exclude-newer = "3 days"
    exclude-newer-package = { a = false, B_c = "2024-01-01" }
    dependency-metadata = [{ name = "a", version = "1", requires-dist = ["b ; sys_platform == 'x'"] }]
    environments = "sys_platform == 'linux'"
    index-strategy = "unsafe-any-match"
    """
    assert find_fault(tomllib.loads(text)) is None
