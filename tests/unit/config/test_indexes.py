"""Indexes from the command line and settings files."""

from __future__ import annotations

from mauve.config.arguments.index import IndexArgs
from mauve.config.environment import Variables
from mauve.config.files import SettingsFile, SettingsTable
from mauve.config.merge import MergedFiles
from mauve.config.settings.indexes import index_locations
from mauve.distributions.index_table import IndexTable


def test_only_typed_indexes_serve_pins_without_being_declared() -> None:
    """A name in a settings file is good for a hint."""
    files = MergedFiles((SettingsFile("/p/uv.toml", SettingsTable(index=[IndexTable(name="a", url="http://a/")])),))
    arguments = IndexArgs({"index": ("b=http://b/",)}, Variables({}))
    locations = index_locations(arguments, files, "/p", lambda: "http://default/simple")
    assert [index.name for index in locations.typed] == ["b"]
    assert locations.configured_names == {"a"}
