"""What of a project is installed: extras, groups, members, and what is left out."""

from __future__ import annotations

from typing import Final

from mauve.config.declare import ArgumentGroup, flag, values
from mauve.config.environment import EnvVar


class ExtraArgs(ArgumentGroup, title="Options"):
    """Which extras count."""

    extra: tuple[str, ...] = values(
        "--extra", split=",", help="Include optional dependencies from the specified extra name"
    )
    all_extras: bool | None = flag("--all-extras", off="--no-all-extras", help="Include all optional dependencies")
    no_extra: tuple[str, ...] = values(
        "--no-extra",
        help="Exclude the specified optional dependencies, if `--all-extras` is supplied",
    )


class GroupArgs(ArgumentGroup, title="Options"):
    """Which groups count."""

    no_dev: bool | None = flag(
        "--no-dev", env=EnvVar.NO_DEV, off="--dev", help="Disable the development dependency group"
    )
    only_dev: bool | None = flag("--only-dev", help="Only include the development dependency group")
    group: tuple[str, ...] = values("--group", help="Include dependencies from the specified dependency group")
    no_group: tuple[str, ...] = values(
        "--no-group",
        env=EnvVar.NO_GROUP,
        hide_env=True,
        help="Disable the specified dependency group [env: `UV_NO_GROUP`=]",
    )
    no_default_groups: bool | None = flag(
        "--no-default-groups",
        env=EnvVar.NO_DEFAULT_GROUPS,
        help="Ignore the default dependency groups",
    )
    only_group: tuple[str, ...] = values(
        "--only-group",
        help="Only include dependencies from the specified dependency group",
    )
    all_groups: bool | None = flag("--all-groups", help="Include dependencies from all dependency groups")


GROUP_CONFLICTS: Final = (
    ("no_dev", "only_dev"),
    ("!no_dev", "only_group"),
    ("only_dev", "group"),
    ("only_dev", "all_groups"),
    ("only_group", "group"),
    ("only_group", "all_groups"),
)
"""Options of `GroupArgs` that contradict each other."""


class SelectionArgs(GroupArgs, ExtraArgs, title="Options"):
    """Which extras and groups count."""


class EditableArgs(ArgumentGroup, title="Options"):
    """Whether source trees are installed in place."""

    no_editable: bool | None = flag(
        "--no-editable",
        env=EnvVar.NO_EDITABLE,
        off="--editable",
        help=("Install any editable dependencies, including the project and any workspace members, as non-editable"),
    )
    no_editable_package: tuple[str, ...] = values(
        "--no-editable-package",
        help="Install the specified editable packages as non-editable",
    )


class OmissionArgs(ArgumentGroup, title="Options"):
    """What is left out although it is selected."""

    no_install_project: bool | None = flag(
        "--no-install-project",
        env=EnvVar.NO_INSTALL_PROJECT,
        help="Do not install the current project",
    )
    no_install_workspace: bool | None = flag(
        "--no-install-workspace",
        env=EnvVar.NO_INSTALL_WORKSPACE,
        help="Do not install any workspace members, including the root project",
    )
    no_install_local: bool | None = flag(
        "--no-install-local",
        env=EnvVar.NO_INSTALL_LOCAL,
        help="Do not install local path dependencies",
    )
    no_install_package: tuple[str, ...] = values("--no-install-package", help="Do not install the given package(s)")
    only_install_project: bool | None = flag("--only-install-project", env=EnvVar.ONLY_INSTALL_PROJECT, hidden=True)
    only_install_workspace: bool | None = flag(
        "--only-install-workspace", env=EnvVar.ONLY_INSTALL_WORKSPACE, hidden=True
    )
    only_install_local: bool | None = flag("--only-install-local", env=EnvVar.ONLY_INSTALL_LOCAL, hidden=True)
    only_install_package: tuple[str, ...] = values("--only-install-package", hidden=True)


SELECTION_CONFLICTS: Final = (
    ("all_extras", "extra"),
    ("extra", "only_group"),
    ("all_extras", "only_group"),
    *GROUP_CONFLICTS,
)
"""Options of `SelectionArgs` that contradict each other."""

OMISSION_PAIRS: Final = (
    ("no_install_project", "only_install_project"),
    ("no_install_workspace", "only_install_workspace"),
    ("no_install_local", "only_install_local"),
)
"""Flags of `OmissionArgs` that contradict each other; a typed one wins over a variable."""

OMISSION_CONFLICTS: Final = (*OMISSION_PAIRS, ("no_install_package", "only_install_package"))
"""Options of `OmissionArgs` that contradict each other."""
