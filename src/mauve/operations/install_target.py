"""Where the parts of a wheel go in an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.installer.target import InstallTarget

if TYPE_CHECKING:
    from mauve.python.environment import Environment


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
