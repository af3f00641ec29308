"""Create a new project."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, argument, flag, value
from mauve.config.environment import EnvVar


class InitArgs(ArgumentGroup, title="Options"):
    """Options of `init`."""

    path: str | None = argument("PATH", help="The path to use for the project/script")
    name: str | None = value("--name", help="The name of the project")
    bare: bool | None = flag("--bare", help="Only create a `pyproject.toml`")
    package: bool | None = flag("--package", help="Set up the project to be built as a Python package")
    no_package: bool | None = flag("--no-package", help="Do not set up the project to be built as a Python package")
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
        help="Do not create a `.python-version` file for the project",
    )
    no_workspace: bool | None = flag(
        "--no-workspace",
        help="Avoid discovering a workspace and create a standalone project",
    )
