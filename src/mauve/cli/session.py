"""What one run of a command shares: its directory, variables, settings files, printer and cache."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from mauve.cli.certificates import warn_of_certificates
from mauve.config.environment import Variables
from mauve.config.files import discover_settings
from mauve.config.merge import MergedFiles
from mauve.config.settings.everywhere import EverywhereSettings, everywhere_settings
from mauve.terminal.printer import Printer
from mauve.terminal.style import Style, wants_colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from mauve.config.arguments.cache import CacheArgs
    from mauve.config.arguments.everywhere import GlobalArgs
    from mauve.config.arguments.python import PythonArgs
    from mauve.project.script import Script


def _check_place(project: str, cache: str | None) -> None:
    """Raise `ProjectInCache` if the folder *project* is the cache or below it."""
    if cache is None:
        return
    project, cache = os.path.realpath(project), os.path.realpath(cache)
    if project == cache or project.startswith(os.path.join(cache, "")):
        from mauve.cli.session_errors import ProjectInCache

        raise ProjectInCache(project, cache)


def _project_directory(given: str) -> str:
    """Return the directory of `--project`; the file of a project stands for the directory that it is in.

    Raises:
        InvalidProjectDirectory: there is no such directory.
    """
    path = os.path.abspath(given)
    if os.path.isdir(path):
        return path
    if os.path.basename(path) == "pyproject.toml" and os.path.isfile(path):
        return os.path.dirname(path)
    relative = os.path.relpath(path)
    from mauve.cli.session_errors import InvalidProjectDirectory

    raise InvalidProjectDirectory(path if relative.startswith("..") else relative, exists=os.path.exists(path))


class Session:
    """The surroundings of one command.

    Attributes:
        directory: the working directory, `--directory` applied.
        project_directory: where the search for a project starts, `--project` applied.
        started: seconds on the performance counter.
    """

    __slots__ = (
        "directory",
        "files",
        "printer",
        "project_directory",
        "settings",
        "show_progress",
        "started",
        "variables",
    )

    def __init__(
        self,
        directory: str,
        project_directory: str,
        variables: Variables,
        files: MergedFiles,
        printer: Printer,
        settings: EverywhereSettings,
        *,
        show_progress: bool,
    ) -> None:
        """Store the parts; use `start`."""
        self.directory = directory
        self.project_directory = project_directory
        self.variables = variables
        self.files = files
        self.printer = printer
        self.settings = settings
        self.show_progress = show_progress
        self.started = time.perf_counter()

    @classmethod
    def start(
        cls,
        shared: GlobalArgs,
        cache: CacheArgs,
        python: PythonArgs,
        *,
        project_files: bool = True,
        find_project: Callable[[], str | None] | None = None,
    ) -> Session:
        """Enter the directory, find settings files, and check `required-version`.

        Args:
            shared: options of every command.
            cache: where the cache is.
            python: which interpreters are preferred.
            project_files: settings of the project count.
            find_project: says in the entered directory where the search for a project starts, without `--project`.

        Raises:
            MauveError: a setting cannot be used.
        """
        variables = Variables.of_process()
        if shared.directory is not None:
            try:
                os.chdir(shared.directory)
            except OSError as error:
                from mauve.cli.session_errors import MissingDirectory

                raise MissingDirectory(shared.directory, f"{error.strerror} (os error {error.errno})") from None
        directory = os.getcwd()
        if shared.project:
            project_directory = _project_directory(shared.project)
        else:
            project_directory = (find_project() if find_project is not None else None) or directory
        choice = "never" if shared.no_color else shared.color
        printer = Printer(
            quiet=shared.quiet,
            verbose=shared.verbose,
            out_style=Style(colour=wants_colour(choice, variables, is_terminal=sys.stdout.isatty())),
            style=Style(colour=wants_colour(choice, variables, is_terminal=sys.stderr.isatty())),
        )
        for warning in shared.warnings:
            printer.warning(warning)
        found = discover_settings(
            project_directory,
            variables=variables,
            config_file=shared.config_file,
            no_config=bool(shared.no_config),
            project_files=project_files,
            warn=printer.warning,
        )
        files = MergedFiles(found.files)
        _check_required_version(files)
        settings = everywhere_settings(shared, cache, python, files, variables)
        for name in settings.wanted_previews.unknown:
            printer.warning(f"Unknown preview feature: `{name}`")
        _check_place(project_directory, settings.cache.root)
        warn_of_certificates(variables, files, printer)
        show_progress = (
            not shared.no_progress
            and not shared.quiet
            and not shared.verbose
            and not variables.text("UV_TEST_NO_CLI_PROGRESS")
            and sys.stderr.isatty()
        )
        return cls(directory, project_directory, variables, files, printer, settings, show_progress=show_progress)

    def warn_of_preview(self, feature: str, subject: str, *, changing: str = "") -> None:
        """Warn that *subject*, or *changing* about it, may change, unless the preview *feature* was asked for."""
        if not self.settings.previews(feature):
            what = f"{subject} is experimental and {changing}".rstrip()
            self.printer.warning(
                f"{what} may change without warning. Pass `--preview-features {feature}` to disable this warning."
            )

    def with_script(self, script: Script, shared: GlobalArgs, cache: CacheArgs, python: PythonArgs) -> Session:
        """Return the same session with `[tool.uv]` of *script* before all files.

        Raises:
            MauveError: a setting cannot be used.
        """
        tool = script.document.get("tool", {})
        if not isinstance(tool.get("uv"), dict) or shared.no_config:
            return self
        from mauve.config.decoding import decode_settings
        from mauve.config.files import SettingsFile
        from mauve.project.script import InvalidScript
        from mauve.standards.toml import InvalidToml, point_at

        try:
            table = decode_settings(script.block.metadata, script.document, ("tool", "uv"))
        except InvalidToml as error:
            reason = error.reason.partition(", expected one of")[0] if "unknown field" in error.reason else error.reason
            raise InvalidScript(str(point_at(script.block.metadata, ("tool", "uv"), reason))) from None
        files = MergedFiles((SettingsFile(script.project.path, table), *self.files.files))
        _check_required_version(files)
        settings = everywhere_settings(shared, cache, python, files, self.variables)
        return Session(
            self.directory,
            self.project_directory,
            self.variables,
            files,
            self.printer,
            settings,
            show_progress=self.show_progress,
        )


def _check_required_version(files: MergedFiles) -> None:
    required = files.first(lambda table: table.required_version)
    if required is None:
        return
    from mauve.compatibility import COMPATIBLE_UV
    from mauve.standards.specifiers import parse_specifiers
    from mauve.standards.versions import parse_version

    text = required if not required[:1].isdigit() else f"=={required}"
    if not parse_specifiers(text).contains(parse_version(COMPATIBLE_UV)):
        from mauve.cli.session_errors import UnsupportedVersion

        raise UnsupportedVersion(text, COMPATIBLE_UV)
