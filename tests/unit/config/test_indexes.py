"""Indexes from the command line and settings files."""

from __future__ import annotations

import pytest

from mauve.config.arguments.index import IndexArgs
from mauve.config.declare import UsageError
from mauve.config.environment import Variables
from mauve.config.files import SettingsFile
from mauve.config.merge import MergedFiles
from mauve.config.settings.indexes import index_locations
from mauve.config.tables import SettingsTable
from mauve.distributions.index_table import IndexTable


def test_only_typed_indexes_serve_pins_without_being_declared() -> None:
    """A name in a settings file is good for a hint."""
    files = MergedFiles((SettingsFile("/p/uv.toml", SettingsTable(index=[IndexTable(name="a", url="http://a/")])),))
    arguments = IndexArgs({"index": ("b=http://b/",)}, Variables({}))
    locations = index_locations(arguments, files, "/p", lambda: "http://default/simple")
    assert [index.name for index in locations.typed] == ["b"]
    assert locations.configured_names == {"a"}


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("index", ("https://a.example", "a=http://[x"), "'a=http://[x' for '--index <INDEX>': invalid IPv6 address"),
        ("default_index", "http://a:x/", "'http://a:x/' for '--default-index <DEFAULT_INDEX>': invalid port number"),
        ("index_url", "http://", "'http://' for '--index-url <INDEX_URL>': empty host"),
        ("find_links", ("https:///",), "'https:///' for '--find-links <FIND_LINKS>': empty host"),
    ],
)
def test_what_is_no_url_is_refused_as_a_value(field: str, text: object, reason: str) -> None:
    """Before anything is looked for."""
    arguments = IndexArgs({field: text}, Variables({}))
    with pytest.raises(UsageError) as caught:
        index_locations(arguments, MergedFiles(()), "/p", lambda: "https://default.example")
    assert str(caught.value) == f"invalid value {reason}"
