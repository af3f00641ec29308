"""From the words of a command line to values by field.

Words that are plainly right are read here, which costs a lookup a word. Everything else (an unknown option, a value
that is missing, short options run together) is click's, which knows all the forms and finds the words for what is
wrong; importing it takes as long as a short command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.config.declare import ARGUMENT, ARGUMENTS, COUNT, FLAG, VALUES, InvalidChoice, OptionSpec, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mauve.config.declare import CommandSpec
    from mauve.config.environment import Variables


def parse(
    path: str, specs: Sequence[OptionSpec], words: list[str], *, interspersed: bool = True
) -> tuple[dict[str, object], list[str]]:
    """Return the typed values by field, and the words that no positional argument takes.

    Args:
        path: of the command, for errors.
        specs: its options and arguments.
        words: to be read.
        interspersed: whether options may follow arguments.

    Raises:
        UsageError: a word does not fit.
    """
    plain = read_plain_words(specs, words, interspersed=interspersed)
    if plain is None:
        from mauve.cli.click_parser import parse_with_click

        plain = parse_with_click(path, specs, words, interspersed=interspersed)
    given, surplus = plain
    by_field = {spec.field: spec for spec in specs}
    return {field: _typed(by_field[field], value) for field, value in given.items() if value not in (None, ())}, surplus


def read_plain_words(
    specs: Sequence[OptionSpec], words: list[str], *, interspersed: bool
) -> tuple[dict[str, object], list[str]] | None:
    """Return what click would, in the order of the words; None where it may read them otherwise, or refuse them."""
    named = {}
    for spec in specs:
        if spec.kind not in (ARGUMENT, ARGUMENTS):
            for name in (*spec.names, *spec.aliases):
                named[name] = spec, True
            for name in spec.off:
                named[name] = spec, False
    given: dict[str, object] = {}
    repeated: dict[str, list[str]] = {}
    free: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            if not interspersed:
                place -= 1
                break
            free.append(word)
            continue
        name, assigned, text = word.partition("=") if word.startswith("--") else (word, "", "")
        if name not in named:
            return None
        spec, value = named[name]
        if spec.kind in (FLAG, COUNT):
            if assigned:
                return None
            given[spec.field] = value if spec.kind == FLAG else int(str(given.get(spec.field, 0))) + 1
            continue
        if not assigned:
            if place == len(words) or words[place].startswith("-"):
                return None
            text = words[place]
            place += 1
        given[spec.field] = ()  # its place; errors name options in the order of the words
        repeated.setdefault(spec.field, []).append(text)
    free += words[place:]
    given.update((field, tuple(texts)) for field, texts in repeated.items())
    return _with_arguments(given, specs, free)


def _with_arguments(
    given: dict[str, object], specs: Sequence[OptionSpec], free: list[str]
) -> tuple[dict[str, object], list[str]] | None:
    """Give the words that belong to no option to the positional arguments, in their order."""
    arguments = [spec for spec in specs if spec.is_positional]
    for place, spec in enumerate(arguments):
        if spec.kind == ARGUMENTS:
            if place + 1 < len(arguments):
                return None
            given[spec.field], free = tuple(free), []
        elif free:
            given[spec.field], free = free[0], free[1:]
    return given, free


def _typed(spec: OptionSpec, value: object) -> object:
    if spec.kind in (FLAG, COUNT, ARGUMENT):
        return value
    if not isinstance(value, tuple):
        raise TypeError(value)
    texts = tuple(str(item) for item in value)
    if spec.split is not None:
        texts = tuple(part for text in texts for part in text.split(spec.split))
    if spec.choices:
        texts = tuple(spec.hidden_choices.get(text, text) for text in texts)
        for text in texts:
            if text not in spec.choices:
                raise InvalidChoice(spec, text)
    if spec.kind in (VALUES, ARGUMENTS):
        return texts
    if len(texts) > 1:
        raise UsageError(f"the argument '{spec.label}' cannot be used multiple times")
    return texts[0]


class Used:
    """The options that the usage line of an error shows: those typed behind the command, and those of variables."""

    def __init__(self, specs: Sequence[OptionSpec], own: Mapping[str, object], variables: Variables) -> None:
        """Take every specification, what was typed behind the command, and the environment."""
        by_field = {spec.field: spec for spec in specs}
        self._shown = [by_field[field] for field in own]
        self._shown += [
            spec for spec in specs if spec.env and spec.field not in own and variables.text(spec.env) is not None
        ]

    def without(self, refused: Collection[str] = ()) -> tuple[OptionSpec, ...]:
        """Return the options but those whose fields are *refused*."""
        return tuple(spec for spec in self._shown if not (spec.hidden or spec.is_positional or spec.field in refused))


def check(spec: CommandSpec, typed: dict[str, object], surplus: list[str], used: Used) -> None:
    """Raise `UsageError` if a word is left over, fields conflict, or something is missing.

    What is overridden by a later option is taken out of *typed*.
    """
    if surplus:
        raise UsageError(f"unexpected argument '{surplus[0]}' found")
    for fields in spec.overrides:
        for overridden in [field for field in typed if field in fields][:-1]:
            del typed[overridden]
    specs = spec.specs()
    order = list(typed)
    sets: list[list[tuple[str, str]]] = []
    for fields in spec.conflicts:
        given = [found for field in fields if (found := _given(specs, typed, field)) is not None]
        if len(given) > 1:
            sets.append(sorted(given, key=lambda place: order.index(place[0])))
    if sets:
        raise _conflict(sets, order, used)
    for field, needed in spec.requires:
        if typed.get(field) and not typed.get(needed):
            raise _missing(specs[needed].label, (specs[needed], *used.without()))
    missing = [option for option in specs.values() if option.required and not typed.get(option.field)]
    if missing or (spec.needs and not any(typed.get(field) for field in spec.needs)):
        label = spec.positional_usage or " ".join(option.label for option in missing)
        raise _missing(label, used.without(), usage=label)


def _missing(label: str, used: tuple[OptionSpec, ...], usage: str | None = None) -> UsageError:
    message = "the following required arguments were not provided:"
    return UsageError(message, details=(f"  {label}",), used=used, usage=None if used else usage)


def _conflict(sets: list[list[tuple[str, str]]], order: list[str], used: Used) -> UsageError:
    """Return what is wrong with *sets* of options that were typed together: the first one typed is the subject."""
    subject = min((given[0] for given in sets), key=lambda place: order.index(place[0]))
    found = {other for given in sets if given[0] == subject for other in given[1:]}
    others = sorted(found, key=lambda place: order.index(place[0]))
    labels = [label for _, label in others]
    named = f" '{labels[0]}'" if len(labels) == 1 else ":"
    return UsageError(
        f"the argument '{subject[1]}' cannot be used with{named}",
        details=() if len(labels) == 1 else tuple(f"  {label}" for label in labels),
        used=used.without([field for field, _ in others]),
    )


def _given(specs: dict[str, OptionSpec], typed: dict[str, object], field: str) -> tuple[str, str] | None:
    """Return the name and the spelling of *field* if it was typed; `!FIELD` is a flag that was switched off."""
    is_off = field.startswith("!")
    field = field.removeprefix("!")
    value = typed.get(field)
    if is_off:
        return (field, specs[field].off[-1]) if value is False else None
    return None if value in (None, False, (), 0) else (field, specs[field].label)
