"""Display the project's dependency tree."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.cli.tree_depth import read_depth
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import CacheArgs, RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import LinkArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.arguments.selection import GROUP_CONFLICTS, GroupArgs
from mauve.config.arguments.tree import TreeArgs, TreeLockedArgs, TreePlatformArgs
from mauve.config.declare import command as declare_command
from mauve.errors import ExitStatus

_PythonArgs = python_request("for locking and filtering")


def tree(
    chosen: TreeArgs,
    selected: GroupArgs,
    locked: TreeLockedArgs,
    platform: TreePlatformArgs,
    build: BuildArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    link: LinkArgs,
    python: PythonRequestArgs,
    cache: CacheArgs,
    shared: GlobalArgs,
) -> int:
    """Lock the project around the working directory, or a script, and show what requires what."""
    del link
    depth = read_depth(chosen)
    session = Session.start(shared, cache, python)
    from msgspec import structs

    from mauve.cli.projects import open_project
    from mauve.cli.reporting import Reporter
    from mauve.cli.selections import read_groups, read_mode
    from mauve.cli.verdicts import remember_page
    from mauve.lock.tree.dependencies import TreeRequest
    from mauve.lock.tree.json import TreeTarget
    from mauve.lock.tree.text import TreeStyle
    from mauve.operations.lock import LockMode
    from mauve.operations.project import check_groups, with_default_groups
    from mauve.operations.reading import lock_script_to_read, lock_to_read
    from mauve.operations.tree import Target, TreeWish, read_python_version, show_tree
    from mauve.standards.names import package_name

    reporter = Reporter(session)
    mode, option = read_mode(locked)
    refresh = RefreshArgs({}, session.variables)
    version = None
    if locked.python_version is not None:
        version = read_python_version(locked.python_version, TreeLockedArgs.specs["python_version"].label)
    wish = TreeWish(
        request=TreeRequest(
            groups=read_groups(selected),
            prune=frozenset([package_name(name) for name in chosen.prune]),
            packages=frozenset([package_name(name) for name in chosen.package]),
            depth=depth,
            invert=bool(chosen.invert),
        ),
        target=None if chosen.universal else Target(version, platform.python_platform),
        as_json=chosen.format == "json",
        repeats=bool(chosen.no_dedupe),
        sizes=bool(chosen.show_sizes),
        outdated=bool(chosen.outdated),
    )
    if wish.as_json:
        session.warn_of_preview("json-output", "The `--format json` option", changing="the schema")
    style = session.printer.out_style
    styles = TreeStyle(lambda text: style.bold(style.cyan(text)), style.dim, style.italic)
    if locked.script is not None:
        from mauve.cli.scripts import find_script, open_script

        script = find_script(session, locked.script)
        groups = (index, resolver, build, refresh)
        with open_script(script, session, groups, None, python, shared, (mode, option)) as opened:
            read = lock_script_to_read(
                script, opened.request, opened.services, reporter, needs_interpreter=not chosen.universal
            )
            of = TreeTarget(script.root, script.path)
            text = show_tree(read, wish, of, opened.request.settings, opened.services, styles)
    else:
        with open_project(session, index, resolver, build, refresh, frozen=mode is LockMode.FROZEN) as project:
            check_groups(project.workspace, ())
            declared = with_default_groups(wish.request.groups, project.workspace.pyproject)
            wish = structs.replace(wish, request=structs.replace(wish.request, groups=declared))
            lock_wish = project.lock_wish((mode, option), python, shared)
            read = lock_to_read(
                project.workspace,
                lock_wish,
                wish.request.groups,
                project.services,
                reporter,
                needs_interpreter=not chosen.universal,
            )
            of = TreeTarget(project.workspace.root)
            text = show_tree(read, wish, of, project.settings, project.services, styles)
            if not wish.outdated:
                remember_page(session, reporter, project, lock_wish, read, text)
    session.printer.product(text)
    return ExitStatus.SUCCESS


command = declare_command(
    "tree",
    "Display the project's dependency tree",
    TreeArgs,
    GroupArgs,
    TreeLockedArgs,
    TreePlatformArgs,
    BuildArgs,
    IndexArgs,
    ResolverArgs,
    LinkArgs,
    _PythonArgs,
    CacheArgs,
    GlobalArgs,
    conflicts=(
        ("universal", "python_version"),
        ("universal", "python_platform"),
        *GROUP_CONFLICTS,
        ("locked", "frozen"),
        ("frozen", "no_sources"),
        ("upgrade", "locked"),
        ("upgrade", "frozen"),
    ),
)(tree)
