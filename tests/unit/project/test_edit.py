"""Editing a `pyproject.toml` changes what it must and nothing else."""

from __future__ import annotations

import tomllib
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from mauve.project.edit import (
    AmbiguousUpdate,
    Development,
    EditKind,
    GroupTable,
    IndexDeclaration,
    MalformedTable,
    OptionalTable,
    Production,
    ProjectEditor,
)
from mauve.standards.names import extra_name, group_name, package_name
from mauve.standards.requirements import parse_requirement

CORPUS = sorted((Path(__file__).parents[3] / "fixtures" / "pyprojects").glob("*.toml"))
PRODUCTION = Production()
HEAD = '[project]\nname = "p"\nversion = "0.1.0"\n'


def text_of(path: Path) -> str:
    return path.read_bytes().decode()


def dependencies(text: str) -> list[str]:
    return tomllib.loads(text.removeprefix("\ufeff"))["project"]["dependencies"]


def add(text: str, *requirements: str, table=PRODUCTION, source=None) -> str:
    editor = ProjectEditor(text)
    for requirement in requirements:
        editor.add_dependency(table, parse_requirement(requirement), source)
    return editor.text


def remove(text: str, name: str, table=PRODUCTION) -> str:
    editor = ProjectEditor(text)
    editor.remove_dependency(table, package_name(name))
    return editor.text


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
@pytest.mark.parametrize("new", ["aaa", "boto3>=1", "zzz"])
def test_adding_and_removing_restores_every_byte(path: Path, new: str) -> None:
    """A file that is edited back and forth must not drift."""
    text = text_of(path)
    added = add(text, new)
    assert new in dependencies(added)
    assert remove(added, parse_requirement(new).name) == text


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
@pytest.mark.parametrize("new", ["aaa", "boto3>=1", "zzz"])
def test_adding_touches_at_most_one_line_and_its_neighbour(path: Path, new: str) -> None:
    """Reviewers read the difference of the file; it shows the new entry and perhaps the comma before it."""
    before, after = text_of(path).splitlines(), add(text_of(path), new).splitlines()
    changes = [
        code for code in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    assert sum(code[2] - code[1] for code in changes) <= 1
    assert sum(code[4] - code[3] for code in changes) <= 2


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_updating_an_entry_changes_its_line_only(path: Path) -> None:
    """The specifier changes in place; layout and comments stay."""
    text = text_of(path)
    requirement = "anyio>5 ; sys_platform == 'win32'" if path.stem == "markers" else "anyio>5"
    after = add(text, requirement)
    assert requirement in dependencies(after)
    assert len(after.splitlines()) == len(text.splitlines())
    assert sum(a != b for a, b in zip(text.splitlines(), after.splitlines(), strict=True)) == 1


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_setting_the_version_changes_its_value_only(path: Path) -> None:
    """A bump is a difference of one line."""
    text = text_of(path)
    editor = ProjectEditor(text)
    editor.set_version("9.9.9")
    assert tomllib.loads(editor.text.removeprefix("\ufeff"))["project"]["version"] == "9.9.9"
    assert sum(a != b for a, b in zip(text.splitlines(), editor.text.splitlines(), strict=True)) == 1


def test_an_empty_array_opens_to_several_lines() -> None:
    """The first dependency decides the layout that uv uses everywhere."""
    assert add(HEAD + "dependencies = []\n", "a") == HEAD + 'dependencies = [\n    "a",\n]\n'


def test_an_array_on_one_line_stays_on_one_line() -> None:
    """Unlike uv, which reflows it: the difference shows only what was added."""
    assert add(HEAD + 'dependencies = ["a", "c"]\n', "b") == HEAD + 'dependencies = ["a", "b", "c"]\n'


def test_missing_dependencies_are_created_at_the_end_of_the_table() -> None:
    """The key belongs to `[project]`, not to the table that follows."""
    text = HEAD + "\n[tool.x]\ny = 1\n"
    assert add(text, "a") == HEAD + 'dependencies = [\n    "a",\n]\n\n[tool.x]\ny = 1\n'


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        (["a", "c"], "B", ["a", "b", "c"]),
        (["c", "a"], "b", ["c", "a", "b"]),
        (["Flask>=1", "a"], "b", ["Flask>=1", "a", "b"]),
        (["b", "b-c"], "a", ["a", "b", "b-c"]),
    ],
    ids=["sorted", "unsorted", "upper-case-first", "front"],
)
def test_new_entries_keep_the_order_of_a_sorted_list(before: list[str], new: str, after: list[str]) -> None:
    """A list that was sorted stays sorted; another one keeps its order."""
    text = HEAD + f"dependencies = {before}\n"
    assert dependencies(add(text, new)) == after


def test_a_comment_above_stays_above_its_place() -> None:
    """Comments often head a block of entries, as uv assumes too."""
    text = HEAD + 'dependencies = [\n    # the c\n    "c", # end\n    # the d\n    "d",\n]\n'
    expected = HEAD + 'dependencies = [\n    # the c\n    "c", # end\n    # the d\n    "cc",\n    "d",\n]\n'
    assert add(text, "cc") == expected


def test_extras_are_united_and_specifiers_replaced() -> None:
    """`add d[y]` to `d[z]>=1` asks for both extras."""
    assert dependencies(add(HEAD + 'dependencies = ["d[z]>=1"]\n', "d[y]")) == ["d[y,z]>=1"]
    assert dependencies(add(HEAD + 'dependencies = ["d[z]>=1"]\n', "d<3")) == ["d[z]<3"]


def test_another_marker_makes_another_entry() -> None:
    """Both conditions can hold at once, so neither replaces the other."""
    text = HEAD + "dependencies = [\"d>=1 ; sys_platform == 'win32'\"]\n"
    assert dependencies(add(text, "d<3")) == ["d<3", "d>=1 ; sys_platform == 'win32'"]


def test_two_entries_with_one_marker_are_ambiguous() -> None:
    """Which one is to be updated cannot be guessed."""
    with pytest.raises(AmbiguousUpdate, match="found multiple entries for `d`:\n- `d>=1`\n- `d<3`"):
        add(HEAD + 'dependencies = ["d>=1", "d<3"]\n', "d")


def test_the_comment_of_a_removed_entry_becomes_a_line() -> None:
    """What somebody wrote is not thrown away with the entry."""
    text = HEAD + 'dependencies = [\n    "a",\n    "b", # why b\n]\n'
    assert remove(text, "b") == HEAD + 'dependencies = [\n    "a",\n    # why b\n]\n'


def test_an_emptied_list_stays() -> None:
    """The key tells that the list is meant to be empty."""
    assert remove(HEAD + 'dependencies = [\n    "a",\n]\n', "a") == HEAD + "dependencies = []\n"


def test_a_source_goes_with_its_last_requirement() -> None:
    """An entry of `[tool.uv.sources]` that nothing needs would only confuse; an empty table goes too."""
    text = HEAD + 'dependencies = ["a"]\n\n[tool.uv.sources]\na = { path = "x" }\n\n[tool.x]\ny = 1\n'
    assert remove(text, "a") == HEAD + "dependencies = []\n\n[tool.x]\ny = 1\n"


def test_a_source_stays_while_a_group_needs_it() -> None:
    """The group would silently change where its package comes from."""
    text = HEAD + 'dependencies = ["a"]\n[dependency-groups]\ndev = ["a"]\n[tool.uv.sources]\na = { path = "x" }\n'
    assert 'a = { path = "x" }' in remove(text, "a")


def test_sources_written_as_a_value_are_refused() -> None:
    """Uv does not edit them either."""
    with pytest.raises(MalformedTable, match=r"Sources in `pyproject.toml` are malformed"):
        remove(HEAD + 'dependencies = ["a"]\n[tool.uv]\nsources = { a = { path = "x" } }\n', "a")


def test_groups_are_inserted_in_order_if_they_are_sorted() -> None:
    """`[dependency-groups]` is kept sorted as long as its owner keeps it sorted."""
    table = GroupTable(group_name("c"))
    text = HEAD + "\n[dependency-groups]\nb = []\nd = []\n"
    assert add(text, "a", table=table) == HEAD + '\n[dependency-groups]\nb = []\nc = [\n    "a",\n]\nd = []\n'


def test_an_extra_is_found_in_any_spelling() -> None:
    """`Foo_Bar` and `foo-bar` are one extra; the file keeps its spelling."""
    text = HEAD + "[project.optional-dependencies]\nFoo_Bar = []\n"
    expected = HEAD + '[project.optional-dependencies]\nFoo_Bar = [\n    "a",\n]\n'
    assert add(text, "a", table=OptionalTable(extra_name("foo-bar"))) == expected


def test_development_dependencies_go_to_the_legacy_list_only_where_it_is_in_use() -> None:
    """A project moves to groups by creating one."""
    legacy = HEAD + '[tool.uv]\ndev-dependencies = ["x"]\n'
    assert 'dev-dependencies = ["a", "x"]' in add(legacy, "a", table=Development())
    both = legacy + '[dependency-groups]\ndev = ["y"]\n'
    assert 'dev = ["a", "y"]' in add(both, "a", table=Development())


def test_the_group_dev_includes_the_legacy_list() -> None:
    """Both are installed as one group, so an entry is found in either."""
    legacy = HEAD + '[tool.uv]\ndev-dependencies = ["x"]\n'
    table = GroupTable(group_name("dev"))
    assert add(legacy, "x>1", table=table) == legacy.replace("x", "x>1")
    assert 'dev = [\n    "a",\n]' in add(legacy, "a", table=table)
    assert remove(legacy, "x", table) == legacy.replace('"x"', "")


def test_new_tables_follow_their_relatives() -> None:
    """`[tool.uv.sources]` belongs behind `[tool.uv]`, not at the end of the file."""
    text = HEAD + "dependencies = []\n\n[tool.uv]\npackage = true\n\n[tool.x]\ny = 1\n"
    after = add(text, "a", source={"index": "i"})
    assert 'package = true\n\n[tool.uv.sources]\na = { index = "i" }\n\n[tool.x]' in after


def test_an_index_goes_first_and_is_not_repeated() -> None:
    """The newest index has the highest priority; one of the same URL gets the name."""
    editor = ProjectEditor(HEAD + '\n[[tool.uv.index]]\nname = "old"\nurl = "http://127.0.0.1/old"\n')
    editor.add_index(IndexDeclaration("http://127.0.0.1/new", "new"))
    editor.add_index(IndexDeclaration("http://127.0.0.1/new/", "newer"))
    indexes = tomllib.loads(editor.text)["tool"]["uv"]["index"]
    assert [index["name"] for index in indexes] == ["newer", "old"]


def test_line_ends_of_the_file_are_used_for_new_lines() -> None:
    """A file with CRLF has no line without."""
    text = (HEAD + "dependencies = []\n").replace("\n", "\r\n")
    after = add(text, "a", source={"index": "i"})
    assert after.count("\n") == after.count("\r\n")


def test_edits_tell_where_they_were_made() -> None:
    """`add` comes back to fill in the bound of what it wrote."""
    editor = ProjectEditor(HEAD + 'dependencies = ["b"]\n')
    edit = editor.add_dependency(Production(), parse_requirement("a"))
    assert edit.kind is EditKind.ADDED
    editor.replace_requirement(edit, parse_requirement("a>=2"))
    assert dependencies(editor.text) == ["a>=2", "b"]
