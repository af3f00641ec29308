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
    is_usual_host = bool(name) and name == name.lower() and "%" not in name and not name[-1].isdigit()
    is_usual_port = not port or (port.isdecimal() and port not in ("80", "443") and port[0] != "0" and len(port) < 5)
    is_usual_path = not path.startswith(".") and "/." not in path and "%2" not in path
    return (
        bool(separator and slash and scheme.islower() and is_usual_host and is_usual_port and is_usual_path)
        and url.isascii()
        and _UNUSUAL_IN_URL.isdisjoint(url)
    )
