"""Words about versions: what `version` is asked for, and what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mauve.config.declare import UsageError
from mauve.project.bump import Bump, Component

if TYPE_CHECKING:
    from mauve.operations.version import VersionOutcome
    from mauve.terminal.style import Style


_LARGEST: Final = 2**64 - 1


def read_bumps(texts: tuple[str, ...]) -> tuple[Bump, ...]:
    """Return the bumps of `--bump component` and `--bump component=number`.

    Raises:
        UsageError: a component is unknown, or a number is none or not for it.
    """
    bumps: list[Bump] = []
    for text in texts:
        word, separator, number = text.partition("=")
        try:
            component = Component(word)
        except ValueError:
            raise _refused(f"invalid bump component `{word}`") from None
        if not separator:
            bumps.append(Bump(component, None))
        elif component is Component.STABLE:
            raise _refused("`--bump stable` does not accept a value")
        elif not number:
            raise _refused("`--bump` values cannot be empty")
        elif not (number.isascii() and number.isdecimal()) or int(number) > _LARGEST:
            raise _refused(f"invalid numeric value `{number}` for `--bump {word}`")
        else:
            bumps.append(Bump(component, int(number)))
    return tuple(bumps)


def _refused(message: str) -> UsageError:
    return UsageError(message, usage="[OPTIONS] [VALUE]", path="version")


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


def host_triple() -> str:
    """Return the target triple of the machine that this program runs on."""
    import os
    import platform
    import sys

    machine = platform.machine()
    if os.name == "nt":
        return {"AMD64": "x86_64", "ARM64": "aarch64"}.get(machine, "i686") + "-pc-windows-msvc"
    if sys.platform == "darwin":
        return f"{'aarch64' if machine == 'arm64' else machine}-apple-darwin"
    libc = "musl" if getattr(sys.implementation, "_multiarch", "").endswith("musl") else "gnu"
    return f"{machine}-unknown-linux-{libc}"


def render_own_version(triple: str, style: Style, *, short: bool, as_json: bool) -> str:
    """Return what is printed of this program."""
    from mauve import __version__

    if as_json:
        import json

        fields = {"package_name": "mauve", "version": __version__, "commit_info": None, "target_triple": triple}
        return json.dumps(fields, indent=2) + "\n"
    version = style.cyan(__version__)
    return f"{version}\n" if short else f"mauve {version} ({triple})\n"
