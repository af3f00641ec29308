"""What tomlkit reads is written as it was, or not at all."""

from __future__ import annotations

import pytest

from mauve.project.editing.document import Document, UneditableDocument

INTERRUPTED = '[[i]]\nn = "a"\n\n# about t\n[t]\nk = 1\n\n[[i]]\nn = "b"\n[i.inner]\nk = 2\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n\n",
        "# only a comment",
        "a = 1 # no line end",
        "[t] # no line end",
        "  [ a . b ]\n\tk\t=\t1\t# tabs\n",
        "a.b = 1\nc = 2\na.d = 3\n[t]\n",
        "[a.b]\nk = 1\n[c]\n[a]\nk = 1\n[a.d]\nk = 1\n",
        'a = { x.y = 1, "z" = [ { } ,], }\n',
        "a = \"\"\"\nlong \\\n  text\"\"\"\nb = '''raw'''\n",
        "a = [ # why\r\n  1 # one\r\n  , 2,\r\n\r\n]\r\n",
        INTERRUPTED,
        INTERRUPTED + "[x]\n[[i]]\n[y]\n[[i]]\n",
    ],
)
def test_a_text_is_written_as_it_was_read(text: str) -> None:
    """Else the first edit would change lines that nobody asked about."""
    assert Document(text, "pyproject.toml").text == text


def test_interrupted_arrays_of_tables_are_one_array() -> None:
    """The text is cut for tomlkit; the tables are not."""
    outline = Document(INTERRUPTED, "pyproject.toml").outline
    elements = outline.find(("i",))
    assert isinstance(elements, list)
    assert [list(element.children) for element in elements] == [["n"], ["n", "inner"]]
    assert [section.path for section in outline.sections] == [(), ("i",), ("t",), ("i",), ("i", "inner")]


def test_a_text_that_would_change_is_refused() -> None:
    """Tomlkit loses the blank behind the date; the message says where."""
    with pytest.raises(UneditableDocument, match=r"Cannot edit `a/pyproject.toml` at line 2: ") as caught:
        Document("a = 1\nb = [2020-01-01 ]\n", "a/pyproject.toml")
    assert caught.value.hints()


def test_a_text_that_tomlkit_cannot_read_is_refused_with_the_cause() -> None:
    """The reader for locking knows more of TOML than tomlkit may do."""
    with pytest.raises(UneditableDocument, match="at line 2: it cannot be read for editing") as caught:
        Document("a = 1\nb = \n", "pyproject.toml")
    assert caught.value.__cause__ is not None
