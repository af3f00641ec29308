"""The table of commands, and the way from the words of a command line to an exit code."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonArgs
from mauve.config.declare import FLAG, HELP, READ_BY_PARSER, VERSION, OptionSpec, UsageError
from mauve.config.environment import Variables
from mauve.errors import ExitStatus, MauveError
from mauve.standards.names import InvalidName
from mauve.terminal.streams import prepare_streams, write_error, write_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.cli.help import HelpWriter
    from mauve.config.declare import ArgumentGroup, CommandSpec
    from mauve.terminal.style import Style

SUMMARY: Final = "An extremely fast Python package manager."

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "auth": ("", "Manage authentication"),
    "auth login": ("mauve.cli.commands.auth_login", "Login to a service"),
    "auth logout": ("mauve.cli.commands.auth_logout", "Logout of a service"),
    "auth token": ("mauve.cli.commands.auth_token", "Show the authentication token for a service"),
    "auth dir": ("mauve.cli.commands.auth_dir", "Show the path to the uv credentials directory"),
    "auth helper": ("mauve.cli.commands.auth_helper", ""),
    "run": ("mauve.cli.commands.run", "Run a command or script"),
    "init": ("mauve.cli.commands.init", "Create a new project"),
    "add": ("mauve.cli.commands.add", "Add dependencies to the project"),
    "remove": ("mauve.cli.commands.remove", "Remove dependencies from the project"),
    "version": ("mauve.cli.commands.version", "Read or update the project's version"),
    "sync": ("mauve.cli.commands.sync", "Update the project's environment"),
    "lock": ("mauve.cli.commands.lock", "Update the project's lockfile"),
    "export": ("mauve.cli.commands.export", "Export the project's lockfile to an alternate format"),
    "tree": ("mauve.cli.commands.tree", "Display the project's dependency tree"),
    "pip": ("", "Manage Python packages with a pip-compatible interface"),
    "pip sync": (
        "mauve.cli.commands.pip_sync",
        "Sync an environment with a `requirements.txt` or `pylock.toml` file",
    ),
    "pip install": ("mauve.cli.commands.pip_install", "Install packages into an environment"),
    "pip uninstall": ("mauve.cli.commands.pip_uninstall", "Uninstall packages from an environment"),
    "pip freeze": (
        "mauve.cli.commands.pip_freeze",
        "List, in requirements format, packages installed in an environment",
    ),
    "pip list": ("mauve.cli.commands.pip_list", "List, in tabular format, packages installed in an environment"),
    "pip show": ("mauve.cli.commands.pip_show", "Show information about one or more installed packages"),
    "pip tree": ("mauve.cli.commands.pip_tree", "Display the dependency tree for an environment"),
    "pip check": ("mauve.cli.commands.pip_check", "Verify installed packages have compatible dependencies"),
    "python": ("", "Manage Python versions and installations"),
    "python list": ("mauve.cli.commands.python_list", "List the available Python installations"),
    "python find": ("mauve.cli.commands.python_find", "Search for a Python installation"),
    "python pin": ("mauve.cli.commands.python_pin", "Pin to a specific Python version"),
    "python dir": ("mauve.cli.commands.python_dir", "Show the uv Python installation directory"),
    "venv": ("mauve.cli.commands.venv", "Create a virtual environment"),
    "build": ("mauve.cli.commands.build", "Build Python packages into source distributions and wheels"),
    "workspace": ("", "Inspect uv workspaces"),
    "workspace metadata": ("mauve.cli.commands.workspace_metadata", "View metadata about the current workspace"),
    "workspace dir": ("mauve.cli.commands.workspace_dir", "Display the path of a workspace member"),
    "workspace list": ("mauve.cli.commands.workspace_list", "List the members of a workspace"),
    "cache": ("", "Manage uv's cache"),
    "cache clean": (
        "mauve.cli.commands.cache_clean",
        "Clear the cache, removing all entries or those linked to specific packages",
    ),
    "cache prune": ("mauve.cli.commands.cache_prune", "Prune dangling cache entries and cached environments"),
    "cache dir": ("mauve.cli.commands.cache_dir", "Show the cache directory"),
    "cache size": ("mauve.cli.commands.cache_size", "Show the cache size"),
    "self": ("", "Manage the uv executable"),
    "self update": ("mauve.cli.commands.self_update", "Update uv"),
    "self version": ("mauve.cli.commands.self_version", "Display uv's version"),
    "build-backend": ("", ""),
    "build-backend build-sdist": ("mauve.cli.commands.build_backend_build_sdist", "PEP 517 hook `build_sdist`"),
    "build-backend build-wheel": ("mauve.cli.commands.build_backend_build_wheel", "PEP 517 hook `build_wheel`"),
    "build-backend build-editable": (
        "mauve.cli.commands.build_backend_build_editable",
        "PEP 660 hook `build_editable`",
    ),
    "build-backend get-requires-for-build-sdist": (
        "mauve.cli.commands.build_backend_requires_sdist",
        "PEP 517 hook `get_requires_for_build_sdist`",
    ),
    "build-backend get-requires-for-build-wheel": (
        "mauve.cli.commands.build_backend_requires_wheel",
        "PEP 517 hook `get_requires_for_build_wheel`",
    ),
    "build-backend prepare-metadata-for-build-wheel": (
        "mauve.cli.commands.build_backend_metadata_wheel",
        "PEP 517 hook `prepare_metadata_for_build_wheel`",
    ),
    "build-backend get-requires-for-build-editable": (
        "mauve.cli.commands.build_backend_requires_editable",
        "PEP 660 hook `get_requires_for_build_editable`",
    ),
    "build-backend prepare-metadata-for-build-editable": (
        "mauve.cli.commands.build_backend_metadata_editable",
        "PEP 660 hook `prepare_metadata_for_build_editable`",
    ),
    "generate-shell-completion": ("mauve.cli.commands.generate_shell_completion", ""),
    "complete-words": ("mauve.cli.commands.complete_words", ""),
    "help": ("mauve.cli.commands.help", "Display documentation for a command"),
}
"""Path of each command, in the order of help: the module that declares it (a group has none), its summary.

A command without a summary is not shown.
"""

_UNLISTED: Final = {"generate-shell-completion": "Generate shell completion"}
"""What only the page of `help` lists."""

_HIDDEN: Final = {"build-backend": "The implementation of the build backend"}
"""Summaries of groups that no page lists."""

_NOTHING: Final[dict[str, str]] = {}
_ROOT_GROUPS: Final = (CacheArgs, PythonArgs, GlobalArgs)


def run(program: str, words: list[str]) -> int:
    """Run one command line and return its exit code; every error is shown here and nowhere else."""
    prepare_streams()
    variables = Variables.of_process()
    style = _error_style(words, variables)
    try:
        return _dispatch(program, words, variables)
    except UsageError as error:
        write_error(render_usage_error(program, error, style))
        return ExitStatus.ERROR
    except MauveError as error:
        from mauve.terminal.diagnostics import render_error

        if _quietness(words) < 2:
            write_error(render_error(error, style) + "\n")
        return error.status
    except OSError as error:
        from mauve.terminal.failures import render_system_error

        with suppress(OSError):  # what is full or gone may be standard error itself
            write_error(render_system_error(error, style) + "\n")
        return ExitStatus.ERROR
    except Exception as error:  # noqa: BLE001  # the edge of the process
        from mauve.terminal.failures import render_unexpected

        with suppress(OSError):
            write_error(render_unexpected(error, style) + "\n")
        return ExitStatus.ERROR


def _dispatch(program: str, words: list[str], variables: Variables) -> int:
    if words and words[-1] in ("--help", "-h") and " ".join(words[:-1]) in ("", *COMMANDS):
        # Pages are made of the same data as the parser, which need not be imported for them.
        return show_page(" ".join(words[:-1]), program, is_kept=True)
    import mauve.cli.lean_msgspec  # noqa: F401 - before anyone imports msgspec in its usual, slower way
    from mauve.cli.parser import Used, check, parse

    root = root_options()
    typed, rest = _parse_above("", root, words)
    if typed.get("version"):
        from mauve import __version__

        write_out(f"{program} {__version__}\n")
        return ExitStatus.SUCCESS
    if not rest or typed.get("help"):
        return _show_group(program, "", variables, failed=not typed.get("help"))
    if rest[0] not in COMMANDS and rest[0] not in ALIASES:
        from mauve.cli.subcommands import run_added

        status = run_added(program, rest)
        if status is not None:
            return status
    path, rest = _find(rest, root, typed, variables)
    module, _ = COMMANDS[path]
    if not module:
        return _show_group(program, path, variables, failed=not rest)
    spec: CommandSpec = import_module(module).command
    specs = [*spec.specs().values(), HELP]
    trailing = any(option.trailing for option in specs)
    try:
        own, _ = parse(path, specs, rest, interspersed=not trailing, overrides=spec.overrides)
        if own.get("help"):
            write_out(_writer(program, variables).command(spec))
            return ExitStatus.SUCCESS
        merged = {**typed, **own}
        check(spec, merged, Used(specs, own, variables, alternatives=spec.needs, everywhere=_ROOT_GROUPS))
        if "isolated" in merged or "show_settings" in merged:
            from mauve.cli.outdated_options import answer_outdated_options

            answer_outdated_options(path, merged, _error_style(words, variables))
        groups = [group(merged, variables) for group in spec.groups]
        for group in groups:
            if isinstance(group, GlobalArgs):
                ignored = [entry for each in groups for entry in each.ignored]
                group.warnings = tuple(f"Ignoring `{name}` because `{option}` was provided" for name, option in ignored)
    except UsageError as error:
        error.path = path
        error.usage = error.usage or _tail(spec, error.used)
        raise
    try:
        return spec.callback(*groups)
    except InvalidName as error:
        raise _usage_of_name(error, specs, merged) from error


def _usage_of_name(error: InvalidName, specs: list[OptionSpec], typed: dict[str, object]) -> Exception:
    """Return what is wrong with the option that has the malformed name; the error itself if none has it."""
    for option in specs:
        value = typed.get(option.field)
        if value == error.text or (isinstance(value, tuple) and error.text in value):
            return UsageError(f"invalid value '{error.text}' for '{option.label}': {error}", show_usage=False)
    return error


def root_options() -> list[OptionSpec]:
    """Return the options that may stand before a command."""
    return [*(spec for group in _ROOT_GROUPS for spec in group.specs.values()), HELP, VERSION]


def _groups_before(path: str) -> tuple[type[ArgumentGroup], ...]:
    """Return the groups of options that may stand between the group of commands at *path* and one of its commands."""
    if path != "pip":
        return _ROOT_GROUPS
    from mauve.config.arguments.pip import TrustArgs

    return (TrustArgs, *_ROOT_GROUPS)


def _options_before(path: str) -> list[OptionSpec]:
    return [*(spec for group in _groups_before(path) for spec in group.specs.values()), HELP, VERSION]


ALIASES: Final = {
    "v": "venv",
    "virtualenv": "venv",
    "cache clear": "cache clean",
    "pip ls": "pip list",
    "python ls": "python list",
}
"""Further names of commands."""


def words_behind(words: list[str]) -> list[str]:
    """Return *words* from the name of a command on; none if they have no name, or do not fit."""
    try:
        return _parse_above("", root_options(), words)[1]
    except UsageError:
        return []


def _parse_above(path: str, root: list[OptionSpec], words: list[str]) -> tuple[dict[str, object], list[str]]:
    """Return the options before the command of the group at *path* (empty: the program), and the words behind."""
    from mauve.cli.parser import parse

    try:
        return parse(path, root, words, interspersed=False)
    except UsageError as error:
        error.path = path
        error.usage = " ".join([*([option.label for option in error.used] or ["[OPTIONS]"]), "<COMMAND>"])
        raise


def _find(
    words: list[str], root: list[OptionSpec], typed: dict[str, object], variables: Variables
) -> tuple[str, list[str]]:
    """Return the path of the command that *words* begin with, and the words behind it; adds options between them.

    The path is that of a group if its page is asked for, or if nothing else is said: no word, no variable.
    """
    path, rest = ALIASES.get(words[0], words[0]), words[1:]
    if path not in COMMANDS or " " in path:
        raise _unrecognized(path, "")
    if COMMANDS[path][0]:
        return path, rest
    more, after = _parse_above(path, _options_before(path), rest)
    if more.get("help"):
        return path, rest
    if not after:
        if not rest and not any(_is_said(option, variables) for option in root):
            return path, rest
        below = ", ".join(_names_below(path))
        message = f"'uv {path}' requires a subcommand but one was not provided"
        raise UsageError(message, details=(f"  [subcommands: {below}]",), path=path)
    typed.update(more)
    full = f"{path} {after[0]}"
    full = ALIASES.get(full, full)
    if full not in COMMANDS:
        raise _unrecognized(after[0], path)
    return full, after[1:]


def _is_said(option: OptionSpec, variables: Variables) -> bool:
    """Return whether a variable stands for *option* already where words are read."""
    if option.env is None or (option.kind == FLAG and option.env not in READ_BY_PARSER):
        return False
    return variables.text(option.env) is not None


def _names_below(path: str) -> list[str]:
    """Return what the commands in the group at *path* (empty: the program) may be called, each with its aliases."""
    prefix = f"{path} ".lstrip()
    names: list[str] = []
    for full in COMMANDS:
        name = full.removeprefix(prefix)
        if full.startswith(prefix) and name and " " not in name and full != "complete-words":
            names += [name, *(alias.removeprefix(prefix) for alias, meant in ALIASES.items() if meant == full)]
    return names


def _unrecognized(word: str, path: str) -> UsageError:
    """Return the error for a *word* that is no command of the group at *path*."""
    from mauve.cli.similarity import similar_words

    similar = [f"'{name}'" for name in similar_words(word, _names_below(path))] if word else []
    details: tuple[str, ...] = ()
    if similar:
        start = "some similar subcommands exist" if similar[1:] else "a similar subcommand exists"
        details = ("", f"  tip: {start}: {', '.join(similar)}")
    return UsageError(f"unrecognized subcommand '{word}'", details=details, path=path)


def _tail(spec: CommandSpec, used: tuple[OptionSpec, ...]) -> str:
    from mauve.cli.help import usage_tail

    return usage_tail(spec, used)


def render_usage_error(program: str, error: UsageError, style: Style) -> str:
    """Return the report of a usage error: what is wrong, the usage of the command, where to read on."""
    lines = [f"{style.error('error')}{style.bold(':')} {error.message}", *error.details]
    if error.show_usage:
        tail = error.usage or "[OPTIONS] <COMMAND>"
        name = style.literal(f"{program} {error.path}".rstrip())
        lines += ["", f"{style.heading('Usage:')} {name} {tail}"]
    lines += ["", f"For more information, try '{style.literal('--help')}'."]
    return "\n".join(lines) + "\n"


def _show_group(program: str, path: str, variables: Variables, *, failed: bool) -> int:
    page = _group_page(_writer(program, variables), path)
    (write_error if failed else write_out)(page)
    return ExitStatus.ERROR if failed else ExitStatus.SUCCESS


def _group_page(writer: HelpWriter, path: str, unlisted: Mapping[str, str] = _NOTHING) -> str:
    """Return the page of the group at *path* or of the program; *unlisted* has summaries of what is shown besides."""
    prefix = f"{path} " if path else ""
    rows = [
        (name.removeprefix(prefix), summary or unlisted[name])
        for name, (_, summary) in COMMANDS.items()
        if (summary or name in unlisted)
        and name.startswith(prefix)
        and " " not in name.removeprefix(prefix)
        and name != path
    ]
    sections: dict[str, list[OptionSpec]] = {}
    for group in _groups_before(path):
        sections[group.title] = [spec for spec in group.specs.values() if not spec.hidden]
    sections["Global options"].append(HELP)
    if not path:
        sections["Global options"].append(VERSION)
    return writer.group(path, (COMMANDS[path][1] or _HIDDEN[path]) if path else SUMMARY, rows, sections)


def show_page(path: str, program: str = "mauve", *, is_kept: bool = False, is_long: bool = False) -> int:
    """Print the help page of the command or group at *path*, empty for the program.

    With *is_kept* the page is kept for the fast path; it depends on the code, the words and the variables.
    """
    variables = Variables.of_process()
    shown = page(path, program, is_long=is_long)
    write_out(shown)
    if is_kept:
        from mauve.fastpath.verdicts import record

        code = [file for name, loaded in sys.modules.items() if name.startswith("mauve") and (file := loaded.__file__)]
        record(sys.argv, [], code, [], None, dict(variables.mapping), page=shown)
    return ExitStatus.SUCCESS


def page(path: str, program: str, *, is_long: bool = False) -> str:
    """Return the help page of the command or group at *path*; the long one has whole paragraphs about options."""
    module = COMMANDS[path][0] if path else ""
    writer = _writer(program, Variables.of_process(), is_long=is_long)
    if module:
        spec: CommandSpec = import_module(module).command
        return writer.command(spec)
    return _group_page(writer, path, _UNLISTED if is_long else _NOTHING)


def _writer(program: str, variables: Variables, *, is_long: bool = False) -> HelpWriter:
    from mauve.terminal.style import Style, wants_colour

    colour = wants_colour(None, variables, is_terminal=sys.stdout.isatty())
    if is_long:
        from mauve.cli.manual import ManualWriter

        return ManualWriter(program, variables, Style(colour=colour))
    from mauve.cli.help import HelpWriter

    return HelpWriter(program, variables, Style(colour=colour))


def _error_style(words: list[str], variables: Variables) -> Style:
    from mauve.terminal.style import Style, wants_colour

    choice = None
    for place, word in enumerate(words):
        if word == "--color" and place + 1 < len(words):
            choice = words[place + 1]
        elif word.startswith("--color="):
            choice = word.partition("=")[2]
        elif word == "--":
            break
    return Style(colour=wants_colour(choice, variables, is_terminal=sys.stderr.isatty()))


def _quietness(words: list[str]) -> int:
    """Return how often quiet was asked for, before the words were parsed with success."""
    quiet = 0
    for word in words:
        if word == "--":
            break
        if word == "--quiet":
            quiet += 1
        elif word.startswith("-") and not word.startswith("--") and set(word[1:]) <= set("qvn"):
            quiet += word.count("q")
    return quiet
