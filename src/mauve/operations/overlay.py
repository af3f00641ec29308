"""Run with more packages than an environment has, and leave that environment alone.

The additional packages get an environment in the cache, named by what was chosen and for which interpreter. A second
environment, which lasts as long as the command, has no packages of its own: a `.pth` file puts those of the first
and of the base behind its library folder, and the executables of both are copied with its interpreter.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from mauve.cache.layout import CacheBucket
from mauve.distributions.requirements import SourcedRequirement
from mauve.distributions.sources import (
    DirectorySource,
    EditableSource,
    PathSource,
)
from mauve.errors import MauveError
from mauve.installer.inventory import read_inventory
from mauve.installer.scripts import render_shebang
from mauve.installer.target import install_target
from mauve.operations.install import InstallOutcome, InstallRequest, install_resolution
from mauve.operations.requested_names import named_requirement
from mauve.operations.requirement_sources import read_listed
from mauve.operations.specific import check_wheels, resolve_in_environment
from mauve.project.listed_options import STANDARD_INPUT
from mauve.project.requested import parse_requested
from mauve.python.environment import Environment, make_environment
from mauve.resolver.manifest import Manifest
from mauve.standards.requires_python import RequiresPython

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.config.settings.installation import InstallationSettings
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.resolution import Resolution, ResolvedDistribution
    from mauve.operations.builds import SourceBuilds
    from mauve.operations.context import Services
    from mauve.operations.reporter import SyncEvents
    from mauve.python.interpreter import Interpreter

OVERLAY_FILE: Final = "_mauve_overlay.pth"
_COMPLETE: Final = ".complete"
_SHARED_FOLDERS: Final = (os.path.join("etc", "jupyter"), os.path.join("share", "jupyter"))


_PROJECT_FILES: Final = ("pyproject.toml", "setup.py", "setup.cfg")


class UnsuitableAdditions(MauveError):
    """A file of `--with-requirements` is no list of requirements."""

    def __init__(self, name: str) -> None:
        """Say what it is."""
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"Adding requirements from a `{self.name}` is not supported in `uv run`"


def check_kinds(files: tuple[str, ...]) -> None:
    """Raise `UnsuitableAdditions` if one of *files* is no list of requirements by its name."""
    for file in files:
        if os.path.basename(file) in _PROJECT_FILES:
            raise UnsuitableAdditions(os.path.basename(file))


class AdditionRequest(Struct, frozen=True, kw_only=True):
    """What a command is run with, besides what its environment has.

    Attributes:
        packages: of `--with`, each perhaps several with commas between.
        editable: folders of `--with-editable`.
        files: of `--with-requirements`.
    """

    packages: tuple[str, ...] = ()
    editable: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is asked for."""
        return not (self.packages or self.editable or self.files)


class Overlay(Struct, frozen=True):
    """The environments of a command that is run with additions.

    Attributes:
        ephemeral: to be removed after the command.
        additions: in the cache.
        install: what was installed there just now; None if it was there.
    """

    ephemeral: Environment
    additions: Environment
    install: InstallOutcome | None = None


def split_requirements(text: str) -> Iterator[str]:
    """Yield the requirements of *text*, which are separated by commas; those between clauses or in brackets stay."""
    start = depth = 0
    for place, character in enumerate(text):
        if character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == "," and not depth and text[place + 1 :].lstrip()[:1] not in tuple("<>=!~"):
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


class Additions(Struct, frozen=True):
    """What a command gets in addition, and what constrains it."""

    requirements: tuple[SourcedRequirement, ...] = ()
    constraints: tuple[SourcedRequirement, ...] = ()


def read_additions(
    request: AdditionRequest, services: Services, builds: SourceBuilds, warn: Callable[[str], None]
) -> Additions:
    """Return what *request* asks for; names that only sources know are looked up there.

    Raises:
        MauveError: a requirement cannot be read, or a source cannot be had.
    """
    directory = services.directory
    constraints: list[SourcedRequirement] = []
    asked = [parse_requested(each, directory) for text in request.packages for each in split_requirements(text) if each]
    found = [named_requirement(each, builds) for each in asked]
    for path in request.files:
        read = read_listed(path, services, warn)
        listed = [named_requirement(each, builds) for each in read.requirements]
        constraints += [named_requirement(each, builds) for each in read.constraints]
        if not listed:
            is_file = path != STANDARD_INPUT
            where = f"Requirements file `{path}` does not contain any dependencies"
            warn(where if is_file else "No dependencies found in stdin")
        found += listed
    for text in request.editable:
        requested = parse_requested(text if os.sep in text or "@" in text else f".{os.sep}{text}", directory)
        found.append(named_requirement(structs.replace(requested, editable=True), builds))
    return Additions(tuple(found), tuple(constraints))


def overlay_environment(
    request: AdditionRequest,
    base: Environment,
    settings: ResolutionSettings,
    installation: InstallationSettings,
    services: Services,
    builds: SourceBuilds,
    events: SyncEvents,
) -> Overlay | None:
    """Return the environments for a command in *base* with the additions of *request*; None if *base* has them all.

    Raises:
        MauveError: the additions cannot be read, resolved or installed.
    """
    from mauve.installer.satisfaction import is_all_installed

    asked = read_additions(request, services, builds, events.warning)
    requirements = asked.requirements
    if not requirements:
        return None
    if installation.reinstall.is_none and settings.upgrade.is_none:
        inventory = read_inventory(install_target(base))
        if is_all_installed(requirements, inventory, base.interpreter.markers):
            events.debug("Base environment satisfies requirements")
            return None
    manifest = Manifest(
        requires_python=RequiresPython(),
        requirements=requirements,
        constraints=asked.constraints,
        indexes=settings.indexes,
        options=settings.options,
    )
    started = time.perf_counter()
    resolution = resolve_in_environment(manifest, base, settings, services, builds, events, "`--with`")
    events.resolved(len(resolution), time.perf_counter() - started)
    check_wheels(resolution, settings.options.build)
    additions, install = _additions_environment(
        resolution, base.interpreter, settings, installation, services, builds, events
    )
    return Overlay(_ephemeral_environment(base, additions, services), additions, install)


def _additions_environment(
    resolution: Resolution,
    interpreter: Interpreter,
    settings: ResolutionSettings,
    installation: InstallationSettings,
    services: Services,
    builds: SourceBuilds,
    events: SyncEvents,
) -> tuple[Environment, InstallOutcome | None]:
    """Return the environment in the cache that holds *resolution*, and what was installed if it was not there yet."""
    from mauve.filesystem.locks import file_lock
    from mauve.filesystem.removal import remove

    services.cache.initialise()
    interpreter_key = _digest(os.path.realpath(interpreter.base_executable or interpreter.executable), interpreter.key)
    folder = services.cache.path(CacheBucket.ENVIRONMENTS, interpreter_key)
    root = os.path.join(folder, _digest(*[_describe(each, services) for each in resolution]))
    os.makedirs(folder, exist_ok=True)
    complete = os.path.join(root, _COMPLETE)
    with file_lock(f"{root}.lock"):
        # Its name tells all that it holds; nothing that is asked for anew would make it another one.
        if os.path.exists(complete):
            return Environment(root, interpreter.in_environment(root)), None
        remove(root)
        environment = make_environment(root, interpreter, services.interpreters)
        services.network(settings.indexes, keyring=settings.keyring)
        install = install_resolution(
            InstallRequest(resolution=resolution, settings=installation, refresh=settings.refresh),
            environment,
            services,
            builds,
            events,
        )
        with open(complete, "w", encoding="utf-8"):
            return environment, install


def _describe(distribution: ResolvedDistribution, services: Services) -> str:
    """Return everything that tells the content of *distribution* from another."""
    source = distribution.source
    files = distribution.wheels[:1] or (() if distribution.sdist is None else (distribution.sdist,))
    content = [f"{file.file.url} {' '.join(map(str, file.file.hashes))}" for file in files]
    if isinstance(source, DirectorySource | EditableSource | PathSource):
        content.append(services.source_states.state(source.path).decode(errors="replace"))
    return f"{distribution.name}=={distribution.version} {source!r} {content}"


def _digest(*parts: str) -> str:
    from hashlib import sha256

    return sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()[:16]


# --- the environment of one command


def temporary_environment(interpreter: Interpreter, services: Services) -> Environment:
    """Return a new environment of *interpreter*, which the caller removes."""
    from mauve.filesystem.temporary import make_temporary_folder
    from mauve.python.virtualenv import create_environment

    services.cache.initialise()
    root = make_temporary_folder(services.cache.path(CacheBucket.BUILDS))

    # Not kept in mind: the place is never seen again.
    create_environment(root, interpreter.environment_base(), None)
    return Environment(root, interpreter.in_environment(root))


def _ephemeral_environment(base: Environment, additions: Environment, services: Services) -> Environment:
    """Return a new environment that sees the packages of *additions*, then those of *base*."""
    real = os.path.realpath(base.interpreter.base_executable or base.interpreter.executable)
    ephemeral = temporary_environment(structs.replace(base.interpreter, base_executable=real), services)
    libraries = dict.fromkeys([*additions.site_packages, *base.site_packages, *_own_libraries(base)])
    code = "; ".join([f'site.addsitedir(__import__("os").fsdecode({os.fsencode(path)!r}))' for path in libraries])
    purelib = ephemeral.site_packages[0]
    os.makedirs(purelib, exist_ok=True)
    with open(os.path.join(purelib, OVERLAY_FILE), "w", encoding="utf-8") as file:
        file.write(f"import site; {code}")
    with open(os.path.join(ephemeral.root, "pyvenv.cfg"), "a", encoding="utf-8") as file:
        file.write(f"extends-environment = {base.root}\n")
    for source in (additions, base):
        _copy_executables(source, ephemeral)
        _link_shared_folders(source, ephemeral)
    return ephemeral


def _own_libraries(base: Environment) -> tuple[str, ...]:
    """Return further library folders of an interpreter that is no environment."""
    return () if base.interpreter.is_virtual else base.interpreter.site_packages


def _copy_executables(source: Environment, target: Environment) -> None:
    """Copy the scripts of *source* that its interpreter runs; in *target* its own runs them. What is there stays."""
    interpreters = [
        source.executable,
        *[os.path.join(source.scripts, name) for name in ("python", "python3", os.path.basename(source.executable))],
    ]
    starts = [render_shebang(path, relocatable=False).encode() + b"\n" for path in dict.fromkeys(interpreters)]
    starts.append(render_shebang(source.executable, relocatable=True).encode() + b"\n")
    shebang = render_shebang(target.executable).encode() + b"\n"
    try:
        entries = sorted(os.scandir(source.scripts), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = os.path.join(target.scripts, entry.name)
        if not entry.is_file() or os.path.lexists(path):
            continue
        content = _without_start(entry.path, starts)
        if content is None:
            continue
        with open(path, "wb") as file:
            file.write(shebang + content)
        os.chmod(path, 0o755)  # noqa: S103 - an executable like those that it is copied from


def _without_start(path: str, starts: list[bytes]) -> bytes | None:
    """Return the content of the file at *path* behind its start, None if that is not one of *starts*."""
    longest = max(map(len, starts))
    try:
        with open(path, "rb") as file:
            head = file.read(longest)
            start = next((each for each in starts if head.startswith(each)), None)
            return None if start is None else head[len(start) :] + file.read()
    except OSError:
        return None


def _link_shared_folders(source: Environment, target: Environment) -> None:
    """Link the folders in which notebooks look for their extensions."""
    for folder in _SHARED_FOLDERS:
        origin = os.path.join(source.root, folder)
        place = os.path.join(target.root, folder)
        if os.path.isdir(origin) and not os.path.lexists(place):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            os.symlink(origin, place)
