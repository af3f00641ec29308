"""Words about versions: what `version` is asked for, and what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.config.declare import UsageError
from mauve.project.bump import Bump, Component
from mauve.standards.versions import InvalidVersion, Version, parse_version

if TYPE_CHECKING:
    from mauve.operations.version import VersionOutcome
    from mauve.terminal.style import Style


def read_version(text: str) -> Version:
    """Return the version to set.

    Raises:
        UsageError: it is none.
    """
    try:
        return parse_version(text)
    except InvalidVersion as error:
        raise UsageError(f"invalid value '{text}' for '[VALUE]': {error.reason}", show_usage=False) from error


def read_bumps(texts: tuple[str, ...]) -> tuple[Bump, ...]:
    """Return the bumps of `--bump component` and `--bump component=number`.

    Raises:
        UsageError: a component is unknown or a number is none.
    """
    bumps: list[Bump] = []
    for text in texts:
        word, separator, number = text.partition("=")
        try:
            component = Component(word)
        except ValueError:
            raise UsageError(f"invalid bump component `{word}`") from None
        if separator and not number.isdecimal():
            raise UsageError(f"invalid numeric value `{number}` for `{word}`")
        bumps.append(Bump(component, int(number) if separator else None))
    return tuple(bumps)


def render_version(outcome: VersionOutcome, style: Style, *, short: bool, as_json: bool) -> str:
    """Return what is printed: the name and version, or the change."""
    if as_json:
        import json

        fields: dict[str, object] = {"package_name": outcome.name, "version": str(outcome.new or outcome.old)}
        if outcome.new is not None:
            fields = {"package_name": outcome.name, "version": str(outcome.new)}
        fields["commit_info"] = None
        return json.dumps(fields, indent=2) + "\n"
    name = "" if short else f"{outcome.name} "
    if outcome.new is None:
        return f"{name}{style.cyan(str(outcome.old))}\n"
    if short:
        return f"{style.cyan(str(outcome.new))}\n"
    return f"{name}{style.cyan(str(outcome.old))} => {style.cyan(str(outcome.new))}\n"
