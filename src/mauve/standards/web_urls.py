"""A web address in its one spelling: lower case where case says nothing, no default port, no dots, ASCII only.

What two people type for one server becomes one text, which can be compared and stored. Only `http` and `https` are
taken apart; of another scheme nothing is known but that it is one.

Specification: the WHATWG's "URL Living Standard", without its rarer spellings of IPv4 addresses.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_PORTS: Final = {"http": 80, "https": 443}
_FORBIDDEN_IN_HOST: Final = frozenset(" #/<>?@[\\]^|%:\x7f") | frozenset(map(chr, range(32)))
_PATH: Final = "!$&'()*+,-./:;=@_~%[]|\\^"
_QUERY: Final = _PATH + "?`{}"
_USER: Final = "!$&'()*+,-._~%"


class InvalidUrl(ValueError):
    """A text that is not a web address; `str()` says why."""


class RelativeUrl(InvalidUrl):
    """A text without a scheme."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("relative URL without a base")


class AmbiguousAuthority(InvalidUrl):
    """A text whose credentials have a slash that is not escaped, so that they became a part of the path."""

    def __init__(self, text: str) -> None:
        """Show *text* without what may be a password."""
        start, end = text.index(":") + 1, text.rindex("@")
        super().__init__(f"ambiguous user/pass authority in URL (not percent-encoded?): {text[:start]}***{text[end:]}")


def scheme_of(text: str) -> str | None:
    """Return the scheme that *text* begins with, in lower case; None without one."""
    found = _SCHEME.match(text)
    return found.group(1).lower() if found else None


def normalise_url(text: str) -> str:
    """Return *text* in its one spelling.

    Raises:
        RelativeUrl: it has no scheme.
        InvalidUrl: it is no address.
    """
    text = re.sub(r"[\t\n\r]", "", text.strip("".join(map(chr, range(33)))))
    scheme = scheme_of(text)
    if scheme is None:
        raise RelativeUrl
    rest = text[len(scheme) + 1 :]
    if scheme not in _PORTS:
        at_root = rest.startswith("//") and "/" not in rest[2:]
        return f"{scheme}:{rest}{'/' if at_root else ''}"
    rest, mark, fragment = rest.partition("#")
    rest, question, query = rest.partition("?")
    authority, _, path = rest.replace("\\", "/").lstrip("/").partition("/")
    if _is_ambiguous(authority, path, fragment):
        raise AmbiguousAuthority(text)
    return (
        f"{scheme}://{_authority(authority, _PORTS[scheme])}{_path(path)}"
        f"{question}{quote(query, safe=_QUERY)}{mark}{quote(fragment, safe=_QUERY)}"
    )


def check_authority(text: str) -> None:
    """Raise `AmbiguousAuthority` if the address *text*, of whatever scheme, may have credentials in its path."""
    scheme, separator, rest = text.partition("://")
    if not separator or "@" not in rest or scheme.lower() == "file":
        return
    rest, _, fragment = rest.partition("#")
    authority, _, path = rest.partition("?")[0].partition("/")
    if _is_ambiguous(authority, path, fragment):
        raise AmbiguousAuthority(text)


def _is_ambiguous(authority: str, *parts: str) -> bool:
    return ":" not in authority.rpartition("@")[0] and any("@" in part.partition(":")[2] for part in parts)


def _authority(text: str, default_port: int) -> str:
    user, at, place = text.rpartition("@")
    host, colon, port = place.rpartition(":")
    if not colon or "]" in port:
        host, port = place, ""
    if port and (not port.isdecimal() or int(port) > 65535):
        raise InvalidUrl("invalid port number")
    shown_port = f":{int(port)}" if port and int(port) != default_port else ""
    name, colon, password = user.partition(":")
    shown_user = quote(name, safe=_USER) + (f":{quote(password, safe=_USER)}" if password else "")
    return f"{shown_user}{'@' if at and shown_user else ''}{_host(host)}{shown_port}"


def _host(text: str) -> str:
    if not text:
        raise InvalidUrl("empty host")
    if text.startswith("["):
        if not text.endswith("]"):
            raise InvalidUrl("invalid IPv6 address")
        return f"[{_ipv6(text)}]"
    try:
        name = unquote_to_bytes(text).decode().lower()
        if not name.isascii():
            name = name.encode("idna").decode()
    except UnicodeError:
        raise InvalidUrl("invalid international domain name") from None
    if not _FORBIDDEN_IN_HOST.isdisjoint(name):
        raise InvalidUrl("invalid international domain name")
    if re.fullmatch(r"[0-9]+(\.[0-9]+){0,3}", name):
        return _ipv4(name)
    return name


def _ipv4(text: str) -> str:
    parts = [int(part) for part in text.split(".")]
    value = parts.pop()
    if value >= 256 ** (4 - len(parts)) or any(part > 255 for part in parts):
        raise InvalidUrl("invalid IPv4 address")
    numbers = [*parts, *value.to_bytes(4 - len(parts), "big")]
    return ".".join(map(str, numbers))


def _ipv6(text: str) -> str:
    from ipaddress import AddressValueError, IPv6Address

    try:
        return IPv6Address(text[1:].removesuffix("]")).compressed
    except AddressValueError:
        raise InvalidUrl("invalid IPv6 address") from None


def _path(text: str) -> str:
    kept: list[str] = []
    parts = text.split("/")
    for place, part in enumerate(parts):
        plain = part.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(quote(part, safe=_PATH))
            continue
        if place == len(parts) - 1:
            kept.append("")
    return "/" + "/".join(kept)
