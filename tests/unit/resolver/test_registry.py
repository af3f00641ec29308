"""Indexes as sources of packages."""

from __future__ import annotations

from mauve.distributions.index import Index
from mauve.distributions.sources import RegistrySource
from mauve.resolver.registry import registry_source


def test_a_folder_given_as_url_stays_absolute_with_its_slash() -> None:
    """A `file:` URL is an absolute path, kept as it was written."""
    assert registry_source(Index(url="file:///srv/a%20b/")) == RegistrySource("/srv/a b/", True, True)


def test_a_folder_given_as_relative_path_is_relative() -> None:
    """The lockfile may be moved together with it."""
    assert not registry_source(Index(url="file:///srv/links", given="./links")).given_absolute


def test_credentials_are_no_part_of_the_source() -> None:
    """The lockfile is shared."""
    assert registry_source(Index(url="http://me:secret@host/simple")) == RegistrySource("http://host/simple")
