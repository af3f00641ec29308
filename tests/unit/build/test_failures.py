"""What the output of a failed build suggests."""

import pytest

from mauve.build.failures import suggest
from mauve.build.source_tree import SourceTree

TREE = SourceTree(root="/x", shown="x==1", name="x", version="1")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ModuleNotFoundError: No module named 'numpy.core'", "`x@1` depends on `numpy`, but doesn't declare it"),
        ("ModuleNotFoundError: No module named 'pkg_resources'", 'x = ["setuptools"]'),
        ("ModuleNotFoundError: No module named 'distutils'", "Consider adding a constraint (like `x >1`)"),
        ("error: invalid command 'bdist_wheel'", "depends on `wheel`"),
        ("a.c:1:10: fatal error: ffi.h: No such file or directory", 'a library that provides "ffi.h" for `x@1`'),
        ("/usr/bin/ld: cannot find -lpq: No such file", "(e.g., `libpq-dev`)"),
    ],
)
def test_known_errors_have_a_hint(line, words):
    """They are the most frequent ones."""
    assert words in suggest(f"Traceback\n{line}\n", TREE)


def test_only_the_end_of_the_output_counts():
    """Configuration scripts probe for modules that they can do without."""
    early = "ModuleNotFoundError: No module named 'numpy'\n" + "fine\n" * 10
    assert suggest(early, TREE) is None


def test_a_tree_without_version_is_named_by_its_package():
    """Local projects have none before they are built."""
    tree = SourceTree(root="/f2", shown="f2 @ file:///f2", name="f2")
    assert suggest("ModuleNotFoundError: No module named 'numpyy'", tree) == (
        "This error likely indicates that `f2` depends on `numpyy`, but doesn't declare it as a build dependency. If "
        "`f2` is a first-party package, consider adding `numpyy` to its `build-system.requires`. Otherwise, either add "
        "it to your `pyproject.toml` under:\n\n[tool.uv.extra-build-dependencies]\n"
        'f2 = ["numpyy"]\n\n'
        "or `uv pip install numpyy` into the environment and re-run with `--no-build-isolation`."
    )
