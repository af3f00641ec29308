"""Options that are accepted for the sake of old scripts, and what they are answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.cli.errors import NotSupported
from mauve.terminal.streams import write_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.terminal.style import Style

_OF_PROJECTS: Final = frozenset(("add", "remove", "version", "lock", "sync", "export", "tree"))


def answer_outdated_options(path: str, typed: Mapping[str, object], style: Style) -> None:
    """Warn of `--isolated` where the command at *path* has no such option of its own.

    Raises:
        NotSupported: something is asked for that mauve does not have.
    """
    if typed.get("show_settings"):
        raise NotSupported("--show-settings")
    if typed.get("isolated") and path != "run" and not typed.get("quiet"):
        write_error(f"{style.warning('warning')}{style.bold(':')} {_about_isolation(path)}\n")


def _about_isolation(path: str) -> str:
    way_out = "Instead, use `--no-config` to prevent uv from discovering configuration files"
    if path == "init":
        return (
            f"The `--isolated` flag is deprecated and has no effect. {way_out} or `--no-workspace` to prevent uv from "
            "adding the initialized project to the containing workspace."
        )
    effect = " and has no effect" if path in _OF_PROJECTS else ""
    return f"The `--isolated` flag is deprecated{effect}. {way_out}."
