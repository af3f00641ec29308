"""Whether a download of an interpreter would answer a request that nothing installed answers, and what to say.

Nothing is downloaded. The table holds the minor versions for which builds are published; patch versions are taken
on trust.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.enumerations import StrEnum
from mauve.python.request import (
    AnyRequest,
    DefaultRequest,
    DirectoryRequest,
    FileRequest,
    ImplementationRequest,
    KeyRequest,
    NameRequest,
    RangePart,
    VersionPart,
    describe,
    requested_version,
)

if TYPE_CHECKING:
    from mauve.python.request import PythonRequest, VersionConstraint


class DownloadPolicy(StrEnum):
    """When interpreters may be downloaded."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    NEVER = "never"


_PUBLISHED: Final[dict[str, tuple[int, ...]]] = {
    "cpython": tuple(range(8, 17)),
    "pypy": tuple(range(8, 13)),
    "graalpy": (8, 10, 11, 12, 13),
    "pyodide": (12, 13),
}
"""Minor versions of Python 3 by implementation."""

_LARGEST_PATCH: Final = 25
"""No release line had more patch versions; what is above is a typing error."""

_UPDATE: Final = (
    "uv embeds available Python downloads and may require an update to install new versions. "
    "Consider retrying on a newer version of uv."
)


def is_published(request: PythonRequest) -> bool:
    """Return whether a build for *request* can be downloaded somewhere."""
    match request:
        case AnyRequest() | DefaultRequest():
            return True
        case DirectoryRequest() | FileRequest() | NameRequest():
            return False
        case ImplementationRequest(implementation=implementation):
            minors = _PUBLISHED.get(implementation, ())
        case KeyRequest(implementation=implementation, operating_system=system):
            if system not in (None, _host_system()):
                return False
            minors = _PUBLISHED.get(implementation or "cpython", ())
        case _:
            minors = _PUBLISHED["cpython"]
    return _is_in(minors, requested_version(request))


def download_hint(request: PythonRequest, policy: DownloadPolicy, *, offline: bool) -> str | None:
    """Return what an error about *request* adds, None if there is nothing to say."""
    if isinstance(request, DirectoryRequest | FileRequest | NameRequest):
        return None
    if not is_published(request):
        return _UPDATE if policy is DownloadPolicy.AUTOMATIC and not offline else None
    wanted = "" if isinstance(request, AnyRequest | DefaultRequest) else f" for {describe(request)}"
    start = f"A managed Python download is available{wanted}, but"
    match policy:
        case DownloadPolicy.NEVER:
            return f"{start} Python downloads are set to 'never'"
        case DownloadPolicy.MANUAL:
            return (
                f"{start} Python downloads are set to 'manual', use `uv python install {request}` to install the "
                "required version"
            )
        case DownloadPolicy.AUTOMATIC:
            return f"{start} uv is set to offline mode" if offline else f"{start} interpreters are not downloaded yet"


def _is_in(minors: tuple[int, ...], version: VersionConstraint | None) -> bool:
    match version:
        case None:
            return bool(minors)
        case VersionPart(release=release):
            if release[0] != 3 or (len(release) > 2 and release[2] > _LARGEST_PATCH):
                return False
            return len(release) == 1 or release[1] in minors
        case RangePart():
            from mauve.python.names import minor_may_fit

            return any(minor_may_fit(version, minor) for minor in minors)


def _host_system() -> str:
    import sys

    return {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
