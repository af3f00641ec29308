"""Web addresses of indexes: what is wrong with one, and the one spelling in which they are compared and locked."""

from __future__ import annotations

from typing import Final

_UNUSUAL_IN_URL: Final = frozenset(' "<>[\\]^`{|}')


def is_web_address(text: str) -> bool:
    """Return whether *text* begins as a web address does."""
    return text.startswith(("https:", "http:"))


def find_url_fault(url: str) -> str | None:
    """Return why *url* is no place of an index; None if it is one."""
    if not url:
        return "path could not be converted to an absolute path: "
    if not is_web_address(url) or _is_plain(url):
        return None
    from mauve.standards.web_urls import InvalidUrl, normalise_url

    try:
        normalise_url(url)
    except InvalidUrl as error:
        return str(error)
    return None


def one_spelling(url: str) -> str:
    """Return the web address of an index as it is compared and locked: without dots, capitals of hosts, usual ports."""
    if _is_plain(url):
        return url
    from mauve.standards.web_urls import InvalidUrl, normalise_url

    try:
        return normalise_url(url)
    except InvalidUrl:
        return url  # found at fault where it can be pointed at


def _is_plain(url: str) -> bool:
    """Return whether *url* is surely in its one spelling already, which nearly all are."""
    scheme, separator, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    name, _, port = host.partition(":")
    is_usual_host = bool(name) and name == name.lower() and "%" not in name
    if is_usual_host and name[-1].isdigit():
        is_usual_host = _is_address(name)
    is_usual_port = not port or (_is_number(port, 65535) and port not in ("0", "80", "443"))
    is_usual_path = not path.startswith(".") and "/." not in path and "%2" not in path and "@" not in path
    return (
        bool(separator and slash and scheme.islower() and is_usual_host and is_usual_port and is_usual_path)
        and url.isascii()
        and _UNUSUAL_IN_URL.isdisjoint(url)
    )


def _is_address(name: str) -> bool:
    """Return whether *name* is a numeric address as it is usually written."""
    parts = name.split(".")
    return len(parts) == 4 and all(_is_number(part, 255) for part in parts)


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and text == str(int(text)) and int(text) <= most
