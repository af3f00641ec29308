"""Scripts with inline metadata, read and edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from mauve.distributions.sources import FromDirectory, FromRegistry
from mauve.project.manifest import ManifestValues
from mauve.project.script import (
    InvalidScript,
    MissingMetadata,
    MissingScript,
    Script,
    edited_script,
    imagine_script,
    parse_script,
    read_script,
    script_manifest,
)
from mauve.standards.requires_python import RequiresPython

BLOCK = '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["a>=1", "b"]\n{}# ///\nprint(1)\n'


def script(more: str = "") -> Script:
    found = parse_script(BLOCK.format(more), "/scripts/s.py", "s.py")
    assert found is not None
    return found


def manifest(read: Script):
    def build(root: str, name: str, *, is_editable: bool):
        raise AssertionError(root, name)

    return script_manifest(read, ManifestValues(requires_python=RequiresPython(), build_metadata=build))


def test_a_block_says_what_is_required() -> None:
    """Requirements and the Python."""
    read = script()
    assert [each.name for each in read.dependencies] == ["a", "b"]
    assert str(read.requires_python) == ">=3.11"
    assert read.lock_path == "/scripts/s.py.lock"


def test_a_script_without_a_block_is_none() -> None:
    """It is run like any other file."""
    assert parse_script("print(1)\n", "/s.py", "s.py") is None


def test_sources_and_constraints_of_the_block_count(tmp_path: Path) -> None:
    """They are lowered as those of a project, relative to the script."""
    (tmp_path / "b").mkdir()
    more = '# [tool.uv]\n# constraint-dependencies = ["c<2"]\n# [tool.uv.sources]\n# b = { path = "b" }\n'
    read = parse_script(BLOCK.format(more), str(tmp_path / "s.py"), "s.py")
    assert read is not None
    found = manifest(read)
    first, second = found.requirements
    assert isinstance(first.source, FromRegistry)
    assert isinstance(second.source, FromDirectory)
    assert second.source.path == str(tmp_path / "b")
    assert [each.name for each in found.constraints] == ["c"]
    assert not found.members


@pytest.mark.parametrize(
    ("block", "report"),
    [
        ('# dependencies = ["a"\n', "TOML parse error at line 1, column 20"),
        ("# dependencies = 1\n", "invalid type: integer `1`, expected a sequence"),
        ('# dependencies = ["a ??"]\n', "TOML parse error at line 1, column 17"),
        ('# requires-python = "x"\n', "TOML parse error at line 1, column 19"),
    ],
)
def test_a_faulty_block_is_pointed_at(block: str, report: str) -> None:
    """Lines are counted within the block."""
    with pytest.raises(InvalidScript) as caught:
        parse_script(f"# /// script\n{block}# ///\n", "/s.py", "s.py")
    assert report in str(caught.value)


def test_reading_needs_a_file_with_a_block(tmp_path: Path) -> None:
    """Both messages tell how to make one."""
    path = tmp_path / "s.py"
    with pytest.raises(MissingScript, match=r"Failed to read `s\.py` \(not found\); run `uv init --script s\.py`"):
        read_script(str(path), "s.py")
    path.write_text("print(1)\n")
    with pytest.raises(MissingMetadata, match="does not contain a PEP 723 metadata tag"):
        read_script(str(path), "s.py")


@pytest.mark.parametrize(
    ("text", "before", "behind"),
    [
        ("print(1)\n", "", "print(1)\n"),
        ("#!/x\nprint(1)\n", "#!/x\n", "print(1)\n"),
        ("#!/x", "#!/x\n", ""),
        ("", "", ""),
    ],
)
def test_a_new_block_goes_behind_the_shebang(text: str, before: str, behind: str) -> None:
    """Everything else stays as it is."""
    block = '# /// script\n# requires-python = ">=3.12"\n# dependencies = []\n# ///\n'
    assert imagine_script(text, "/s.py", "s.py", ">=3.12").text == f"{before}{block}{behind}"


def test_an_edited_block_takes_the_place_of_the_old_one() -> None:
    """What stands around it stays."""
    edited = edited_script(script(), 'dependencies = ["c"]\n')
    assert edited.text == '# /// script\n# dependencies = ["c"]\n# ///\nprint(1)\n'
    assert [each.name for each in edited.dependencies] == ["c"]


@pytest.mark.parametrize("field", ["environments = []", "package = true", "workspace = {}", "cache-keys = []"])
def test_settings_of_projects_mean_nothing_in_a_script(field: str) -> None:
    """Each was given to uv; passing over them would surprise."""
    with pytest.raises(InvalidScript) as refused:
        script(f"# [tool.uv]\n# {field}\n")
    assert str(refused.value) == (
        "TOML parse error at line 3, column 1\n  |\n3 | [tool.uv]\n  | ^^^^^^^^^\n"
        f"unknown field `{field.partition(' ')[0]}`"
    )
