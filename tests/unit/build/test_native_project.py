"""Reading what the backend needs of `pyproject.toml`."""

import pytest
from tests.support.native_projects import MINIMAL

from mauve.build.native.errors import InvalidMetadataFormat
from mauve.build.native.project import read_tree

SETTINGS = f"{MINIMAL}[tool.uv.build-backend]\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("", 1, 1, "missing field `project`"),
        ("[project]\nname = 'a'\n", 1, 1, "missing field `version`"),
        ("[project]\nversion = '1'\n", 1, 1, "missing field `name`"),
        ("[project]\nname = 1\n", 2, 8, "invalid type: integer `1`, expected a string"),
        (MINIMAL + "license = 1\n", 4, 11, "data did not match any variant of untagged enum License"),
        (MINIMAL + "readme = { file = 'x' }\n", 4, 10, "data did not match any variant of untagged enum Readme"),
        (MINIMAL + "authors = [{ nam = 'x' }]\n", 4, 11, "a table with 'name' and/or 'email' keys"),
        (MINIMAL + "keywords = 'x'\n", 4, 12, 'invalid type: string "x", expected a sequence'),
        (SETTINGS + "namespace = 'x'\n", 5, 13, 'invalid type: string "x", expected a boolean'),
        (SETTINGS + "module-name = 1\n", 5, 15, "invalid type: integer `1`, expected a string or a sequence"),
        (
            SETTINGS + "data = { bad = 'x' }\n",
            5,
            10,
            "unknown field `bad`, expected one of `purelib`, `platlib`, `headers`, `scripts`, `data`",
        ),
    ],
)
def test_the_first_fault_is_pointed_at(text, line, column, reason):
    """Readers find the place before they understand the reason."""
    with pytest.raises(InvalidMetadataFormat, match=r"^Invalid metadata format in: here/pyproject\.toml$") as caught:
        read_tree(text, "here/pyproject.toml")
    lines = str(caught.value.__cause__).split("\n")
    assert lines[0] == f"TOML parse error at line {line}, column {column}"
    assert lines[-1] == reason


def test_unknown_keys_are_left_alone():
    """Later versions of the backend may know them."""
    assert read_tree(f"{SETTINGS}later = 1\n", "").settings.module_root == "src"


def test_names_of_files_are_escaped():
    """Dashes separate name and version there."""
    project = read_tree('[project]\nname = "A.b-C"\nversion = "1.0-rc.1"\n', "").project
    assert project.name == "A.b-C"
    assert project.stem == "a_b_c-1.0rc1"
