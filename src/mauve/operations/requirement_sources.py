"""What `pip` commands are asked for: words of the command line, and files of several kinds."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.operations.run_target import is_remote
from mauve.project.requested import Requested, parse_requested

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.operations.context import Services
    from mauve.project.requirements_file import RequirementsFile


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked for.

    Attributes:
        requirements: in the order of the command line, then of the files.
        constraints: of `-c` lines in files of requirements.
    """

    requirements: tuple[Requested, ...] = ()
    constraints: tuple[Requested, ...] = ()


def read_sources(
    packages: tuple[str, ...], files: tuple[str, ...], services: Services, warn: Callable[[str], None]
) -> Asked:
    """Return what *packages* and *files* ask for; *warn* is told of files that ask for nothing.

    Raises:
        MauveError: a word is no requirement, or a file cannot be read.
    """
    requirements = [parse_requested(text, services.directory) for text in packages]
    constraints: list[Requested] = []
    for shown in files:
        read = read_listed(shown, services, warn)
        if not read.requirements:
            warn(f"Requirements file `{shown}` does not contain any dependencies")
        requirements += read.requirements
        constraints += read.constraints
    return Asked(requirements=tuple(requirements), constraints=tuple(constraints))


def read_listed(shown: str, services: Services, warn: Callable[[str], None]) -> RequirementsFile:
    """Return what the file of requirements that the user calls *shown* says."""
    from mauve.project.requirements_file import read_requirements_file

    def read(path: str) -> str:
        if is_remote(path):
            from mauve.operations.remote import fetch_requirements

            return fetch_requirements(path, services)
        if path == "-":
            return sys.stdin.read()
        with open(os.path.join(services.directory, path), encoding="utf-8") as file:
            return file.read()

    return read_requirements_file(shown, services.directory, services.environment, read, warn)
