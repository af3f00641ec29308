"""Create a new project."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.cache import CacheArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.declare import ArgumentGroup, argument, flag, value
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

_PythonArgs = python_request("to determine the minimum supported Python version")


class InitArgs(ArgumentGroup, title="Options"):
    """Options of `init`."""

    path: str | None = argument("PATH", help="The path to use for the project/script")
    name: str | None = value("--name", help="The name of the project")
    bare: bool | None = flag("--bare", env=EnvVar.INIT_BARE, hide_env=True, help="Only create a `pyproject.toml`")
    package: bool | None = flag("--package", help="Set up the project to be built as a Python package")
    no_package: bool | None = flag(
        "--no-package", aliases=("--virtual",), help="Do not set up the project to be built as a Python package"
    )
    app: bool | None = flag("--app", help="Create a project for an application")
    lib: bool | None = flag("--lib", help="Create a project for a library")
    script: bool | None = flag("--script", help="Create a script")
    description: str | None = value("--description", help="Set the project description")
    no_description: bool | None = flag("--no-description", help="Disable the description for the project")
    vcs: str | None = value(
        "--vcs",
        choices=("git", "none"),
        help="Initialize a version control system for the project",
    )
    build_backend: str | None = value(
        "--build-backend",
        env=EnvVar.INIT_BUILD_BACKEND,
        choices=("uv", "hatch", "flit", "pdm", "poetry", "setuptools", "maturin", "scikit"),
        hidden_choices={
            "uv-build": "uv",
            "uv_build": "uv",
            "hatchling": "hatch",
            "flit-core": "flit",
            "pdm-backend": "pdm",
            "poetry-core": "poetry",
            "poetry_core": "poetry",
            "scikit-build-core": "scikit",
        },
        help="Initialize a build-backend of choice for the project",
    )
    no_readme: bool | None = flag("--no-readme", help="Do not create a `README.md` file")
    author_from: str | None = value(
        "--author-from",
        choices=("auto", "git", "none"),
        help="Fill in the `authors` field in the `pyproject.toml`",
    )
    no_pin_python: bool | None = flag(
        "--no-pin-python",
        off="--pin-python",
        help="Do not create a `.python-version` file for the project",
    )
    no_workspace: bool | None = flag(
        "--no-workspace",
        help="Avoid discovering a workspace and create a standalone project",
    )


def init(chosen: InitArgs, cache: CacheArgs, python: PythonRequestArgs, shared: GlobalArgs) -> int:
    """Create a project or a script."""
    if shared.project is not None:
        from mauve.cli.errors import ProjectOptionOfInit

        raise ProjectOptionOfInit(has_path=chosen.path is not None)
    session = Session.start(shared, cache, python)
    from mauve.cli.creations import init_request
    from mauve.operations.context import Services
    from mauve.operations.git_repository import GitRepository
    from mauve.operations.init import init_project, init_script
    from mauve.operations.initial_python import InitialPython

    services = Services(session.settings, session.directory, session.variables.mapping)
    choose = InitialPython(services, python.python, session.printer.warning, no_config=bool(shared.no_config))
    request = init_request(chosen, session)
    if chosen.script:
        script = init_script(request, lambda folder: choose.of_script(folder, heeds_pins=not chosen.no_pin_python))
        session.printer.note(f"Initialized script at `{session.printer.style.cyan(script.shown_path)}`")
        if script.shebang is not None:
            session.printer.warning(
                f"If you execute {script.shown_path} directly, it might ignore its inline metadata.\n"
                f"Consider replacing its shebang with: #!/usr/bin/env -S uv run --script"
            )
        return ExitStatus.SUCCESS
    outcome = init_project(request, choose, GitRepository(session.variables.mapping))
    for line in outcome.lines():
        session.printer.note(line)
    return ExitStatus.SUCCESS


command = declare_command(
    "init",
    "Create a new project",
    InitArgs,
    CacheArgs,
    _PythonArgs,
    GlobalArgs,
    conflicts=(
        ("app", "lib", "script"),
        ("lib", "no_package"),
        ("no_package", "build_backend"),
        *(("script", field) for field in ("package", "name", "description", "no_description", "vcs", "build_backend")),
    ),
    overrides=(("package", "no_package"),),
    requires=(("script", "path"),),
)(init)
