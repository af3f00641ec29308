"""The files of one version by their names: what a resolution needs of most versions that it looks at.

Of twenty files of a version one is read, and all of them only if the version is locked in the end. So names are read
from the label of a version (`mauve.index.digest`), and a row is decoded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.distributions.files import Wheel
from mauve.index.row_values import milliseconds
from mauve.standards.filenames import InvalidFilename, parse_sdist_filename, parse_wheel_filename
from mauve.standards.specifiers import readable_specifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mauve.distributions.files import File
    from mauve.standards.filenames import SdistFilename
    from mauve.standards.names import PackageName

_SECOND: Final = 1000
"""Times that differ in fractions of a second do not sort like their texts."""


class RowOutline:
    """Files of one version in JSON rows; implements `mauve.distributions.listing.Outline`."""

    __slots__ = ("_file", "_names", "requires_python", "sdist", "wheels")

    def __init__(
        self,
        file: Callable[[str, Sequence[str]], File],
        names: list[str],
        wheels: list[str],
        sdist: SdistFilename | None,
        requires_python: str | None,
    ) -> None:
        """Store the *names* of all files, and what returns one of them."""
        self._file = file
        self._names = names
        self.wheels = wheels
        self.sdist = sdist
        self.requires_python = requires_python

    def wheel(self, place: int) -> Wheel:
        """Return the wheel whose name is at *place* of `wheels`."""
        filename = self.wheels[place]
        return Wheel(self._file(filename, self._names), parse_wheel_filename(filename))


def read_outline(
    label: bytes | memoryview,
    file: Callable[[str, Sequence[str]], File],
    package: PackageName,
    before: int | None,
) -> RowOutline | None:
    """Return the files of a version of *package* with this *label*, if all were uploaded before the moment *before*.

    None if a closer look is needed: some may have been uploaded later, a name is there twice, or nobody can tell which
    Python the files are for.

    Args:
        label: of the version.
        file: returns the file of a name, which is one of those that are all of the version.
        package: whose files they are.
        before: in milliseconds since the epoch, None without a limit.

    Raises:
        ValueError: the label is damaged.
    """
    python, latest, *names = str(label, "utf-8").split("\n")
    if before is not None:
        moment = milliseconds(latest) if latest else None
        if moment is None or moment + _SECOND > before:
            return None
    if (python and readable_specifiers(python) is None) or len(set(names)) != len(names):
        return None
    wheels = sorted([filename for filename in names if filename.endswith(".whl")])
    sources = () if len(wheels) == len(names) else [name for name in names if not name.endswith(".whl")]
    return RowOutline(file, names, wheels, _first_sdist(sources, package), python or None)


def _first_sdist(names: Sequence[str], package: PackageName) -> SdistFilename | None:
    for name in names:
        try:
            return parse_sdist_filename(name, package)
        except InvalidFilename:
            continue
    return None
