"""Where wheels are installed: the folders of one environment, and what its scripts are run by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from mauve.python.environment import Environment


class InstallTarget(Struct, frozen=True, kw_only=True):
    """The install scheme of one environment; every path is absolute.

    Attributes:
        root: of the environment; nothing outside of it and of the scheme is removed.
        headers: folder in which each distribution gets a folder of its name.
        python: what the first line of scripts names.
        minor: of the version of that Python, 3.*minor*.
        relocatable: scripts find the interpreter beside themselves.
    """

    root: str
    purelib: str
    platlib: str
    scripts: str
    data: str
    headers: str
    python: str
    minor: int
    relocatable: bool = False

    @property
    def libraries(self) -> tuple[str, ...]:
        """Return the folders of packages, each once."""
        return (self.purelib,) if self.purelib == self.platlib else (self.purelib, self.platlib)

    def folder(self, scheme: str, name: str) -> str:
        """Return where files of *scheme* (`purelib`, `platlib`, `scripts`, `data`, `headers`) of package *name* go."""
        if scheme == "headers":
            return f"{self.headers}/{name}"
        return {"purelib": self.purelib, "platlib": self.platlib, "scripts": self.scripts, "data": self.data}[scheme]


def install_target(environment: Environment) -> InstallTarget:
    """Return where wheels go in *environment*."""
    scheme = environment.interpreter.scheme
    return InstallTarget(
        root=environment.root,
        purelib=scheme.purelib,
        platlib=scheme.platlib,
        scripts=scheme.scripts,
        data=scheme.data,
        headers=scheme.include,
        python=environment.interpreter.executable,
        minor=environment.interpreter.release[1],
    )
