"""Add dependencies to the project."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, arguments, flag, value, values
from mauve.config.environment import EnvVar


class AddArgs(ArgumentGroup, title="Options"):
    """Options of `add`."""

    packages: tuple[str, ...] = arguments(
        "PACKAGES", help="The packages to add, as PEP 508 requirements (e.g., `ruff==0.5.0`)"
    )
    requirements: tuple[str, ...] = values(
        "-r", "--requirements", aliases=("--requirement",), help="Add the packages listed in the given files"
    )
    constraints: tuple[str, ...] = values(
        "-c",
        "--constraints",
        aliases=("--constraint",),
        help="Constrain versions using the given requirements files [env: `UV_CONSTRAINT`=]",
    )
    marker: str | None = value("-m", "--marker", help="Apply this marker to all added packages")
    dev: bool | None = flag("--dev", env=EnvVar.DEV, help="Add the requirements to the development dependency group")
    optional: str | None = value(
        "--optional",
        help="Add the requirements to the package's optional dependencies for the specified extra",
    )
    editable: bool | None = flag("--editable", off="--no-editable", help="Add the requirements as editable")
    raw: bool | None = flag("--raw", help="Add a dependency as provided")
    bounds: str | None = value(
        "--bounds",
        choices=("lower", "major", "minor", "exact"),
        help="The kind of version specifier to use when adding dependencies",
    )
    rev: str | None = value("--rev", help="Commit to use when adding a dependency from Git")
    tag: str | None = value("--tag", help="Tag to use when adding a dependency from Git")
    branch: str | None = value("--branch", help="Branch to use when adding a dependency from Git")
    lfs: bool | None = flag("--lfs", help="Whether to use Git LFS when adding a dependency from Git")
    package: str | None = value("--package", help="Add the dependency to a specific package in the workspace")
    script: str | None = value(
        "--script",
        help="Add the dependency to the specified Python script, rather than to a project",
    )
    workspace: bool | None = flag("--workspace", help="Add the dependency as a workspace member")
    no_workspace: bool | None = flag("--no-workspace", help="Don't add the dependency as a workspace member")
    extra: tuple[str, ...] = values("--extra", help="Extras to enable for the dependency")
