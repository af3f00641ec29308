"""Settings that are passed to build backends: `--config-setting KEY=VALUE`, for all packages or one.

Specification: PEP 517 "config_settings", docs/environments.md "Source builds".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.errors import MauveError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mauve.standards.names import PackageName

SettingValue: TypeAlias = str | tuple[str, ...]


class InvalidConfigSetting(MauveError):
    """The text is not `KEY=VALUE`."""

    def __init__(self, text: str) -> None:
        """Store the text."""
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """Return the message."""
        return f"Invalid config setting: {self.text} (expected `KEY=VALUE`)"


class ConfigSettings(Struct, frozen=True):
    """What backends are told.

    Attributes:
        shared: for every package.
        by_package: in addition, for one package.
    """

    shared: dict[str, SettingValue] = {}
    by_package: dict[PackageName, dict[str, SettingValue]] = {}

    def for_package(self, name: PackageName | None) -> dict[str, SettingValue]:
        """Return the settings of the package *name*; values of a key that both have are joined."""
        own = self.by_package.get(name) if name is not None else None
        return merge_settings(self.shared, own) if own else self.shared


def parse_config_setting(text: str) -> tuple[str, str]:
    """Return key and value of *text*; the value may be empty."""
    key, separator, value = text.partition("=")
    if not separator:
        raise InvalidConfigSetting(text)
    return key, value


def collect_config_settings(texts: Iterable[str]) -> dict[str, SettingValue]:
    """Return the settings of *texts*; a key that is repeated gets the list of its values."""
    settings: dict[str, SettingValue] = {}
    for text in texts:
        key, value = parse_config_setting(text)
        settings = merge_settings(settings, {key: value})
    return settings


def merge_settings(first: dict[str, SettingValue], second: dict[str, SettingValue]) -> dict[str, SettingValue]:
    """Return both, the values of a common key as one list, those of *first* in front."""
    merged = dict(first)
    for key, value in second.items():
        known = merged.get(key)
        merged[key] = value if known is None else (*_as_tuple(known), *_as_tuple(value))
    return merged


def _as_tuple(value: SettingValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
