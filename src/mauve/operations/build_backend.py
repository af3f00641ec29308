"""The hooks of the build backend that is part of this program, for build frontends that call it.

Specification: PEP 517, PEP 660.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.build.native.backend import BACKEND, PACKAGE, NativeBackend
from mauve.build.native.errors import NativeBuildError
from mauve.build.source_tree import LEGACY_BACKEND, BuildSystem, parse_build_system
from mauve.errors import ExitStatus, MauveError
from mauve.standards.record import RecordRow

if TYPE_CHECKING:
    from collections.abc import Callable


class NoFurtherRequirements(MauveError):
    """A hook that this backend does not have was called."""

    status = ExitStatus.ERROR

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "uv does not support extra requires"


class BuildHooks:
    """The hooks for one source tree."""

    def __init__(self, root: str, warn: Callable[[str], None]) -> None:
        """Read the source tree in the folder *root*, whatever backend it asks for; *warn* hears what is suspicious.

        Raises:
            NativeBuildError: there is no project in it.
        """
        self._backend = _open_backend(root, warn)

    def sdist(self, output: str) -> str:
        """Write a source distribution into the folder *output* and return its name.

        Raises:
            NativeBuildError: the project cannot be built.
        """
        return self._backend.sdist(output)

    def wheel(self, output: str, prepared: str | None) -> str:
        """Write a wheel into the folder *output* and return its name; *prepared* is the folder of its metadata.

        Raises:
            NativeBuildError: the project cannot be built, or has other metadata by now.
        """
        self._check_prepared(prepared)
        return self._backend.wheel(output)

    def editable(self, output: str, prepared: str | None) -> str:
        """Write an editable wheel; otherwise as `wheel`."""
        self._check_prepared(prepared)
        return self._backend.editable(output)

    def metadata(self, output: str) -> str:
        """Write the `.dist-info` folder of a wheel into the folder *output* and return its name.

        Raises:
            NativeBuildError: the metadata breaks a rule, or the folder cannot be made.
        """
        from base64 import urlsafe_b64encode
        from hashlib import sha256

        files = self._backend.dist_info()
        name = f"{self._backend.stem}.dist-info"
        folder = os.path.join(output, name)
        try:
            os.mkdir(folder)
        except OSError as error:
            reason = f"{error.strerror} (os error {error.errno})"
            raise NativeBuildError(f"failed to create directory `{folder}`: {reason}") from None
        rows: list[RecordRow] = []
        for filename, content in files:
            with open(os.path.join(folder, filename), "wb") as file:
                file.write(content)
            digest = urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
            rows.append(RecordRow(f"{name}/{filename}", f"sha256={digest}", len(content)))
        rows.append(RecordRow(f"{name}/RECORD"))
        with open(os.path.join(folder, "RECORD"), "w", encoding="utf-8", newline="") as file:
            file.write("".join([f"{row.line()}\n" for row in rows]))
        return name

    def _check_prepared(self, folder: str | None) -> None:
        """Compare what `metadata` left in *folder* with what a wheel has."""
        if folder is None:
            return
        for name, content in sorted(self._backend.dist_info()):
            if _read(os.path.join(folder, name)) != content:
                raise NativeBuildError(f"Inconsistent metadata between prepare and build step: {name}")


def _open_backend(root: str, warn: Callable[[str], None]) -> NativeBackend:
    text = _read(os.path.join(root, "pyproject.toml")).decode(errors="replace")
    try:
        system = parse_build_system(text)
    except MauveError:
        return NativeBackend(root, BuildSystem(requires=()), warn)  # it says in its own words what is wrong
    if system.backend != BACKEND and system.is_declared:
        named = "" if system.backend == LEGACY_BACKEND else system.backend
        warn(f'`build_system.build-backend` was expected to be `"{BACKEND}"`, not `"{named}"`')
    if len(system.requires) != 1 or system.requires[0].name != PACKAGE:
        from mauve.standards.requirements import render_requirement

        found = ", ".join(f"`{render_requirement(requirement)}`" for requirement in system.requires) or "``"
        wanted = "be" if len(system.requires) == 1 else "contain only"
        warn(f"Expected `build-system.requires` to {wanted} `{BACKEND}`, found {found}")
    return NativeBackend(root, system, warn)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        reason = f"{error.strerror} (os error {error.errno})"
        raise NativeBuildError(f"failed to open file `{path}`: {reason}") from None
