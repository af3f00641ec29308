"""What had a say in a run that found nothing to do, so that `mauve.fastpath.verdicts` can tell when that changes.

The lists are wider than what was opened: a file that was looked for and absent counts, and so do all parents'
files. Where the inputs cannot be listed (a clock, a shim, sources outside of the workspace) nothing is recorded.
docs/architecture.md "Verdicts" is the specification.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.config.files import settings_paths
from mauve.fastpath.verdicts import cache_root
from mauve.lock.model import SourceKind
from mauve.python.pins import FILE, FILES
from mauve.python.request import (
    AnyRequest,
    DefaultRequest,
    FileRequest,
    ImplementationRequest,
    VersionRequest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mauve.operations.context import Services
    from mauve.operations.lock import LockOutcome
    from mauve.project.workspace import Workspace
    from mauve.python.environment import Environment, PythonWish
    from mauve.python.interpreter import Interpreter
    from mauve.python.request import PythonRequest

_NAMES = ("pyproject.toml", "uv.toml", FILE, FILES)
_TREE_STATE = ("pyproject.toml", "setup.py", "setup.cfg", "src")
_SEARCHED = (type(None), VersionRequest, ImplementationRequest, AnyRequest, DefaultRequest)
"""Requests for which `PATH` is searched."""
_INSTALLED = ("WHEEL", "direct_url.json", "uv_cache.json", "uv_build.json", "METADATA", "RECORD")


class Consulted(Struct, frozen=True):
    """Everything on disk that had a say.

    Attributes:
        read: files whose content counts, present or not.
        looked_at: files and folders whose presence, identity or times count.
    """

    read: list[str]
    looked_at: list[str]


def consulted(
    workspace: Workspace,
    outcome: LockOutcome,
    wish: PythonWish,
    interpreter: Interpreter,
    environment_root: str,
    environment: Environment | None,
    services: Services,
    directories: Iterable[str],
) -> Consulted | None:
    """Return what had a say, None if that cannot be listed.

    Args:
        workspace: the project.
        outcome: of locking; unchanged.
        wish: which Python was asked for.
        interpreter: the one that was found.
        environment_root: where the project's environment is, or would be.
        environment: the one that was compared with the lock; None for a command that only locks.
        services: of the run.
        directories: where the searches for settings, projects and version files started.
    """
    if not _is_repeatable(workspace, outcome, services):
        return None
    if interpreter.prefix == environment_root and isinstance(wish.request, _SEARCHED):
        python: list[str] | None = [interpreter.executable, interpreter.base_executable]
    else:
        python = _python_inputs(wish.request, interpreter, services)
    patterns = _pattern_folders(workspace)
    if python is None or patterns is None:
        return None
    read = list(dict.fromkeys([workspace.lock_path, *_texts(workspace, services, directories)]))
    executable = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    looked_at = [os.path.join(environment_root, *executable), *python, *patterns]
    looked_at += [environment_root, os.path.join(environment_root, "pyvenv.cfg"), *_source_trees(workspace)]
    if environment is not None:
        looked_at += _installed_inputs(environment)
    return Consulted(read, list(dict.fromkeys(looked_at)))


def consulted_for_installation(
    workspace: Workspace,
    outcome: LockOutcome,
    wish: PythonWish,
    base: Interpreter,
    services: Services,
    directories: Iterable[str],
) -> Consulted | None:
    """Return what had a say in an environment that was made and filled, None if that cannot be listed.

    Args:
        workspace: the project.
        outcome: of locking; unchanged.
        wish: which Python was asked for.
        base: the interpreter that the environment was made of.
        services: of the run.
        directories: where the searches for settings, projects and version files started.
    """
    if not _is_repeatable(workspace, outcome, services):
        return None
    found = consulted_for_environment(workspace, wish.request, base, services, directories)
    if found is None:
        return None
    return Consulted([workspace.lock_path, *found.read], [*found.looked_at, *_source_trees(workspace)])


def _source_trees(workspace: Workspace) -> Iterator[str]:
    """Yield what decides whether an installed member is built again, even if it changes to the same content."""
    for member in workspace.members.values():
        if workspace.is_package(member):
            for name in _TREE_STATE:
                yield os.path.join(member.pyproject.root, name)


def consulted_for_environment(
    workspace: Workspace | None,
    request: PythonRequest | None,
    interpreter: Interpreter,
    services: Services,
    directories: Iterable[str],
) -> Consulted | None:
    """Return what had a say in an environment that was made, None if that cannot be listed.

    Args:
        workspace: the project around, None without one.
        request: which Python was asked for.
        interpreter: the one that was found.
        services: of the run.
        directories: where the searches for settings, projects and version files started.
    """
    python = _python_inputs(request, interpreter, services)
    patterns = [] if workspace is None else _pattern_folders(workspace)
    if python is None or patterns is None or not _is_kept_where_looked_for(services):
        return None
    return Consulted(
        list(dict.fromkeys(_texts(workspace, services, directories))), list(dict.fromkeys([*python, *patterns]))
    )


def consulted_for_lock(workspace: Workspace, services: Services, directories: Iterable[str]) -> Consulted | None:
    """Return what had a say where a lock was used as it is and nothing else, None if that cannot be listed.

    Args:
        workspace: the project.
        services: of the run.
        directories: where the searches for settings and projects started.
    """
    patterns = _pattern_folders(workspace)
    if patterns is None or not _is_kept_where_looked_for(services):
        return None
    return Consulted(list(dict.fromkeys([workspace.lock_path, *_texts(workspace, services, directories)])), patterns)


def _is_kept_where_looked_for(services: Services) -> bool:
    """Return whether the cache is where the fast path looks, which knows variables only."""
    root = services.settings.cache.root
    return root is not None and root == cache_root(dict(services.environment))


def _is_repeatable(workspace: Workspace, outcome: LockOutcome, services: Services) -> bool:
    if outcome.changed or outcome.previous is None or not _is_kept_where_looked_for(services):
        return False
    manifest = outcome.manifest
    if manifest is None:
        return False
    newer = manifest.options.exclude_newer
    cutoffs = (newer.everything, *newer.packages.values(), *newer.indexes.values())
    if any(cutoff is not None and cutoff.span is not None for cutoff in cutoffs):
        return False
    if any(member.project.dynamic or member.pyproject.uv.cache_keys for member in workspace.members.values()):
        return False
    return all(
        package.source.kind is SourceKind.REGISTRY or package.name in workspace.members
        for package in outcome.lock.packages
    )


def _texts(workspace: Workspace | None, services: Services, directories: Iterable[str]) -> Iterator[str]:
    for directory in directories:
        for folder in _upwards(directory):
            for name in _NAMES:
                yield os.path.join(folder, name)
    yield from settings_paths(services.environment)
    if services.user_directory is not None:
        for name in (FILE, FILES):
            yield os.path.join(services.user_directory, name)
    for member in () if workspace is None else workspace.members.values():
        yield member.pyproject.path


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _pattern_folders(workspace: Workspace) -> list[str] | None:
    """Return the folders whose entries decide about the members; None if the patterns look deeper than one level."""
    patterns = workspace.pyproject.uv.workspace
    if patterns is None:
        return []
    folders: list[str] = []
    for pattern in patterns.members:
        base, last = os.path.split(pattern.rstrip("/"))
        if any(sign in base for sign in "*?[") or "**" in last:
            return None
        folders.append(os.path.join(workspace.root, base))
    folders += [member.pyproject.root for member in workspace.members.values()]
    return folders


def _python_inputs(request: PythonRequest | None, interpreter: Interpreter, services: Services) -> list[str] | None:
    """Return what decided about the interpreter; None if a program had to be asked."""
    inputs = [interpreter.executable, interpreter.base_executable]
    match request:
        case FileRequest(path=path) if os.path.isabs(path):
            return [*inputs, path, os.path.join(os.path.dirname(os.path.dirname(path)), "pyvenv.cfg")]
        case request if isinstance(request, _SEARCHED):
            searched = _searched_folders(interpreter, services)
            return None if searched is None else [*inputs, *searched]
        case _:
            return None


def _searched_folders(interpreter: Interpreter, services: Services) -> list[str] | None:
    """Return the folders searched up to the one of *interpreter*, which must be the first that has any Python."""
    variables = services.discovery.variables
    path = variables.search_path if variables.python_search_path is None else variables.python_search_path
    searched = [variables.installations]
    if os.path.isdir(variables.installations) and os.listdir(variables.installations):
        return None
    home = os.path.dirname(interpreter.executable)
    for folder in (path or "").split(os.pathsep):
        searched.append(folder)
        if folder == home:
            return searched
        try:
            if any(entry.startswith(("python", "pypy", "graalpy")) for entry in os.listdir(folder)):
                return None
        except OSError:
            # What is not there has no say; that it is not is recorded.
            continue
    return None


def _installed_inputs(environment: Environment) -> Iterator[str]:
    for library in environment.site_packages:
        yield library
        try:
            names = os.listdir(library)
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info", ".egg-link")):
                folder = os.path.join(library, name)
                yield folder
                for file in _INSTALLED:
                    yield os.path.join(folder, file)
