"""Entry points that become scripts."""

from __future__ import annotations

import pytest

from mauve.standards.entry_points import EntryPoint, InvalidEntryPoints, parse_entry_points


def test_console_and_gui_scripts_are_read() -> None:
    """Extras behind the object and other groups are ignored."""
    text = "# c\n[console_scripts]\nx.y-z = a.b:main.c [u]\n\n[gui_scripts]\ng=a:b\n[other]\nq = nonsense\n"
    scripts = parse_entry_points(text)
    assert scripts.console == (EntryPoint("x.y-z", "a.b", "main.c"),)
    assert scripts.console[0].import_name == "main"
    assert scripts.gui == (EntryPoint("g", "a", "b"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[console_scripts]\nx = a\n", "invalid console script: 'a'"),
        ("[console_scripts]\nx = a:main:foo\n", "invalid console script: 'a:main:foo'"),
        ("[console_scripts]\nx = a:m\n y=c:d\n", "invalid console script: 'a:m\ny=c:d'"),
        ("[console_scripts]\nx\n", "`entry_points.txt` is invalid: invalid option or section header at line 2"),
        ("x = a:main\n", "`entry_points.txt` is invalid: expected a section header at line 1"),
        ("[console_scripts]\nx = a:b\nx = a:c\n", "`entry_points.txt` is invalid: duplicate option at line 3"),
    ],
)
def test_malformed_entry_points_are_explained_as_by_uv(text: str, reason: str) -> None:
    """The reason follows `The wheel is invalid: `."""
    with pytest.raises(InvalidEntryPoints) as caught:
        parse_entry_points(text)
    assert caught.value.reason == reason
