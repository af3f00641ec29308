"""Decode the settings of one file, and say what is wrong with them where it stands."""

from __future__ import annotations

from typing import Any, Final

from msgspec import ValidationError, convert

from mauve.config.faults import find_fault
from mauve.config.previews import find_preview_fault
from mauve.config.tables import SettingsTable
from mauve.config.trusted_hosts import InvalidTrustedHost, parse_trusted_host
from mauve.distributions.index_faults import find_index_fault
from mauve.standards.libc import parse_libc
from mauve.standards.toml import InvalidToml, described, locate, point_at

FIELDS: Final = tuple(name.replace("_", "-") for name in SettingsTable.__struct_fields__)
"""What a file may set."""

_LIBCS: Final = "minimum-libc-version"


def decode_settings(text: str, document: dict[str, Any], path: tuple[str, ...]) -> SettingsTable:
    """Return the settings at *path* of *document*, whose *text* is quoted in errors.

    Raises:
        InvalidToml: a key is unknown or a value has the wrong type.
    """
    table = document
    for key in path:
        table = table[key]
    for key in table:
        if key not in FIELDS:
            line, column, width = locate(text, (*path, key), key=True)
            expected = ", ".join(f"`{field}`" for field in FIELDS)
            raise InvalidToml(text, line, column, f"unknown field `{key}`, expected one of {expected}", width)
    wrong = find_fault(table)
    if wrong is not None:
        raise point_at(text, (*path, *wrong.place), wrong.reason, key=wrong.is_key)
    unclear = find_preview_fault(table)
    if unclear is not None:
        raise point_at(text, (*path, *unclear[0]), unclear[1])
    _check_libcs(text, table, path)
    _check_hosts(text, table, path)
    _check_proxies(text, table, path)
    _check_places(text, table, path)
    fault = find_index_fault(table.get("index", []))
    if fault is not None:
        raise point_at(text, (*path, "index", *fault.place), fault.reason)
    if "pip" in table:
        _check_pip_types(text, table["pip"], (*path, "pip"))
    try:
        return convert(table, SettingsTable)
    except ValidationError as error:
        raise _located(text, table, path, error) from None


def _check_pip_types(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    from mauve.config.pip_table import decode_pip_table

    try:
        decode_pip_table(table)
    except ValidationError as error:
        raise _located(text, table, path, error) from None


def _check_hosts(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    hosts = table.get("allow-insecure-host", ())
    for place, host in enumerate(hosts if isinstance(hosts, list) else ()):
        try:
            if isinstance(host, str):
                parse_trusted_host(host)
        except InvalidTrustedHost as error:
            raise point_at(text, (*path, "allow-insecure-host", place), str(error)) from None


def _check_proxies(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    for key in ("http-proxy", "https-proxy"):
        url = table.get(key)
        if not isinstance(url, str):
            continue
        from mauve.standards.web_urls import InvalidUrl, normalise_url

        scheme, separator, rest = url.partition("://")
        if not separator:
            scheme, rest = "http", url
        try:
            shown = normalise_url(f"http://{rest}").removeprefix("http")
        except InvalidUrl as error:
            raise point_at(text, (*path, key), f"invalid proxy URL: {error}") from None
        if scheme.lower() not in ("http", "https", "socks5", "socks5h"):
            reason = (
                f"invalid proxy URL scheme `{scheme}` in `{scheme}{shown}`: expected http, https, socks5, or socks5h"
            )
            raise point_at(text, (*path, key), reason)


def _check_places(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    """Refuse places of indexes, in the keys that hold nothing else, that cannot be told from credentials."""
    url = table.get("index-url")
    places: list[tuple[tuple[str | int, ...], Any]] = [(("index-url",), url)]
    for key in ("extra-index-url", "find-links"):
        urls = table.get(key)
        places += [((key, number), each) for number, each in enumerate(urls if isinstance(urls, list) else ())]
    for place, each in places:
        if isinstance(each, str) and "@" in each:
            from mauve.standards.web_urls import InvalidUrl, check_authority

            try:
                check_authority(each)
            except InvalidUrl as error:
                raise point_at(text, (*path, *place), str(error)) from None


def _check_libcs(text: str, table: dict[str, Any], path: tuple[str, ...]) -> None:
    libcs = table.get(_LIBCS)
    if not isinstance(libcs, dict):
        return
    for name, version in libcs.items():
        if name not in ("glibc", "musl"):
            line, column, width = locate(text, (*path, _LIBCS, name), key=True)
            raise InvalidToml(text, line, column, f"unknown field `{name}`, expected `glibc` or `musl`", width)
        line, column, width = locate(text, (*path, _LIBCS, name))
        if not isinstance(version, str):
            wanted = "a libc version string in the form `<major>.<minor>`"
            raise InvalidToml(text, line, column, f"invalid type: {described(version)}, expected {wanted}", width)
        if parse_libc(name, version) is None:
            wanted = "a libc version in the form `<major>.<minor>` (e.g., `2.31` or `1.2`)"
            raise InvalidToml(text, line, column, f"expected {wanted}", width)


def _located(text: str, table: dict[str, Any], path: tuple[str, ...], error: ValidationError) -> InvalidToml:
    message, _, where = str(error).partition(" - at `$.")
    keys: list[str | int] = []
    for part in where.rstrip("`").replace("[...]", "").replace("[", ".[").split("."):
        if part.startswith("["):
            keys.append(int(part.strip("[]")))
        elif part:
            keys.append(part)
    value: Any = table
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            break
    line, column, width = locate(text, (*path, *keys))
    expected = message.replace("Expected `", "").partition("`")[0].partition(" | ")[0]
    words = {"bool": "a boolean", "str": "a string", "array": "a sequence", "object": "a map", "int": "an integer"}
    return InvalidToml(
        text, line, column, f"invalid type: {described(value)}, expected {words.get(expected, expected)}", width
    )
