"""Lock a script, and keep the environment that it runs in.

The environment lies in the cache and is named by the place of the script. Without a lockfile the requirements are
resolved for its interpreter alone, and only if what is installed does not satisfy them.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mauve.cache.layout import CacheBucket
from mauve.config.environment import Variables
from mauve.errors import MauveError
from mauve.installer.inventory import read_inventory
from mauve.installer.plan import InstallPlan
from mauve.installer.target import install_target
from mauve.operations.build_needs import declared_needs
from mauve.operations.builds import SourceBuilds
from mauve.operations.install import InstallOutcome, InstallRequest, install_resolution
from mauve.operations.lock import (
    LockMode,
    LockOutcome,
    LockRequest,
    LockTarget,
    failing_on,
    lock_target,
    manifest_values,
)
from mauve.operations.specific import resolve_in_environment
from mauve.operations.version_files import heeded_version_file
from mauve.project.python_bounds import lock_python
from mauve.project.script import STANDARD_INPUT, Script, script_manifest
from mauve.python.discovery import EnvironmentPreference
from mauve.python.environment import (
    Change,
    EnsuredEnvironment,
    Environment,
    IncompatiblePython,
    PythonDeclaration,
    PythonWish,
    RequestOrigin,
    Usable,
    check_requires_python,
    judge_environment,
    locate_project_environment,
    make_environment,
    remove_environment,
)
from mauve.python.foreign import environment_on
from mauve.python.request import DefaultRequest, range_request, requested_version
from mauve.standards.requires_python import RequiresPython

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.config.settings.installation import InstallationSettings
    from mauve.config.settings.resolution import ResolutionSettings
    from mauve.distributions.resolution import Resolution
    from mauve.operations.context import Services
    from mauve.operations.reporter import SyncEvents
    from mauve.python.interpreter import Interpreter
    from mauve.python.request import PythonRequest
    from mauve.standards.names import GroupName


class MissingScriptLock(MauveError):
    """`run` may not resolve, and the script has no lockfile."""

    def __init__(self, option: str) -> None:
        """Name the option that forbids to resolve."""
        super().__init__(option)
        self.option = option

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return (
            f"Unable to find lockfile for Python script, but `{self.option}` was provided. To create a lockfile, run "
            "`uv lock --script`."
        )


class GroupOfScript(MauveError):
    """A group is to be upgraded, and scripts have none."""

    def __init__(self, group: GroupName) -> None:
        """Name the group."""
        super().__init__(group)
        self.group = group

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return f"PEP 723 scripts do not support dependency groups, but group `{self.group}` was specified"


class LockRequired(MauveError):
    """`sync` may not resolve, and the script has no lockfile."""

    def __init__(self, option: str, shown: str) -> None:
        """Name the option and the script."""
        super().__init__(option, shown)
        self.option = option
        self.shown = shown

    def __str__(self) -> str:
        """Return the message in uv's words."""
        command = f"uv lock --script {self.shown}"
        return f"`uv sync {self.option}` requires a script lockfile; run `{command}` to lock the script"


class ScriptRequest(Struct, frozen=True, kw_only=True):
    """How a script is locked and its environment kept.

    Attributes:
        option: the flag that set the mode, for messages.
        python: `--python`.
        active: `--active`.
        no_config: version files do not count.
        keeps_extraneous: what nobody requires stays.
        purpose: of the resolution, for messages.
        platform: what is installed is for this one, not for the running one.
        rechecks: a refresh is reason enough to resolve again.
    """

    mode: LockMode = LockMode.WRITE
    option: str = ""
    settings: ResolutionSettings
    installation: InstallationSettings
    python: str | None = None
    active: bool | None = None
    no_config: bool = False
    keeps_extraneous: bool = False
    dry_run: bool = False
    purpose: str = ""
    platform: str | None = None
    rechecks: bool = False

    def lock_request(self, requires_python: RequiresPython) -> LockRequest:
        """Return how the script is locked for *requires_python*."""
        return LockRequest(
            mode=self.mode,
            option=self.option,
            settings=self.settings,
            requires_python=requires_python,
            rechecks=self.rechecks,
            postpones=self.dry_run,
        )


class LockedScript(Struct, frozen=True):
    """The lock of a script, and with what it was made."""

    outcome: LockOutcome
    builds: SourceBuilds
    interpreter: Interpreter


_LONGEST_NAME: Final = 100
NOTHING_INSTALLED: Final = InstallOutcome(plan=InstallPlan())


class SyncedScript(Struct, frozen=True, kw_only=True):
    """What was done to the environment of a script.

    Attributes:
        lock: None without a lockfile.
        number: of distributions that the script needs.
    """

    environment: EnsuredEnvironment
    install: InstallOutcome = NOTHING_INSTALLED
    lock: LockOutcome | None = None
    number: int = 0


# --- its Python and its environment


def script_python(
    script: Script,
    requested: str | None,
    services: Services,
    warn: Callable[[str], None],
    *,
    no_config: bool = False,
) -> PythonWish:
    """Return what is wished for: by the user, else by a version file that the script allows, else by the script."""
    bounds = script.requires_python
    allowed = None if bounds is None else RequiresPython.from_specifiers(bounds)
    declarations = () if allowed is None else (PythonDeclaration("", allowed),)

    def wish(request: PythonRequest | None, origin: RequestOrigin, version_file: str = "") -> PythonWish:
        return PythonWish(
            request=request,
            origin=origin,
            version_file=version_file,
            requires_python=allowed,
            declarations=declarations,
            kind="script",
        )

    if requested is not None:
        return wish(services.discovery.parse_request(requested), RequestOrigin.USER)
    pinned = heeded_version_file(services.directory, services, warn, no_config=no_config)
    if pinned is not None and (pinned.request is None or _may_be_allowed(pinned.request, allowed)):
        return wish(pinned.request, RequestOrigin.VERSION_FILE, services.discovery.shown(pinned.path))
    return wish(None if bounds is None else range_request(bounds), RequestOrigin.REQUIRES_PYTHON)


def _may_be_allowed(request: PythonRequest, allowed: RequiresPython | None) -> bool:
    """Return whether some version that *request* names is in *allowed*."""
    from mauve.python.request import RangePart, VersionPart
    from mauve.standards.specifiers import parse_specifiers

    part = requested_version(request)
    if allowed is None or part is None:
        return True
    specifiers = None
    if isinstance(part, RangePart):
        specifiers = part.specifiers
    elif isinstance(part, VersionPart):
        specifiers = parse_specifiers(f"=={'.'.join(map(str, part.release))}.*")
    asked = None if specifiers is None else RequiresPython.from_specifiers(specifiers)
    return asked is None or not asked.bounds.is_disjoint(allowed.bounds)


def script_environment_root(script: Script, services: Services, events: SyncEvents, *, active: bool | None) -> str:
    """Return where the environment of *script* is; warns of another active environment."""
    from hashlib import sha256

    if script.path == STANDARD_INPUT:
        name = sha256(script.block.metadata.encode()).hexdigest()[:16]
    else:
        identity = script.shown if "://" in script.shown else script.path
        digest = sha256(os.fsencode(identity)).hexdigest()[:16]
        stem = _cache_name(os.path.splitext(os.path.basename(identity))[0])
        name = f"{stem}-{digest}" if stem else digest
    root = services.cache.path(CacheBucket.ENVIRONMENTS, name)
    location = locate_project_environment(
        services.directory,
        directory=services.directory,
        project_environment=root,
        virtual_env=Variables(services.environment).text("VIRTUAL_ENV"),
        active=active,
    )
    if location.ignored is not None:
        shown = services.discovery.shown
        events.warning(
            f"`VIRTUAL_ENV={shown(os.path.join(services.directory, location.ignored))}` does not match the script "
            f"environment path `{shown(location.root)}` and will be ignored; use `--active` to target the active "
            "environment instead"
        )
    return location.root


def _cache_name(stem: str) -> str:
    """Return *stem* with everything but letters, digits, `-`, `_` and `.` replaced, in lower case."""
    name = "".join([each if each.isascii() and (each.isalnum() or each in "-_.") else "-" for each in stem.lower()])
    return name[:_LONGEST_NAME]


def find_script_interpreter(root: str, wish: PythonWish, services: Services, events: SyncEvents) -> Interpreter:
    """Return the interpreter of the environment at *root* if that fits, else one of the system.

    Raises:
        MauveError: none fits.
    """
    verdict = judge_environment(root, wish, services.discovery, wish.kind)
    if isinstance(verdict, Usable):
        return verdict.environment.interpreter
    return _find_base(wish, services, events)


def _find_base(wish: PythonWish, services: Services, events: SyncEvents) -> Interpreter:
    request = wish.request or DefaultRequest()
    # Other than for a project, the Python of an environment at hand is as good as one of the system.
    base = services.discovery.find(request, EnvironmentPreference.ANY, is_base=True).interpreter
    try:
        check_requires_python(base, wish)
    except IncompatiblePython as error:
        # A script may still be run with a Python that it does not know.
        message = str(error)
        events.warning(message if wish.origin is not RequestOrigin.VERSION_FILE else message.partition("\n")[0])
    return base


def ensure_script_environment(
    root: str, wish: PythonWish, services: Services, events: SyncEvents, *, dry_run: bool = False
) -> EnsuredEnvironment:
    """Return the environment at *root*, made or replaced if it must be. In a dry run nothing is changed on disk.

    Raises:
        MauveError: no interpreter fits, or the place is taken.
    """
    verdict = judge_environment(root, wish, services.discovery, wish.kind)
    if isinstance(verdict, Usable):
        return EnsuredEnvironment(verdict.environment, Change.USED)
    base = _find_base(wish, services, events)
    replaces = os.path.exists(os.path.join(root, "pyvenv.cfg"))
    change = Change.REPLACED if replaces else Change.CREATED
    if dry_run:
        return EnsuredEnvironment(Environment(root, base.in_environment(root)), change)
    if replaces:
        remove_environment(root, services.interpreters)
    services.cache.initialise()
    return EnsuredEnvironment(make_environment(root, base, services.interpreters), change)


# --- locking


def has_lockfile(script: Script) -> bool:
    """Return whether *script* has a lockfile."""
    return script.is_file and os.path.isfile(script.lock_path)


def script_or_empty(path: str, shown: str, requires_python: Callable[[], str]) -> Script:
    """Return the script at *path*; one without a block gets one that requires nothing.

    Raises:
        UnreadableFile: it cannot be read.
        MauveError: its block cannot be used.
    """
    from mauve.filesystem.text import UnreadableFile, read_text
    from mauve.project.script import imagine_script, parse_script

    try:
        text = read_text(path, shown)
    except FileNotFoundError as error:
        raise UnreadableFile.because_of(error, shown) from None
    return parse_script(text, path, shown) or imagine_script(text, path, shown, requires_python())


def script_target(script: Script, services: Services) -> LockTarget:
    """Return what the lockfile of *script* belongs to."""
    shown = services.discovery.shown(script.lock_path)
    return LockTarget(path=script.lock_path, root=script.root, shown=shown, outdated="uv.lock")


def find_interpreter_of(script: Script, request: ScriptRequest, services: Services, events: SyncEvents) -> Interpreter:
    """Return the interpreter of the environment of *script*, or one that would do for it.

    Raises:
        MauveError: none fits.
    """
    wish = script_python(script, request.python, services, events.warning, no_config=request.no_config)
    root = script_environment_root(script, services, events, active=request.active)
    return find_script_interpreter(root, wish, services, events)


def lock_script(
    script: Script,
    request: ScriptRequest,
    services: Services,
    events: SyncEvents,
    interpreter: Interpreter | None = None,
) -> LockedScript:
    """Lock *script* with the interpreter of its environment, or one that would do for it.

    Raises:
        MauveError: as `mauve.operations.lock.lock_project`.
    """
    target = script_target(script, services)
    for group in sorted(request.settings.upgrade.groups):
        raise GroupOfScript(group)
    if request.mode in (LockMode.FROZEN, LockMode.LOCKED) and not has_lockfile(script):
        from mauve.operations.lock_errors import MissingLock

        raise MissingLock(target.shown, request.option)
    if interpreter is None:
        interpreter = find_interpreter_of(script, request, services, events)
    declared = None if script.requires_python is None else RequiresPython.from_specifiers(script.requires_python)
    locked_for = lock_python(declared, interpreter.release[:2])
    if locked_for.warning is not None:
        events.warning(locked_for.warning)
    known = interpreter
    needs = declared_needs(script.workspace, request.settings)
    builds = SourceBuilds(services, request.settings, lambda: known, events, needs)
    asked = request.lock_request(locked_for.requires_python)
    with failing_on(interpreter):
        outcome = lock_target(
            target,
            lambda _: script_manifest(script, manifest_values(asked, services, builds)),
            asked,
            services,
            builds,
            events,
        )
    return LockedScript(outcome, builds, interpreter)


# --- installing


def sync_script(
    script: Script, ensured: EnsuredEnvironment, request: ScriptRequest, services: Services, events: SyncEvents
) -> SyncedScript:
    """Make the environment of *script* hold what its lockfile says, or else what its requirements resolve to.

    Raises:
        MauveError: of locking, resolving, or installing.
    """
    if not has_lockfile(script):
        return _sync_unlocked(script, ensured, request, services, events)
    from mauve.lock.selection import Selection, select_resolution

    environment = environment_on(ensured.environment, request.platform, services.environment)
    interpreter = environment.interpreter
    locked = lock_script(script, request, services, events, ensured.environment.interpreter)
    if request.mode is LockMode.DRY_RUN and request.dry_run:
        shown = services.discovery.shown(script.lock_path)
        events.would_have_lock(shown, exists=True, changed=locked.outcome.changed)
    resolution = select_resolution(
        locked.outcome.lock,
        script.root,
        interpreter.markers,
        interpreter.tags,
        Selection(build=request.settings.options.build),
    )
    install = _install(resolution, environment, request, services, locked.builds, events)
    return SyncedScript(environment=ensured, install=install, lock=locked.outcome, number=len(resolution))


def sync_script_environment(
    script: Script, request: ScriptRequest, services: Services, events: SyncEvents
) -> SyncedScript:
    """Make the environment of *script* as `sync_script` does; tell where it is.

    Raises:
        LockRequired: the mode forbids to resolve, and there is no lockfile.
        MauveError: no interpreter fits; of locking, resolving, or installing.
    """
    locked = has_lockfile(script)
    if not locked and request.mode is LockMode.FROZEN:
        raise LockRequired(request.option, script.shown)
    wish = script_python(script, request.python, services, events.warning, no_config=request.no_config)
    root = script_environment_root(script, services, events, active=request.active)
    ensured = ensure_script_environment(root, wish, services, events, dry_run=request.dry_run)
    events.script_environment(ensured.change, root, dry_run=request.dry_run)
    if not locked and request.mode is LockMode.LOCKED:
        raise LockRequired(request.option, script.shown)
    return sync_script(script, ensured, request, services, events)


def _sync_unlocked(
    script: Script, ensured: EnsuredEnvironment, request: ScriptRequest, services: Services, events: SyncEvents
) -> SyncedScript:
    from mauve.installer.satisfaction import is_all_installed

    environment = environment_on(ensured.environment, request.platform, services.environment)
    interpreter = ensured.environment.interpreter
    settings = request.settings
    needs = declared_needs(script.workspace, settings)
    builds = SourceBuilds(services, settings, lambda: interpreter, events, needs)
    asked = request.lock_request(RequiresPython())
    started = time.perf_counter()
    manifest = script_manifest(script, manifest_values(asked, services, builds))
    # Only `run` is content with what is there; `sync` looks for what is new, and removes what is too much.
    may_skip = request.keeps_extraneous and settings.upgrade.is_none and request.installation.reinstall.is_none
    if may_skip and is_all_installed(
        manifest.requirements,
        read_inventory(install_target(environment)),
        environment.interpreter.markers,
        constraints=manifest.constraints,
        overrides=manifest.overrides,
        excludes=manifest.excludes,
    ):
        events.debug("All requirements satisfied")
        return SyncedScript(environment=ensured)
    resolution = resolve_in_environment(manifest, environment, settings, services, builds, events, request.purpose)
    events.resolved(len(resolution), time.perf_counter() - started)
    install = _install(resolution, environment, request, services, builds, events)
    return SyncedScript(environment=ensured, install=install, number=len(resolution))


def _install(
    resolution: Resolution,
    environment: Environment,
    request: ScriptRequest,
    services: Services,
    builds: SourceBuilds,
    events: SyncEvents,
) -> InstallOutcome:
    settings = request.settings
    services.network(settings.indexes, keyring=settings.keyring)
    builds.match_runtime(resolution)
    return install_resolution(
        InstallRequest(
            resolution=resolution,
            settings=request.installation,
            refresh=settings.refresh,
            keeps_extraneous=request.keeps_extraneous,
            dry_run=request.dry_run,
        ),
        environment,
        services,
        builds,
        events,
    )


def run_environment(script: Script, request: ScriptRequest, services: Services, events: SyncEvents) -> SyncedScript:
    """Return the environment in which *script* can run.

    Raises:
        MissingScriptLock: the mode forbids to resolve, and there is no lockfile.
        MauveError: of locking, resolving, or installing.
    """
    locked = has_lockfile(script)
    if not locked and script.is_file and request.mode in (LockMode.FROZEN, LockMode.LOCKED):
        raise MissingScriptLock(request.option)
    wish = script_python(script, request.python, services, events.warning, no_config=request.no_config)
    root = script_environment_root(script, services, events, active=request.active)
    ensured = ensure_script_environment(root, wish, services, events)
    if not locked and not script.has_dependencies:
        return SyncedScript(environment=ensured)
    return sync_script(script, ensured, request, services, events)
