"""From option specifications to a click command, and from click's errors to uv's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mauve.cli.lean_click import click
from mauve.cli.similarity import closest
from mauve.config.declare import ARGUMENT, ARGUMENTS, COUNT, FLAG, OptionSpec, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class _Option(click.Option):
    """An option that keeps its specification and never asks click for help texts."""

    def __init__(self, spec: OptionSpec) -> None:
        self.spec = spec
        names = [*spec.names, *spec.aliases]
        if spec.kind == FLAG:
            declared = [f"{name}/{off}" for name, off in zip(names, spec.off, strict=False)]
            declared += names[len(spec.off) :]
            if spec.off and len(spec.names) > 1:
                declared = [spec.names[0], f"{spec.names[1]}/{spec.off[0]}", *spec.aliases]
            super().__init__([f"o_{spec.field}", *declared], is_flag=True, default=None)
        elif spec.kind == COUNT:
            super().__init__([f"o_{spec.field}", *names], count=True, default=None)
        else:
            super().__init__([f"o_{spec.field}", *names], multiple=True, default=None)


def build_parser(name: str, specs: Iterable[OptionSpec], *, interspersed: bool) -> click.Command:
    """Return a click command with one parameter a specification; *interspersed* lets options follow arguments."""
    parameters: list[click.Parameter] = []
    for spec in specs:
        if spec.kind == ARGUMENT:
            parameters.append(click.Argument([f"o_{spec.field}"], required=False, default=None))
        elif spec.kind == ARGUMENTS:
            parameters.append(
                click.Argument([f"o_{spec.field}"], nargs=-1, required=False, type=click.UNPROCESSED, default=None)
            )
        else:
            parameters.append(_Option(spec))
    return click.Command(
        name,
        params=parameters,
        add_help_option=False,
        context_settings={
            "help_option_names": [],
            "allow_interspersed_args": interspersed,
            "allow_extra_args": True,
            "auto_envvar_prefix": None,
        },
    )


def parse_with_click(
    path: str, specs: Sequence[OptionSpec], words: list[str], *, interspersed: bool
) -> tuple[dict[str, object], list[str]]:
    """Return what was typed by field, as click delivers it, and the words that no positional argument takes.

    Raises:
        UsageError: a word does not fit.
    """
    parser = build_parser(path, specs, interspersed=interspersed)
    try:
        context = parser.make_context(path, list(words), resilient_parsing=False)
    except click.NoSuchOption as error:
        raise _unexpected(path, error.option_name, specs) from error
    except click.BadOptionUsage as error:
        raise _bad_usage(error, specs, words) from error
    except click.UsageError as error:
        raise UsageError(error.format_message()) from error
    return {key[2:]: value for key, value in context.params.items()}, list(context.args)


_MEANT: Final = {("init", "--backend"): "--build-backend"}
"""Options that other programs have: the command, how it is called there, and here."""


def _unexpected(path: str, name: str, specs: Sequence[OptionSpec]) -> UsageError:
    meant = _MEANT.get((path, name))
    if meant is not None:
        details = ("", f"  tip: a similar argument exists: '{meant}'")
        return UsageError(f"unexpected argument '{name}' found", details=details)
    known = [long for spec in specs for long in (*spec.names, *spec.off) if long.startswith("--")]
    similar = closest(name, known) if name.startswith("--") else None
    if similar is None:
        return UsageError(f"unexpected argument '{name}' found")
    return UsageError(
        f"unexpected argument '{name}' found",
        details=("", f"  tip: a similar argument exists: '{similar}'"),
        used=tuple(spec for spec in specs if similar in spec.names and not spec.hidden),
    )


def _bad_usage(error: click.BadOptionUsage, specs: Sequence[OptionSpec], words: list[str]) -> UsageError:
    spec = next((spec for spec in specs if error.option_name in (*spec.names, *spec.aliases, *spec.off)), None)
    if spec is None:
        return UsageError(error.format_message())
    if spec.kind in (FLAG, COUNT):
        given = re.search(rf"{re.escape(error.option_name)}=(\S*)", " ".join(words))
        return UsageError(
            f"unexpected value '{given.group(1) if given else ''}' for '{spec.label}' found; no more were expected",
            used=(spec,),
        )
    details = (f"  [possible values: {', '.join(spec.choices)}]",) if spec.choices else ()
    return UsageError(
        f"a value is required for '{spec.label}' but none was supplied", details=details, show_usage=False
    )
