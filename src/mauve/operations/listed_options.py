"""Options that lists of requirements have: added to the settings, which come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from mauve.project.listed_options import NO_OPTIONS, ListedOptions
from mauve.standards.names import PackageName, package_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.index import IndexLocations
    from mauve.resolver.manifest import BuildPolicy


def with_listed_options(settings: ResolutionSettings, options: ListedOptions, directory: str) -> ResolutionSettings:
    """Return *settings* with what the *options* of lists add; their relative paths start at *directory*.

    Raises:
        MauveError: an index or a name cannot be read.
    """
    if options == NO_OPTIONS:
        return settings
    resolver = structs.replace(settings.options, build=_with_forms(settings.options.build, options))
    return structs.replace(settings, indexes=_with_indexes(settings.indexes, options, directory), options=resolver)


def _with_indexes(known: IndexLocations, options: ListedOptions, directory: str) -> IndexLocations:
    from mauve.config.settings.indexes import flat_index, index_at

    ordinary = [index for index in known.indexes if not index.default]
    defaults = [index for index in known.indexes if index.default]
    if options.index_url is not None and not known.names_default:
        defaults = [structs.replace(index_at(options.index_url, directory), default=True)]
    ordinary += [index_at(url, directory) for url in options.extra_index_urls]
    return structs.replace(
        known,
        indexes=(*ordinary, *defaults),
        flat_indexes=(*known.flat_indexes, *[flat_index(text, directory) for text in options.find_links]),
        no_index=known.no_index or options.no_index,
        is_configured=True,
    )


def _with_forms(policy: BuildPolicy, options: ListedOptions) -> BuildPolicy:
    no_binary, unpacked = _names(options.no_binary)
    no_build, unbuilt = _names(options.only_binary)
    return structs.replace(
        policy,
        no_binary=policy.no_binary or no_binary,
        no_binary_packages=policy.no_binary_packages | unpacked,
        no_build=policy.no_build or no_build,
        no_build_packages=policy.no_build_packages | unbuilt,
    )


def _names(texts: Iterable[str]) -> tuple[bool, frozenset[PackageName]]:
    everything, names = read_selection(texts)
    return everything, frozenset(package_name(name) for name in names)


def read_selection(texts: Iterable[str]) -> tuple[bool, tuple[str, ...]]:
    """Return whether *texts* (names with commas between, `:all:`, `:none:`) mean all packages, and which ones.

    `:none:` takes back what comes before it.
    """
    everything = False
    names: list[str] = []
    for text in texts:
        for part in text.split(","):
            match part.strip():
                case ":all:":
                    everything = True
                case ":none:":
                    everything, names = False, []
                case name:
                    names.append(name)
    return everything, tuple(names)
