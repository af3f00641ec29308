"""Run a command or script."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class RunArgs(ArgumentGroup, title="Options"):
    """Options of `run`."""

    module: bool | None = flag("-m", "--module", help="Run a Python module")
    exact: bool | None = flag("--exact", help="Perform an exact sync, removing extraneous packages")
    env_file: tuple[str, ...] = values(
        "--env-file",
        env=EnvVar.ENV_FILE,
        help="Load environment variables from a `.env` file",
    )
    no_env_file: bool | None = flag(
        "--no-env-file",
        env=EnvVar.NO_ENV_FILE,
        help="Avoid reading environment variables from a `.env` file",
    )
    with_: tuple[str, ...] = values("-w", "--with", help="Run with the given packages installed")
    with_editable: tuple[str, ...] = values(
        "--with-editable",
        help="Run with the given packages installed in editable mode",
    )
    with_requirements: tuple[str, ...] = values(
        "--with-requirements",
        help="Run with the packages listed in the given files",
    )
    isolated: bool | None = flag(
        "--isolated",
        env=EnvVar.ISOLATED,
        help="Run the command in an isolated virtual environment",
    )
    script: bool | None = flag("-s", "--script", help="Run the given path as a Python script")
    gui_script: bool | None = flag("--gui-script", help="Run the given path as a Python GUI script")
    all_packages: bool | None = flag("--all-packages", help="Run the command with all workspace members installed")
    package: tuple[str, ...] = values("--package", help="Run the command in a specific package in the workspace")
    no_project: bool | None = flag(
        "--no-project",
        env=EnvVar.NO_PROJECT,
        help="Avoid discovering the project or workspace",
    )
