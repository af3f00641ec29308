"""`[tool.uv.pip]` and `[pip]`: what they may say, and what they come before."""

from __future__ import annotations

import pytest

from mauve.config.decoding import decode_settings
from mauve.config.files import SettingsFile
from mauve.config.merge import MergedFiles
from mauve.config.settings.pip import PipFiles
from mauve.standards.toml import InvalidToml, parse_toml


def files(*texts: str) -> PipFiles:
    """Return settings files with *texts*, the strongest first, as `pip` commands read them."""
    tables = [decode_settings(text, parse_toml(text), ()) for text in texts]
    return PipFiles(MergedFiles(tuple(SettingsFile(f"/{place}/uv.toml", table) for place, table in enumerate(tables))))


def test_the_table_for_pip_comes_before_the_top_level_of_every_file() -> None:
    """Also that of a weaker file before the top level of a stronger one."""
    merged = files('resolution = "lowest"\n', '[pip]\nresolution = "highest"\n').shared
    assert merged.first(lambda table: table.resolution) == "highest"
    assert merged.first(lambda table: table.index_url) is None


def test_lists_of_all_files_are_joined() -> None:
    """Those for `pip` first."""
    found = files('extra-index-url = ["http://a"]\n[pip]\nextra-index-url = ["http://b"]\n')
    assert found.shared.joined(lambda table: table.extra_index_url) == ("http://b", "http://a")
    assert files('[pip]\nextra = ["a"]\n', '[pip]\nextra = ["b"]\n').joined(["c"], lambda table: table.extra) == (
        *("c", "a", "b"),
    )


def test_what_is_typed_comes_before_files() -> None:
    """Also if it is a no."""
    found = files("[pip]\nsystem = true\n")
    assert found.said(None, lambda table: table.system)
    assert not found.said(False, lambda table: table.system)
    assert not files("").said(None, lambda table: table.system)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("foo = 1", "unknown field `foo`, expected one of `python`, `system`,"),
        ('extra = "x"', 'invalid type: string "x", expected a sequence'),
        ("system = 3", "invalid type: integer `3`, expected a boolean"),
        ('no-binary = ["a b"]', 'Not a valid package or extra name: "a b"'),
        ('annotation-style = "a"', "unknown variant `a`, expected `line` or `split`"),
        ('python-version = "x"', "Python version `x` could not be parsed: expected version to start with a number"),
        ('resolution = "x"', "unknown variant `x`, expected one of `highest`"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(line: str, reason: str) -> None:
    """With the line and the column."""
    text = f"[pip]\n{line}\n"
    with pytest.raises(InvalidToml) as caught:
        decode_settings(text, parse_toml(text), ())
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == 2


def test_a_table_that_is_none_is_refused() -> None:
    """In the words of uv."""
    with pytest.raises(InvalidToml, match="expected struct PipOptions"):
        decode_settings("pip = 3\n", parse_toml("pip = 3\n"), ())


def test_all_and_none_stand_for_packages() -> None:
    """As in options of pip."""
    found = files('[pip]\nno-binary = [":all:", ":none:", "a"]\n')
    assert found.first(lambda table: table.no_binary) == [":all:", ":none:", "a"]
