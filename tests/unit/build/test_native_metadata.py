"""METADATA and entry points, in uv's order and words."""

import pytest
from tests.support.native_projects import MINIMAL, write_project

from mauve.build.native.errors import InvalidProjectMetadata, NativeBuildError
from mauve.build.native.metadata import render_entry_points, render_metadata
from mauve.build.native.project import read_tree


def render(root, keys="", warnings=None, files=()):
    """Return METADATA of a project with *keys*."""
    write_project(root, files=dict(files))
    return render_metadata(
        str(root), read_tree(MINIMAL + keys, "").project, (warnings if warnings is not None else []).append
    )


def fields(root, keys, files=()):
    """Return the lines of METADATA behind the version, which is part of it if it is not the oldest."""
    lines = render(root, keys, files=files).split("\n")
    assert lines[1:3] == ["Name: demo", "Version: 0.1.0"]
    return [*(line.rpartition(" ")[2] for line in lines[:1] if "2.3" not in line), *lines[3:-1]]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('description = "x"', ["Summary: x"]),
        ('keywords = ["a", "b c"]', ["Keywords: a,b c"]),
        (
            'authors = [{ name = "A" }, { email = "b@x" }, { name = "C", email = "c@x" }]',
            ["Author: A, C", "Author-email: b@x, C <c@x>"],
        ),
        ('license = "MIT"', ["2.4", "License-Expression: MIT"]),
        ('license = { text = "a\\n\\nb" }', ["License: a", "         ", "         b"]),
        ('requires-python = "<4, >= 3.8"', ["Requires-Python: >=3.8, <4"]),
        (
            'urls = { Home = "https://x", "A b" = "https://y" }',
            ["Project-URL: Home, https://x", "Project-URL: A b, https://y"],
        ),
        (
            "dependencies = [\"B[y, X] >=1, <3; python_version >= '3.9'\"]",
            ["Requires-Dist: b[y,x]>=1,<3 ; python_full_version >= '3.9'"],
        ),
        (
            "optional-dependencies = { z = [\"r; os_name == 'a' or os_name == 'b'\"], A_b = ['s'] }",
            [
                "Requires-Dist: s ; extra == 'a-b'",
                "Requires-Dist: r ; (os_name == 'a' or os_name == 'b') and extra == 'z'",
                "Provides-Extra: a-b",
                "Provides-Extra: z",
            ],
        ),
        ('import-names = ["a", "b ;private"]', ["2.5", "Import-Name: a", "Import-Name: b; private"]),
        ('import-names = []\nimport-namespaces = ["c"]', ["2.5", "Import-Name: ", "Import-Namespace: c"]),
    ],
)
def test_fields_are_written_as_by_uv(tmp_path, keys, expected):
    """The version of the format is the lowest that knows the fields."""
    assert fields(tmp_path, keys) == expected


def test_license_files_are_sorted_by_their_path(tmp_path):
    """A file that two patterns name is listed once."""
    keys = 'license-files = ["LICENSE*", "legal/**", "legal/a"]'
    files = {"LICENSE-B": "", "LICENSE": "", "legal/a": "", "legal/b/c": "", "x/LICENSE": ""}
    expected = ["LICENSE", "LICENSE-B", "legal/a", "legal/b/c"]
    assert fields(tmp_path, keys, files) == ["2.4", *(f"License-File: {path}" for path in expected)]


@pytest.mark.parametrize(
    ("name", "content_type"), [("R.md", "text/markdown"), ("R.rst", "text/x-rst"), ("R.txt", "text/plain")]
)
def test_the_readme_is_the_body(tmp_path, name, content_type):
    """Nothing is added to it and nothing taken away."""
    text = render(tmp_path, f'readme = "{name}"', files={name: "a\r\nb"})
    assert text.endswith(f"Description-Content-Type: {content_type}\n\na\r\nb")


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ('description = "a\\nb"', "`project.description` must be a single line"),
        ('dynamic = ["classifiers"]', "Dynamic metadata is not supported"),
        ('license = "foo"', "`project.license` is not a valid SPDX expression: foo"),
        ('license-files = ["NO"]', "`project.license-files` glob `NO` did not match any files"),
        (
            'license-files = []\nlicense = { text = "x" }',
            "When `project.license-files` is defined, `project.license` must be an SPDX expression string",
        ),
        ('readme = { text = "x", content-type = "text/html" }', "Unsupported content type: text/html"),
        (
            'readme = "pyproject.toml"',
            (
                "Unknown Readme extension `toml`, can't determine content type. Please use a support extension (`.md`, "
                "`.rst`, `.txt`) or set the content type manually."
            ),
        ),
        ("import-namespaces = []", "`project.import-namespaces` must not be empty"),
        (
            'import-names = ["a"]\nimport-namespaces = ["a"]',
            "`project.import-names` and `project.import-namespaces` must not both contain `a`",
        ),
        (
            'import-names = ["a; x"]',
            "`project.import-names` entry `a; x` must end with `; private` or nothing, found `x`",
        ),
        ('import-names = ["a b"]', "`project.import-names` entry `a b` has an invalid import name"),
    ],
)
def test_broken_rules_are_named(tmp_path, keys, rule):
    """The rule is the cause of an error that says where to look."""
    with pytest.raises(InvalidProjectMetadata) as caught:
        render(tmp_path, keys)
    assert str(caught.value.__cause__) == rule


def test_a_missing_readme_is_named(tmp_path):
    """By its whole path, since the current folder may be another one."""
    with pytest.raises(NativeBuildError) as caught:
        render(tmp_path, 'readme = "x.md"')
    assert str(caught.value) == f"failed to open file `{tmp_path}/x.md`: No such file or directory (os error 2)"


def test_license_classifiers_are_warned_of(tmp_path):
    """PEP 639 deprecates them."""
    warnings = []
    render(tmp_path, 'classifiers = ["License :: X", "Private :: Y"]', warnings)
    assert len(warnings) == 1
    assert warnings[0].startswith("Found license classifier `License :: X`. License classifiers are ambiguous")


def test_groups_of_entry_points_are_sorted_behind_scripts():
    """Each ends with an empty line, the last one too."""
    keys = 'scripts = { z = "d:z", a = "d:a" }\ngui-scripts = { g = "d:g" }\n'
    keys += 'entry-points = { "b.c" = { x = "d" }, a = { y = "d:y [e]" } }\n'
    assert render_entry_points(read_tree(MINIMAL + keys, "").project) == (
        "[console_scripts]\na = d:a\nz = d:z\n\n[gui_scripts]\ng = d:g\n\n[a]\ny = d:y [e]\n\n[b.c]\nx = d\n\n"
    )


def test_without_entry_points_there_is_no_file():
    """An empty one would be noise."""
    assert render_entry_points(read_tree(MINIMAL, "").project) is None


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        (
            "entry-points = { console_scripts = {} }",
            "Use `project.scripts` instead of `project.entry-points.console_scripts`",
        ),
        (
            "entry-points = { a-b = {} }",
            "Entrypoint groups must consist of letters and numbers separated by dots, invalid group: a-b",
        ),
        (
            'scripts = { "a/b" = "c:d" }',
            (
                "Script entry point name `a/b` must include a non-dot character and consist only of letters, numbers, "
                "dots, underscores and dashes"
            ),
        ),
    ],
)
def test_entry_points_follow_rules(keys, rule):
    """Their names become names of files."""
    with pytest.raises(InvalidProjectMetadata) as caught:
        render_entry_points(read_tree(MINIMAL + keys, "").project)
    assert str(caught.value.__cause__) == rule
