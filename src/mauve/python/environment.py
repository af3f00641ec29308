"""An environment, and the one that belongs to a project: where it is, whether it can be used, how it is made.

`judge_environment` looks and returns a verdict; `ensure_environment` acts on it: reuse, create or replace. What
happens is told to an `EnvironmentReporter`, in the order in which uv prints it.

Specification: docs/environments.md "Project environment".
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.python.discovery import EnvironmentPreference, environment_executable
from mauve.python.probe import BrokenLink
from mauve.python.request import DefaultRequest, describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mauve.python.discovery import Discovery, PythonPreference
    from mauve.python.interpreter import Interpreter
    from mauve.python.probe import InterpreterReader
    from mauve.python.reporter import EnvironmentReporter
    from mauve.python.request import PythonRequest
    from mauve.python.virtualenv import EnvironmentOptions
    from mauve.standards.requires_python import RequiresPython
    from mauve.standards.versions import Version


class Environment(Struct, frozen=True):
    """A directory with an interpreter and packages.

    Attributes:
        root: absolute.
        interpreter: that of the environment, not of its base.
    """

    root: str
    interpreter: Interpreter

    @property
    def executable(self) -> str:
        """Return the path of the interpreter."""
        return self.interpreter.executable

    @property
    def scripts(self) -> str:
        """Return the directory of executables."""
        return self.interpreter.scheme.scripts

    @property
    def site_packages(self) -> tuple[str, ...]:
        """Return the directories packages are installed to, each once, purelib first."""
        scheme = self.interpreter.scheme
        return (scheme.purelib,) if scheme.purelib == scheme.platlib else (scheme.purelib, scheme.platlib)

    @property
    def lock_path(self) -> str:
        """Return the file that is locked while packages change; that of an installation is not in it."""
        interpreter = self.interpreter
        if interpreter.is_virtual or self.root != interpreter.prefix:
            return os.path.join(self.root, ".lock")
        import tempfile
        from binascii import crc32

        return os.path.join(tempfile.gettempdir(), f"mauve-{crc32(os.fsencode(interpreter.executable)):08x}.lock")


class EnvironmentConfiguration(Struct, frozen=True):
    """What pyvenv.cfg says; a missing key is None or False."""

    home: str | None = None
    version: str | None = None
    prompt: str | None = None
    is_ours: bool = False
    relocatable: bool = False
    seed: bool = False
    system_site_packages: bool = False


def read_configuration(root: str) -> EnvironmentConfiguration | None:
    """Return the pyvenv.cfg of the environment at *root*, None without one."""
    try:
        with open(os.path.join(root, "pyvenv.cfg"), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    values: dict[str, str] = {}
    for line in lines:
        key, separator, value = line.partition("=")
        if separator:
            values[key.strip().lower()] = value.strip()

    def flag(key: str) -> bool:
        return values.get(key, "").lower() == "true"

    return EnvironmentConfiguration(
        home=values.get("home"),
        version=values.get("version_info") or values.get("version"),
        prompt=values.get("prompt"),
        is_ours="uv" in values,
        relocatable=flag("relocatable"),
        seed=flag("seed"),
        system_site_packages=flag("include-system-site-packages"),
    )


# --- where the environment of a project is


class EnvironmentLocation(Struct, frozen=True):
    """Where the environment of a project is.

    Attributes:
        root: absolute; a redirect file is not followed yet.
        ignored: the value of `VIRTUAL_ENV` that names another environment, to warn about.
    """

    root: str
    ignored: str | None = None


def locate_project_environment(
    project_root: str,
    *,
    directory: str,
    project_environment: str | None = None,
    virtual_env: str | None = None,
    active: bool | None = None,
) -> EnvironmentLocation:
    """Return where the environment of the workspace at *project_root* is.

    *project_environment* (`UV_PROJECT_ENVIRONMENT`) is relative to the project and unset if empty; *virtual_env*
    (`VIRTUAL_ENV`) is relative to the working *directory* and counts only if *active* (`--active`) is true; with
    None (neither that nor `--no-active`) another one is worth a warning.
    """
    root = os.path.join(project_root, project_environment or ".venv")
    if not virtual_env:
        return EnvironmentLocation(root)
    activated = os.path.join(directory, virtual_env)
    if os.path.normpath(activated) == os.path.normpath(root) or _is_same(activated, root):
        return EnvironmentLocation(root)
    if active:
        return EnvironmentLocation(activated)
    return EnvironmentLocation(root, None if active is False else virtual_env)


def _is_same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


# --- whether it can be used


class Usable(Struct, frozen=True):
    """The environment exists and fits."""

    environment: Environment


class Incompatible(Struct, frozen=True):
    """The environment exists, but its interpreter does not fit; *reason* is a clause of uv's messages."""

    environment: Environment
    reason: str


class Absent(Struct, frozen=True):
    """There is no environment, or only the remains of one."""


class Dangling(Struct, frozen=True):
    """The interpreter of the environment is a link to a file that is gone."""

    link: str
    target: str


Verdict: TypeAlias = Usable | Incompatible | Absent | Dangling


class RequestOrigin(Enum):
    """Why this Python is wanted."""

    USER = 1
    VERSION_FILE = 2
    REQUIRES_PYTHON = 3


class PythonDeclaration(Struct, frozen=True):
    """One `requires-python` of a workspace: of a member, or of one of its selected groups."""

    member: str
    range: RequiresPython
    group: str | None = None


class PythonWish(Struct, frozen=True, kw_only=True):
    """The Python a project's environment must have.

    Attributes:
        request: from the user, a version file, or `requires-python`; None if nothing was said.
        origin: which of them.
        version_file: how the version file is shown in messages.
        requires_python: the intersection of all declarations, None without any.
        declarations: every `requires-python` that was intersected.
        has_members: whether the workspace has more than one package, so that messages name them.
        kind: `project` or `script`, for messages.
    """

    request: PythonRequest | None = None
    origin: RequestOrigin = RequestOrigin.REQUIRES_PYTHON
    version_file: str = ""
    requires_python: RequiresPython | None = None
    declarations: tuple[PythonDeclaration, ...] = ()
    has_members: bool = False
    kind: str = "project"


class IncompatiblePython(MauveError):
    """The interpreter that was found is outside of the project's `requires-python`.

    `venv` shows it as a warning and goes on.
    """

    def __init__(self, version: Version, wish: PythonWish) -> None:
        """Store the version that was found and what was wished for."""
        super().__init__(version, wish)
        self.version = version
        self.wish = wish

    def __str__(self) -> str:
        """Return the message; for a version file it ends with a line of advice, as uv's does."""
        wish = self.wish
        match wish.origin:
            case RequestOrigin.USER:
                start, end = f"The requested interpreter resolved to Python {self.version}, which is", ""
            case RequestOrigin.VERSION_FILE:
                start = f"The Python request from `{wish.version_file}` resolved to Python {self.version}, which is"
                end = "\nUse `uv python pin` to update the `.python-version` file to a compatible version"
            case RequestOrigin.REQUIRES_PYTHON:
                start, end = f"The resolved Python interpreter (Python {self.version}) is", ""
        return (
            f"{start} incompatible with the {wish.kind}'s Python requirement: `{wish.requires_python}`"
            f"{self._declarations()}{end}"
        )

    def _declarations(self) -> str:
        wish = self.wish
        broken = [item for item in wish.declarations if not item.range.contains(self.version)]
        if not broken:
            return ""
        if len(broken) > 1:
            lines = "\n".join(
                f"- {item.member}{f':{item.group}' if item.group else ''}: {item.range}" for item in broken
            )
            return f".\nThe following `requires-python` declarations do not permit this version:\n{lines}"
        (item,) = broken
        if wish.kind == "script":
            return ""
        table = f"tool.uv.dependency-groups.{item.group}.requires-python" if item.group else "project.requires-python"
        if wish.has_members:
            return f" (from workspace member `{item.member}`'s `{table}`)."
        return f" (from `{table}`)." if item.group else f" (from `{table}`)"


def check_requires_python(interpreter: Interpreter, wish: PythonWish) -> None:
    """Raise `IncompatiblePython` if *interpreter* is outside of `requires-python`."""
    if wish.requires_python is not None and not wish.requires_python.contains(interpreter.version):
        raise IncompatiblePython(interpreter.version, wish)


_PREFERENCES = {
    "managed": "prefer managed",
    "system": "prefer system",
    "only-managed": "only managed",
    "only-system": "only system",
}


def describe_preference(preference: PythonPreference) -> str:
    """Return *preference* as messages write it."""
    return _PREFERENCES[preference.value]


def judge_environment(root: str, wish: PythonWish, discovery: Discovery, kind: str = "project") -> Verdict:
    """Return whether the environment at *root* (absolute, redirects followed) can be used as it is.

    *kind* is `project` or `script`, for the reason of `Incompatible`.

    Raises:
        InvalidProjectEnvironment: the place is taken by a directory that is no environment.
        ProbeFailed: there is an interpreter, and it is broken.
    """
    executable = environment_executable(root)
    if not os.path.lexists(executable):
        _check_replaceable(root)
        return Absent()
    try:
        interpreter = discovery.reader.read(executable)
    except BrokenLink as error:
        return Dangling(executable, error.target)
    environment = Environment(root, interpreter)
    if wish.request is not None and not discovery.satisfies(interpreter, wish.request):
        return Incompatible(
            environment,
            f"The {kind} environment's Python version does not satisfy the request: `{describe(wish.request)}`",
        )
    if wish.requires_python is not None and not wish.requires_python.contains(interpreter.version):
        return Incompatible(
            environment,
            f"The {kind} environment's Python version does not meet the Python requirement: `{wish.requires_python}`",
        )
    if not discovery.allows(interpreter):
        return Incompatible(
            environment,
            f"The {kind} environment's Python interpreter does not meet the Python preference: "
            f"`{describe_preference(discovery.preference)}`",
        )
    return Usable(environment)


def _check_replaceable(root: str) -> None:
    if os.path.exists(os.path.join(root, "pyvenv.cfg")):
        return
    try:
        is_empty = not os.listdir(root)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        from mauve.python.environment_errors import InvalidProjectEnvironment

        raise InvalidProjectEnvironment(root, "it is not a directory") from None
    if not is_empty:
        from mauve.python.environment_errors import InvalidProjectEnvironment

        raise InvalidProjectEnvironment(root, "it is not a valid Python environment (no Python executable was found)")


def follow_redirect(root: str, shown: str) -> tuple[str, bool]:
    """Return where the environment really is, and whether *root* (in messages *shown*) is a file that redirects there.

    Raises:
        EmptyRedirect: the file names nothing.
        InvalidProjectEnvironment: it names something that is no environment.
    """
    if not os.path.isfile(root):
        return root, False
    with open(root, encoding="utf-8", errors="replace") as file:
        text = file.read().strip()
    if not text:
        from mauve.python.environment_errors import EmptyRedirect

        raise EmptyRedirect(shown)
    target = os.path.normpath(os.path.join(os.path.dirname(root), text))
    if not os.path.exists(os.path.join(target, "pyvenv.cfg")):
        from mauve.python.environment_errors import InvalidProjectEnvironment

        raise InvalidProjectEnvironment(target, "no `pyvenv.cfg` file was found")
    return target, True


# --- reuse, create or replace


class Change(Enum):
    """What was done, or would be, to the environment."""

    USED = "use"
    CREATED = "create"
    REPLACED = "replace"


class EnsuredEnvironment(Struct, frozen=True):
    """The environment of a project, and how it came about.

    In a dry run an environment that would be made has its base's interpreter as if it were there.

    Attributes:
        base: the interpreter that it was made of; None if it was there.
    """

    environment: Environment
    change: Change
    base: Interpreter | None = None


def find_project_interpreter(
    root: str, wish: PythonWish, discovery: Discovery, reporter: EnvironmentReporter
) -> Interpreter:
    """Return the interpreter a command that only locks works with: that of a fitting environment, or of the system.

    Raises:
        IncompatiblePython: it is outside of `requires-python`.
        InterpreterNotFound: none fits the request.
        InspectionFailed: likewise, and this one was broken.
    """
    match _judge(root, wish, discovery, reporter):
        case Usable(environment=environment):
            return environment.interpreter
        case _:
            return _find_base(wish, discovery, reporter)


def ensure_environment(
    root: str,
    wish: PythonWish,
    discovery: Discovery,
    reporter: EnvironmentReporter,
    *,
    options: EnvironmentOptions | None = None,
    keep_incompatible: bool = False,
    dry_run: bool = False,
) -> EnsuredEnvironment:
    """Return the environment at *root* (absolute, redirects followed), made or replaced if it must be.

    With *keep_incompatible* (`--no-sync`) an environment that does not fit is used, with a warning. With *dry_run*
    nothing is changed on disk.

    Raises:
        IncompatiblePython: the interpreter that was found is outside of `requires-python`.
        InterpreterNotFound: none fits the request.
        InspectionFailed: likewise, and this one was broken.
        InvalidProjectEnvironment: the place is taken.
    """
    usable = _usable(root, wish, discovery)
    if usable is not None:
        return usable
    with _alone(root, discovery.reader.cache_directory):
        # Another process may have made it meanwhile, or was making it a moment ago.
        return _make_usable(
            root, wish, discovery, reporter, options=options, keep_incompatible=keep_incompatible, dry_run=dry_run
        )


def _usable(root: str, wish: PythonWish, discovery: Discovery) -> EnsuredEnvironment | None:
    try:
        verdict = judge_environment(root, wish, discovery)
    except MauveError:
        return None  # perhaps only half there; judged again when nobody else is at work
    return EnsuredEnvironment(verdict.environment, Change.USED) if isinstance(verdict, Usable) else None


@contextmanager
def _alone(root: str, folder: str | None) -> Iterator[None]:
    """Keep other processes from making the environment at *root*, with a lock in *folder* if there can be one."""
    from mauve.filesystem.locks import LockTimeout, file_lock

    if folder is None:
        yield
        return
    with ExitStack() as stack:
        with suppress(LockTimeout, OSError):  # where locks do not work, as without one
            stack.enter_context(file_lock(making_lock(root, folder), timeout=300.0))
        yield


def making_lock(root: str, folder: str) -> str:
    """Return the file in *folder* that is locked while the environment at *root* is made."""
    from binascii import crc32

    return os.path.join(folder, f"{crc32(os.fsencode(os.path.realpath(root))):08x}.lock")


def _make_usable(
    root: str,
    wish: PythonWish,
    discovery: Discovery,
    reporter: EnvironmentReporter,
    *,
    options: EnvironmentOptions | None,
    keep_incompatible: bool,
    dry_run: bool,
) -> EnsuredEnvironment:
    verdict = _judge(root, wish, discovery, reporter)
    match verdict:
        case Usable(environment=environment):
            return EnsuredEnvironment(environment, Change.USED)
        case Incompatible(environment=environment, reason=reason) if keep_incompatible:
            reporter.incompatible(root, reason)
            return EnsuredEnvironment(environment, Change.USED)
        case _:
            base = _find_base(wish, discovery, reporter)
    replace = os.path.exists(os.path.join(root, "pyvenv.cfg"))
    if not replace and not _is_empty(root):
        from mauve.python.environment_errors import InvalidProjectEnvironment

        raise InvalidProjectEnvironment(
            root,
            "it is not a compatible environment but cannot be recreated because it is not a virtual environment",
        )
    change = Change.REPLACED if replace else Change.CREATED
    if dry_run:
        return EnsuredEnvironment(Environment(root, base.in_environment(root)), change)
    if replace:
        remove_environment(root, discovery.reader)
        reporter.removed(root)
    reporter.creating(root)
    return EnsuredEnvironment(make_environment(root, base, discovery.reader, options), change, base)


def make_environment(
    root: str, base: Interpreter, reader: InterpreterReader, options: EnvironmentOptions | None = None
) -> Environment:
    """Write an environment of *base* at *root*, which is free, and return it; its interpreter is not run."""
    from mauve.python.virtualenv import create_environment

    create_environment(root, base.environment_base(), options)
    interpreter = base.in_environment(root)
    reader.remember(interpreter)
    return Environment(root, interpreter)


def remove_environment(root: str, reader: InterpreterReader) -> None:
    """Remove the environment at *root*; of a link or mount point only the contents."""
    from mauve.filesystem.removal import remove, remove_contents

    reader.forget(environment_executable(root))
    if os.path.islink(root) or os.path.ismount(root):
        remove_contents(root)
    else:
        remove(root)


def _judge(root: str, wish: PythonWish, discovery: Discovery, reporter: EnvironmentReporter) -> Verdict:
    verdict = judge_environment(root, wish, discovery)
    if isinstance(verdict, Dangling):
        reporter.dangling(verdict.link, verdict.target)
    return verdict


def _find_base(wish: PythonWish, discovery: Discovery, reporter: EnvironmentReporter) -> Interpreter:
    base = discovery.find(wish.request or DefaultRequest(), EnvironmentPreference.ONLY_SYSTEM).interpreter
    reporter.using(base)
    check_requires_python(base, wish)
    return base


def _is_empty(root: str) -> bool:
    try:
        return not os.listdir(root)
    except FileNotFoundError:
        return True
    except NotADirectoryError:
        return False
