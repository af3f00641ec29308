"""Keep what the fast path of the next run needs: the verdict of one that found nothing to do, or what `venv` made."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mauve.cli.projects import OpenProject
    from mauve.cli.reporting import Reporter
    from mauve.cli.session import Session
    from mauve.operations.context import Services
    from mauve.operations.lock import LockOutcome
    from mauve.operations.project import LockWish
    from mauve.operations.python_find import FoundPython
    from mauve.operations.reading import ReadLock
    from mauve.operations.run import Execution
    from mauve.operations.sync import SyncOutcome, SyncRequest
    from mauve.operations.venv import VenvRequest
    from mauve.python.environment import Environment
    from mauve.python.interpreter import Interpreter


def remember(
    session: Session,
    reporter: Reporter,
    project: OpenProject,
    wish: LockWish,
    outcome: LockOutcome,
    interpreter: Interpreter,
    environment: Environment | None = None,
    execution: Execution | None = None,
    script: str = "",
    page: str = "",
) -> None:
    """Record what was said and everything that had a say; nothing if more was said than summaries and a *page*.

    Runs with other verbosity, with refreshing or upgrading, are never recorded: they are asked for to look again.
    """
    settings = project.settings
    if session.printer.verbose or session.printer.has_warned or not reporter.only_summaries or outcome.changed:
        return
    if not (settings.refresh.is_none and settings.upgrade.is_none) or outcome.warnings:
        return
    from mauve.fastpath.verdicts import record
    from mauve.operations.pythons import project_environment_root, project_python
    from mauve.operations.verdicts import consulted
    from mauve.project.python_bounds import python_bounds

    workspace, services = project.workspace, project.services
    python = project_python(
        workspace,
        python_bounds(workspace),
        wish.python,
        services,
        session.printer.debug,
        no_config=wish.no_config,
    )
    root = (
        project_environment_root(workspace, services, reporter, active=wish.active)
        if environment is None
        else environment.root
    )
    found = consulted(
        workspace,
        outcome,
        python,
        interpreter,
        root,
        environment,
        services,
        (session.directory, session.project_directory),
    )
    if found is None or not reporter.only_summaries:
        return
    replayed = None
    if execution is not None:
        scripts = "" if environment is None else environment.scripts
        inherited = session.variables.mapping
        changes = [
            (name, value)
            for name, value in execution.variables.items()
            if name != "PATH" and inherited.get(name) != value
        ]
        replayed = (list(execution.command), changes, scripts)
    record(
        sys.argv,
        found.read,
        found.looked_at,
        reporter.summaries,
        replayed,
        dict(session.variables.mapping),
        script,
        page,
    )


def remember_installation(
    session: Session, reporter: Reporter, project: OpenProject, request: SyncRequest, outcome: SyncOutcome
) -> None:
    """Record how the environment of the project was made and filled, if everything came out of the cache."""
    from mauve.python.environment import Change, making_lock

    printer, settings, made = session.printer, project.settings, outcome.environment
    plan, placements = outcome.install.plan, outcome.install.placements
    if printer.verbose or printer.has_warned or sum(map(len, reporter.retold)) != len(printer.lines) or os.name == "nt":
        return
    if plan.remote or len(placements) != len(plan.cached) or made.change is not Change.CREATED or made.base is None:
        return
    reinstall = request.installation.reinstall
    if reinstall.everything or reinstall.packages or not (settings.refresh.is_none and settings.upgrade.is_none):
        return
    from mauve.fastpath.installations import record_installation
    from mauve.operations.project import selected_groups
    from mauve.operations.pythons import project_python
    from mauve.operations.sync import environment_prompt
    from mauve.operations.verdicts import consulted_for_installation
    from mauve.project.python_bounds import python_bounds
    from mauve.python.virtualenv import EnvironmentOptions, plan_environment

    workspace, services, environment = project.workspace, project.services, made.environment
    python = project_python(
        workspace,
        python_bounds(workspace, selected_groups(workspace, request.selection.groups)),
        request.lock.python,
        services,
        printer.debug,
        no_config=request.lock.no_config,
    )
    directories = (session.directory, session.project_directory)
    found = consulted_for_installation(workspace, outcome.lock, python, made.base, services, directories)
    kept = services.interpreters.kept_as(environment.interpreter)
    folder = services.interpreters.cache_directory
    if found is None or kept is None or folder is None:
        return
    options = EnvironmentOptions(prompt=environment_prompt(workspace))
    record_installation(
        sys.argv,
        found.read,
        found.looked_at,
        reporter.retold,
        dict(session.variables.mapping),
        environment.root,
        plan_environment(environment.root, made.base.environment_base(), options),
        kept,
        (making_lock(environment.root, folder), environment.lock_path),
        placements,
    )


def remember_page(
    session: Session, reporter: Reporter, project: OpenProject, wish: LockWish, read: ReadLock, page: str
) -> None:
    """Record what a command made of a lock that was fresh or is used as it is, and printed."""
    if read.outcome is not None:
        if read.interpreter is not None:
            remember(session, reporter, project, wish, read.outcome, read.interpreter, page=page)
        return
    if read.interpreter is not None or session.printer.verbose or session.printer.has_warned or reporter.summaries:
        return
    if not (project.settings.refresh.is_none and project.settings.upgrade.is_none):
        return
    from mauve.fastpath.verdicts import record
    from mauve.operations.verdicts import consulted_for_lock

    found = consulted_for_lock(project.workspace, project.services, (session.directory, session.project_directory))
    if found is not None:
        record(sys.argv, found.read, found.looked_at, [], None, dict(session.variables.mapping), page=page)


def remember_environment(
    session: Session,
    services: Services,
    place: FoundPython,
    request: VenvRequest,
    environment: Environment,
    said_before: int,
) -> None:
    """Record how the environment of *request* was made; of the lines that were printed, *said_before* came first.

    Nothing is recorded where more happened than making it.
    """
    from mauve.python.target import OnExisting

    printer = session.printer
    if printer.verbose or printer.has_warned or request.seed or os.name == "nt":
        return
    from mauve.fastpath.environments import record_plan
    from mauve.operations.verdicts import consulted_for_environment
    from mauve.python.virtualenv import plan_environment

    directories = (session.directory, session.project_directory)
    found = consulted_for_environment(place.workspace, place.request, place.interpreter, services, directories)
    kept = services.interpreters.kept_as(environment.interpreter)
    if found is None or kept is None:
        return
    record_plan(
        sys.argv,
        found.read,
        found.looked_at,
        (printer.lines[:said_before], printer.lines[said_before:]),
        dict(session.variables.mapping),
        request.path,
        plan_environment(request.path, place.interpreter.environment_base(), request.options),
        kept,
        replaces=request.on_existing is OnExisting.REMOVE,
    )
