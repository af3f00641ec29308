"""The oldest C libraries that wheels for Linux may count on.

A project that says so counts a wheel as one for Linux only if every library it names is served: `manylinux_2_34` needs
glibc 2.34, `musllinux_1_2` musl 1.2, plain `linux` tags ask for nothing.

Specification: docs/resolution.md "Platform coverage".
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

_LEGACY: Final = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}


class Libc(Struct, frozen=True, order=True):
    """A version of `glibc` or `musl`."""

    name: str
    major: int
    minor: int

    def __str__(self) -> str:
        """Return the version alone."""
        return f"{self.major}.{self.minor}"

    def serves(self, tag: str) -> bool:
        """Return whether what is built for the platform *tag* runs on this; libraries of other systems do not count."""
        family, *numbers = tag.split("_", 3)
        if not family.startswith(("manylinux", "musllinux")):
            return True
        needed = _LEGACY.get(family)
        if (
            family in ("manylinux", "musllinux")
            and len(numbers) == 3
            and numbers[0].isdecimal()
            and numbers[1].isdecimal()
        ):
            needed = int(numbers[0]), int(numbers[1])
        named = "musl" if family == "musllinux" else "glibc"
        return needed is not None and named == self.name and needed <= (self.major, self.minor)


def parse_libc(name: str, version: str) -> Libc | None:
    """Return the library called *name* in *version*; None if that has not the form `2.31`."""
    major, _, minor = version.partition(".")
    return Libc(name, int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None
