"""Which environment a `pip` command works on, and what may be done to it: the one home of both for all of them.

Environments come first: the active one, that of conda, `.venv` upwards. An installation of the system is used only if
the user names it (`--system`, a path), or by commands that only read. `--target` and `--prefix` put another folder in
the place of what was found: packages go there, and its interpreter is the one that was found.

Specification: docs/environments.md "Sources, in order"; PEP 668 (externally managed).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from mauve.enumerations import Enum
from mauve.errors import MauveError
from mauve.python.discovery import EnvironmentPreference, PythonPreference
from mauve.python.environment import Environment
from mauve.python.interpreter import Scheme
from mauve.python.request import AnyRequest, DefaultRequest, DirectoryRequest, FileRequest, describe

if TYPE_CHECKING:
    from mauve.operations.context import Services
    from mauve.python.interpreter import Interpreter
    from mauve.python.request import PythonRequest


class EnvironmentChoice(Struct, frozen=True, kw_only=True):
    """Which environment is meant.

    Attributes:
        python: as `--python` has it.
        system: environments are passed over.
        break_system_packages: what somebody else manages is changed all the same.
        target: a folder that gets packages at its top.
        prefix: a folder that gets packages as if it were an environment.
    """

    python: str | None = None
    system: bool = False
    break_system_packages: bool = False
    target: str | None = None
    prefix: str | None = None

    @property
    def has_folder(self) -> bool:
        """Return whether packages go to a folder that is no environment."""
        return bool(self.target or self.prefix)


class Purpose(Enum):
    """What a command wants of the environment."""

    READ = 1
    """Any Python will do."""
    CHANGE = 2
    """One that the user wants changed: an environment, or what is named."""
    INSTALL = 3
    """As `CHANGE`, but into a folder any Python installs."""


class TargetEnvironment(Struct, frozen=True, kw_only=True):
    """The environment that a command works on.

    Attributes:
        environment: its packages; with a folder in its place, of that.
        found: what was found before a folder took its place.
    """

    environment: Environment
    found: Environment


class EnvironmentNotFound(MauveError):
    """There is no environment that a command could work on."""

    def __init__(self, request: PythonRequest, environments: EnvironmentPreference) -> None:
        """Store what was asked for, and where it was looked for."""
        super().__init__(request, environments)
        self.request = request
        self.environments = environments

    def __str__(self) -> str:
        """Return the message in uv's words."""
        searched, way_out = self._search()
        wish = "" if isinstance(self.request, AnyRequest | DefaultRequest) else f" for {describe(self.request)}"
        return f"No {searched} found{wish}{way_out}"

    def _search(self) -> tuple[str, str]:
        create = "; run `uv venv` to create an environment"
        match self.environments:
            case EnvironmentPreference.ONLY_SYSTEM:
                return "system Python installation", ""
            case EnvironmentPreference.EXPLICIT_SYSTEM if not _names_a_place(self.request):
                return "virtual environment", f"{create}, or pass `--system` to install into a non-virtual environment"
            case _:
                return "virtual environment or system Python installation", create


class ExternallyManaged(MauveError):
    """Another program manages the packages of an interpreter, and says that nobody else should (PEP 668)."""

    def __init__(self, root: str, reason: str | None, purpose: Purpose) -> None:
        """Name the environment; the *reason* is what the other program has to say."""
        super().__init__(root, reason, purpose)
        self.root = root
        self.reason = reason
        self.purpose = purpose

    def __str__(self) -> str:
        """Return the message in uv's words, which has the way out in it where nothing is installed."""
        start, installs = f"The interpreter at `{self.root}` is externally managed", self.purpose is Purpose.INSTALL
        if self.reason is None:
            return start if installs else f"{start}. Instead, create a virtual environment with `uv venv`."
        lines = "\n".join(f"  {line}" if line.strip() else "" for line in self.reason.splitlines())
        text = f"{start}, and indicates the following:\n\n{lines}"
        return text if installs else f"{text}\n\nConsider creating a virtual environment with `uv venv`."

    def hints(self) -> tuple[str, ...]:
        """Return the way out."""
        if self.purpose is not Purpose.INSTALL:
            return ()
        return ("Consider creating a virtual environment, e.g., with `uv venv`",)


def find_target_environment(choice: EnvironmentChoice, services: Services, purpose: Purpose) -> TargetEnvironment:
    """Return the environment that *choice* means.

    Raises:
        EnvironmentNotFound: there is none.
        MauveError: as `mauve.python.discovery.Discovery.find`.
    """
    from mauve.python.discovery_errors import InterpreterNotFound

    discovery = services.discovery
    if choice.system and discovery.preference is PythonPreference.MANAGED:
        discovery = discovery.preferring(PythonPreference.SYSTEM)
    request = DefaultRequest() if choice.python is None else discovery.parse_request(choice.python)
    installs_in_folder = purpose is Purpose.INSTALL and choice.has_folder
    environments = _preference(choice, changes=purpose is not Purpose.READ and not installs_in_folder)
    try:
        interpreter = discovery.find(request, environments).interpreter
    except InterpreterNotFound:
        if installs_in_folder:
            raise
        raise EnvironmentNotFound(request, environments) from None
    found = Environment(interpreter.prefix, interpreter)
    return TargetEnvironment(environment=_in_folder(found, choice, services.directory), found=found)


def _preference(choice: EnvironmentChoice, *, changes: bool) -> EnvironmentPreference:
    if choice.system:
        return EnvironmentPreference.ONLY_SYSTEM
    return EnvironmentPreference.EXPLICIT_SYSTEM if changes else EnvironmentPreference.ANY


def check_changeable(target: TargetEnvironment, choice: EnvironmentChoice, purpose: Purpose, shown: str) -> None:
    """Raise `ExternallyManaged` if *target* (in messages *shown*) must be left to another program."""
    interpreter = target.found.interpreter
    if choice.break_system_packages or not interpreter.is_externally_managed(replaced=choice.has_folder):
        return
    raise ExternallyManaged(shown, _reason(interpreter.externally_managed_marker), purpose)


def _reason(path: str) -> str | None:
    """Return what the file at *path* has to say, None if that is nothing."""
    from configparser import ConfigParser
    from configparser import Error as BrokenFile

    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        return parser.get("externally-managed", "error", fallback=None)
    except (BrokenFile, UnicodeDecodeError):
        return None


def _names_a_place(request: PythonRequest) -> bool:
    return isinstance(request, FileRequest | DirectoryRequest)


def _in_folder(found: Environment, choice: EnvironmentChoice, directory: str) -> Environment:
    """Return *found* with the folder of *choice* in its place, if there is one."""
    if choice.target:
        root = os.path.abspath(os.path.join(directory, choice.target))
        scheme = Scheme(
            purelib=root,
            platlib=root,
            scripts=os.path.join(root, "bin"),
            data=root,
            include=os.path.join(root, "include"),
        )
        return Environment(root, _moved(found.interpreter, scheme))
    if choice.prefix:
        root = os.path.abspath(os.path.join(directory, choice.prefix))
        relative = found.interpreter.environment_scheme
        scheme = Scheme(
            purelib=os.path.join(root, relative.purelib),
            platlib=os.path.join(root, relative.platlib),
            scripts=os.path.join(root, relative.scripts),
            data=os.path.join(root, relative.data),
            include=os.path.join(root, relative.include),
        )
        return Environment(root, _moved(found.interpreter, scheme))
    return found


def _moved(interpreter: Interpreter, scheme: Scheme) -> Interpreter:
    return structs.replace(interpreter, scheme=scheme)
