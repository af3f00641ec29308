"""Editing any `pyproject.toml` does what was asked and nothing else."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mauve.project.edit import GroupTable, IndexDeclaration, Production, ProjectEditor
from mauve.standards.names import group_name, package_name
from mauve.standards.requirements import parse_requirement

SLOW = settings(deadline=None, max_examples=50)
"""tomlkit reads a document in about 20 milliseconds."""

NAMES = ("anyio>=4", "boto3", "click[x]>=2,<3", "httpx~=0.28", "m.n", "zict ; sys_platform == 'win32'")
GAPS = ("", "", "\n", "\n\n", "# one\n", "\n# one\n\n# two\n")
BLANKS = ("", "", " ", "  ", "\n", "\n    ", " # why\n  ", "\t")


@st.composite
def arrays(draw: st.DrawFn) -> str:
    """Return an array of requirements in any layout."""
    texts = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    blank = st.sampled_from(BLANKS)
    elements = [f'{draw(blank)}"{text}"{draw(blank)}' for text in texts]
    comma = "," if texts and draw(st.booleans()) else ""
    return f"[{draw(blank)}{','.join(elements)}{comma}{draw(blank)}]"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return a project with its tables in any order and any spelling."""
    array = arrays()
    project = draw(
        st.sampled_from(
            (
                '[project]\nname = "p"\nversion = "1"\n',
                '  [ project ] # table\nname = "p"\nversion = "1"\n\turls.home = "h"\n',
                '["project"]\n"name" = "p"\nversion = "1"\n',
            )
        )
    )
    sections = [project + f"dependencies={draw(array)}# end\n"]
    optional = (
        f"[project.optional-dependencies]\nx = {draw(array)}\n",
        f"[dependency-groups]\nb = {draw(array)}\nd = {draw(array)}\n",
        "[tool.uv]\npackage = true\n",
        '[tool.uv.sources]\nboto3 = { path = "x" } # source\n',
        '[tool.uv.sources.anyio]\npath = "y"\n',
        '[tool.uv]\nsources.httpx = { path = "z" }\n',
        "[tool.uv.pip]\nstrict = true\n",
        "[build-system]\nrequires = []\n",
        "[[tool.x.y]]\na = 1\n\n[[tool.x.y]]\n  [tool.x.y.z]\n  a = 2\n",
    )
    sections += draw(st.lists(st.sampled_from(optional), unique_by=lambda text: text.partition("\n")[0]))
    if any("tool.uv]\nsources" in text for text in sections):
        sections = [text for text in sections if not text.startswith("[tool.uv.sources")]
    if any(text.startswith("[tool.uv.sources]") for text in sections):
        sections = [text for text in sections if not text.startswith("[tool.uv.sources.anyio]")]
    indexes = draw(st.integers(0, 2))
    sections += [f'[[tool.uv.index]]\nname = "i{n}"\nurl = "http://127.0.0.1/{n}"\n' for n in range(indexes)]
    gap = st.sampled_from(GAPS)
    text = "".join(draw(gap) + section for section in draw(st.permutations(sections))) + draw(gap)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def data(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def comments(text: str) -> list[str]:
    return sorted(line.partition("#")[2].strip() for line in text.splitlines() if "#" in line)


@SLOW
@given(documents())
def test_nothing_changes_without_an_edit(text: str) -> None:
    """Whatever the document model does not keep would be lost with the first edit."""
    assert ProjectEditor(text).text == text


@SLOW
@given(documents(), st.sampled_from(("aaa", "click<9", "zzz>=1")))
def test_adding_changes_one_list_and_keeps_comments(text: str, new: str) -> None:
    """The rest of the file means what it meant."""
    editor = ProjectEditor(text)
    edit = editor.add_dependency(Production(), parse_requirement(new))
    expected = data(text)
    listed = data(editor.text)["project"]["dependencies"]
    known = expected["project"]["dependencies"]
    assert len(listed) - len(known) == (edit.kind.value == "added")
    del listed[edit.index]
    assert set(listed) <= set(known)
    changed = data(editor.text)
    changed["project"]["dependencies"] = known
    assert changed == expected
    assert comments(editor.text) == comments(text)


@SLOW
@given(documents(), st.sampled_from(("aaa", "ccc>=1", "zzz")))
def test_adding_and_removing_restores_every_byte(text: str, new: str) -> None:
    """Only an empty list is opened, and stays so; and commas on lines of their own may move up."""
    assume(data(text)["project"]["dependencies"])
    assume(not re.search(r"\n\s*,", text))
    editor = ProjectEditor(text)
    editor.add_dependency(Production(), parse_requirement(new))
    editor.remove_dependency(Production(), parse_requirement(new).name)
    assert editor.text == text


@SLOW
@given(documents())
def test_a_source_is_written_where_the_others_are(text: str) -> None:
    """Sources may be a table, dotted keys or tables of their own."""
    editor = ProjectEditor(text)
    editor.set_source(package_name("new"), {"path": "n", "editable": True})
    expected = data(text)
    sources = expected.setdefault("tool", {}).setdefault("uv", {}).setdefault("sources", {})
    sources["new"] = {"path": "n", "editable": True}
    assert data(editor.text) == expected
    assert comments(editor.text) == comments(text)


@SLOW
@given(documents(), st.sampled_from(("anyio", "boto3", "httpx")))
def test_removing_a_source_leaves_the_others(text: str, name: str) -> None:
    """What a removed table stood between stays."""
    editor = ProjectEditor(text)
    editor.remove_source(package_name(name))
    expected = data(text)
    sources = expected.get("tool", {}).get("uv", {}).get("sources", {})
    sources.pop(name, None)
    changed = data(editor.text)
    for document in (expected, changed):
        _without_empty_tables(document)
    assert changed == expected


@SLOW
@given(documents(), st.sampled_from(("http://127.0.0.1/1/", "http://127.0.0.1/new")))
def test_an_index_is_first_and_the_others_keep_their_order(text: str, url: str) -> None:
    """The order of indexes is their priority."""
    editor = ProjectEditor(text)
    editor.add_index(IndexDeclaration(url, "new"))
    before = data(text).get("tool", {}).get("uv", {}).get("index", [])
    first, *others = data(editor.text)["tool"]["uv"]["index"]
    assert first["name"] == "new"
    assert others == [index for index in before if index["url"] != url.rstrip("/")]


@SLOW
@given(documents())
def test_a_group_is_added_to_its_table(text: str) -> None:
    """The other groups and tables stay as they are."""
    editor = ProjectEditor(text)
    editor.add_dependency(GroupTable(group_name("c")), parse_requirement("aaa"))
    expected = deepcopy(data(text))
    expected.setdefault("dependency-groups", {})["c"] = ["aaa"]
    assert data(editor.text) == expected


def _without_empty_tables(table: dict[str, Any]) -> None:
    for key, value in list(table.items()):
        if isinstance(value, dict):
            _without_empty_tables(value)
            if not value:
                del table[key]
