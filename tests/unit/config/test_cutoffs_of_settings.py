"""Cut-offs in time from the command line and settings files."""

from __future__ import annotations

import pytest

from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.environment import Variables
from mauve.config.files import SettingsFile
from mauve.config.merge import MergedFiles
from mauve.config.settings.resolution import InvalidValue, resolution_settings
from mauve.config.tables import SettingsTable
from mauve.distributions.index_table import IndexTable
from mauve.resolver.manifest import ExcludeNewer, ResolverOptions
from mauve.standards.names import package_name


def _options(table: SettingsTable, variables: dict[str, str] | None = None, **typed: object) -> ResolverOptions:
    none = Variables({})
    settings = resolution_settings(
        IndexArgs({}, none),
        ResolverArgs(typed, none),
        BuildArgs({}, none),
        RefreshArgs({}, none),
        MergedFiles((SettingsFile("/project/pyproject.toml", table),)),
        Variables(variables or {}),
        "/project",
        lambda: "http://host/simple",
    )
    return settings.options


def _cutoffs(table: SettingsTable, **typed: object) -> ExcludeNewer:
    return _options(table, **typed).exclude_newer


def test_false_takes_back_the_cut_off_of_a_file() -> None:
    """`--exclude-newer false` is not a time."""
    assert _cutoffs(SettingsTable(exclude_newer="2024-01-01"), exclude_newer="false").everything is None


def test_a_file_may_say_that_there_is_no_cut_off() -> None:
    """`exclude-newer = false` is a value, too."""
    assert _cutoffs(SettingsTable(exclude_newer=False)).everything is None


def test_an_index_may_have_no_cut_off() -> None:
    """Its files may lack upload times."""
    table = SettingsTable(exclude_newer="2024-01-01", index=[IndexTable(url="http://own/simple", exclude_newer=False)])
    assert _cutoffs(table).indexes == {"http://own/simple": None}


def test_a_package_may_be_exempt() -> None:
    """Typed as `NAME=false`."""
    assert _cutoffs(SettingsTable(), exclude_newer_package=("Idna=false",)).packages == {package_name("idna"): None}


@pytest.mark.parametrize(
    ("pair", "reason"), [("idna", "expected format `PACKAGE=DATE` or `PACKAGE=false`"), ("idna=true", "value `true`: ")]
)
def test_other_words_are_refused(pair: str, reason: str) -> None:
    """The message names what was typed and what is expected."""
    with pytest.raises(InvalidValue, match=reason) as refused:
        _cutoffs(SettingsTable(), exclude_newer_package=(pair,))
    assert refused.value.given == pair


def test_a_test_environment_may_freeze_what_indexes_publish() -> None:
    """Other than a cut-off it is not recorded anywhere."""
    options = _options(SettingsTable(), {"UV_INTERNAL__TEST_AVAILABLE_VERSION_CUTOFF": "1970-01-01T00:00:01Z"})
    assert (options.published_before, options.exclude_newer) == (1000, ExcludeNewer())
