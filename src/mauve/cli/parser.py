"""From the words of a command line to values by field.

The rules are those of clap, which people know from uv: names are written out, short options may be run together, a word
that begins with a dash is never a value, a flag is given once, and what is wrong is told of the first word that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.config.declare import (
    ARGUMENT,
    ARGUMENTS,
    COUNT,
    FLAG,
    READ_BY_PARSER,
    VALUES,
    InvalidChoice,
    MissingValue,
    OptionSpec,
    UsageError,
)
from mauve.config.environment import EnvVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mauve.config.declare import ArgumentGroup, CommandSpec
    from mauve.config.environment import Variables


def parse(
    path: str,
    specs: Sequence[OptionSpec],
    words: list[str],
    *,
    interspersed: bool = True,
    overrides: Collection[tuple[str, ...]] = (),
) -> tuple[dict[str, object], list[str]]:
    """Return the typed values by field, and the words behind the options if no argument takes them.

    Args:
        path: of the command.
        specs: its options and arguments.
        words: to be read.
        interspersed: whether options may follow arguments.
        overrides: sets of fields of which the last one typed counts.

    Raises:
        UsageError: a word does not fit.
    """
    return _Reader(path, specs, overrides).read(words, interspersed=interspersed)


class _Reader:
    """Reads one command line, word by word.

    Whether an option got its value right is known when the next word is: `_pending` is an option whose text waits for
    that, because a word that cannot be read is told first.
    """

    __slots__ = ("_free", "_given", "_named", "_overrides", "_path", "_pending", "_positional", "_specs", "_spelled")

    def __init__(self, path: str, specs: Sequence[OptionSpec], overrides: Collection[tuple[str, ...]]) -> None:
        self._path = path
        self._specs = specs
        self._overrides = overrides
        self._named: dict[str, tuple[OptionSpec, bool]] = {}
        self._positional: list[OptionSpec] = []
        for spec in specs:
            if spec.kind in (ARGUMENT, ARGUMENTS):
                self._positional.append(spec)
                continue
            for name in (*spec.names, *spec.aliases):
                self._named[name] = spec, True
            for name in spec.off:
                self._named[name] = spec, False
        self._free = 0
        self._given: dict[str, object] = {}
        self._spelled: dict[str, str] = {}
        self._pending: tuple[OptionSpec, str | None] | None = None

    def read(self, words: list[str], *, interspersed: bool) -> tuple[dict[str, object], list[str]]:
        """Return what was given, and what is left."""
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
                self._take_free(word)
                continue
            spec, text, is_waiting = self._long(word) if word.startswith("--") else self._short(word)
            if spec is None:
                if self._ends():
                    return self._given, []
                continue
            if is_waiting and place < len(words) and (not words[place].startswith("-") or words[place] == "-"):
                text = words[place]
                place += 1
            self._pending = spec, text
        rest = words[place:]
        if self._positional or interspersed:
            for word in rest:
                self._take_free(word)
            rest = []
        self._settle()
        return {field: value for field, value in self._given.items() if value not in (None, ())}, rest

    def _ends(self) -> bool:
        """Return whether what follows does not matter any more."""
        return "help" in self._given or ("version" in self._given and "--version" in self._named)

    def _long(self, word: str) -> tuple[OptionSpec | None, str | None, bool]:
        """Read a long option; return it if it has a value, with the value, and whether that is the next word."""
        name, assigned, text = word.partition("=")
        found = self._named.get(name) if name != "--" else None
        if found is None:
            raise self._unexpected(name)
        self._settle()
        spec, value = found
        if spec.kind not in (FLAG, COUNT):
            return spec, text if assigned else None, not assigned
        if assigned:
            label = spec.label if value else name
            message = f"unexpected value '{text}' for '{label}' found; no more were expected"
            raise UsageError(message, used=(spec,) if value else (), usage=None if value else name)
        self._switch(spec, name, value=value)
        return None, None, False

    def _short(self, word: str) -> tuple[OptionSpec | None, str | None, bool]:
        """Read short options that are run together; the last one may have a value, as `_long` returns it."""
        for place, letter in enumerate(word[1:], start=1):
            found = self._named.get(f"-{letter}")
            if found is None:
                raise self._unexpected(f"-{letter}")
            self._settle()
            spec, value = found
            if spec.kind not in (FLAG, COUNT):
                text = word[place + 1 :]
                return spec, text.removeprefix("=") if text else None, not text
            self._switch(spec, f"-{letter}", value=value)
        return None, None, False

    def _switch(self, spec: OptionSpec, name: str, *, value: bool) -> None:
        field = spec.field
        if spec.kind == COUNT:
            self._given[field] = int(str(self._given.get(field, 0))) + 1
            return
        before = self._spelled.get(field)
        if before is not None and self._given.get(field) is value and (not value or {before, name} <= {*spec.names}):
            raise _repeated(spec.label if value else name)
        for fields in (*self._overrides, *_OVERRIDDEN):
            if value and field in fields:
                for other in fields:
                    if self._given.get(other):
                        del self._given[other]
                        self._spelled.pop(other, None)
        self._given.pop(field, None)  # its place is that of the last one
        self._given[field] = value
        self._spelled[field] = name

    def _take_free(self, word: str) -> None:
        """Give *word* to the next positional argument."""
        if self._free == len(self._positional):
            raise UsageError(f"unexpected argument '{word}' found")
        self._settle()
        spec = self._positional[self._free]
        if not word and spec.needs_value:
            raise MissingValue(spec)
        if spec.kind == ARGUMENTS:
            given = self._given.get(spec.field, ())
            self._given[spec.field] = (*given, word) if isinstance(given, tuple) else (word,)
        else:
            self._given[spec.field] = word
            self._free += 1

    def _settle(self) -> None:
        """Take the value of the option before."""
        if self._pending is None:
            return
        spec, text = self._pending
        self._pending = None
        if text is None or (not text and spec.needs_value):
            raise MissingValue(spec)
        if not text and spec.field in _PASSED_OVER:
            return  # nothing is asked for
        texts: tuple[str, ...] = (text,)
        if spec.split is not None:
            texts = tuple(text.split(None if spec.split == " " and spec.field not in _NAMES else spec.split))
        if spec.choices:
            texts = tuple(spec.hidden_choices.get(each, each) for each in texts)
            for each in texts:
                if each not in spec.choices:
                    raise InvalidChoice(spec, each)
        given = self._given.get(spec.field, ())
        if spec.kind == VALUES and isinstance(given, tuple):
            self._given[spec.field] = (*given, *texts)
        elif spec.field in self._given or len(texts) > 1:
            raise _repeated(spec.label)
        else:
            self._given[spec.field] = texts[0]

    def _unexpected(self, name: str) -> UsageError:
        """Return the error for a name that no option has; what it may have been meant for is proposed."""
        from mauve.cli.similarity import closest

        message = f"unexpected argument '{name}' found"
        similar = _MEANT.get((self._path, name))
        if similar is not None:
            return UsageError(message, details=_tip(similar))
        used = [spec for spec in self._specs if spec.field in self._given and not spec.hidden]
        used.sort(key=lambda spec: [*self._given].index(spec.field))
        if self._pending is not None and self._pending[0] not in used:
            used.append(self._pending[0])
        if not name.startswith("--"):
            used = []
        known = [long for long in self._named if long.startswith("--")]
        similar = closest(name, known) if name.startswith("--") else None
        if similar is not None:
            spec = self._named[similar][0]
            if similar in spec.names and not spec.hidden and spec not in used:
                used.append(spec)
            return UsageError(message, details=_tip(similar), used=tuple(used))
        takes_words = any(not (spec.trailing or spec.hidden) for spec in self._positional)
        details = ("", f"  tip: to pass '{name}' as a value, use '-- {name}'") if takes_words else ()
        return UsageError(message, details=details, used=tuple(used))


_OVERRIDDEN = (("managed_python", "no_managed_python"),)
"""Flags of every command of which the last one counts."""

_PASSED_OVER = frozenset({"constraints", "python", "with_requirements"})
"""Options whose values are as good as none if they are empty."""

_NAMES = frozenset({"no_binary_package", "no_build_package", "no_sources_package"})
"""Options whose values are names also where there is nothing between two blanks."""

_MEANT = {("init", "--backend"): "--build-backend"}
"""Options that other programs have: the command, how it is called there, and here."""


def _tip(similar: str) -> tuple[str, ...]:
    return ("", f"  tip: a similar argument exists: '{similar}'")


def _repeated(label: str) -> UsageError:
    return UsageError(f"the argument '{label}' cannot be used multiple times")


_EVERYWHERE = (("quiet", "verbose"), ("color", "no_color"))
"""Options of every command that conflict if they stand on the same side of it."""


_READ_LATER = frozenset((EnvVar.NO_BUILD_PACKAGE, EnvVar.NO_BINARY_PACKAGE, EnvVar.NO_GROUP, EnvVar.NO_SOURCES_PACKAGE))
"""Variables with lists that uv reads behind its parser."""


class Used:
    """The options that the usage line of an error shows: those typed behind the command, and those of variables.

    Attributes:
        own: what was typed behind the command.
        by_variable: fields of the flags that variables stand for already where words are read, in either sense.
    """

    def __init__(
        self,
        specs: Sequence[OptionSpec],
        own: Mapping[str, object],
        variables: Variables,
        *,
        alternatives: Collection[str] = (),
        everywhere: Sequence[type[ArgumentGroup]] = (),
    ) -> None:
        """Take every specification, what was typed behind the command, and the environment.

        Fields that are *alternatives* of the arguments are shown with them and not by themselves; options of the groups
        *everywhere* for which variables stand are shown last.
        """
        self.own = own
        self._specs = specs
        self._alternatives = alternatives
        self._everywhere = everywhere
        self._said = [spec for spec in specs if spec.env and variables.text(spec.env) is not None]
        self.by_variable = [spec.field for spec in self._said if spec.kind == FLAG and spec.env in READ_BY_PARSER]

    def without(self, refused: Collection[str] = (), *, arguments: bool = False) -> tuple[OptionSpec, ...]:
        """Return the options but those whose fields are *refused*; *arguments* that were typed are among them."""
        shown = [spec for spec in self._shown() if not (spec.hidden or spec.field in refused)]
        return tuple(spec for spec in shown if arguments or not spec.is_positional)

    def _shown(self) -> list[OptionSpec]:
        by_field = {spec.field: spec for spec in self._specs}
        typed = [field for field in self.own if self.own[field] is not False and field not in self._alternatives]
        said = [
            spec
            for spec in self._said
            if spec.field not in self.own
            and spec.env not in _READ_LATER
            and (spec.kind != FLAG or spec.field in self.by_variable)
        ]
        last = {field for group in self._everywhere for field in group.specs}
        return [by_field[field] for field in typed] + sorted(said, key=lambda spec: spec.field in last)


def check(spec: CommandSpec, typed: dict[str, object], used: Used) -> None:
    """Raise `UsageError` if fields conflict, or something is missing.

    What is overridden by a later option is taken out of *typed*.
    """
    for fields in spec.overrides:
        for overridden in [field for field in typed if field in fields and typed[field]][:-1]:
            del typed[overridden]
    specs = spec.specs()
    present = {**typed, **{field: True for field in used.by_variable if not typed.get(field)}}
    order = list(present)
    sets: list[list[tuple[str, str]]] = []
    for fields in (*spec.conflicts, *(fields for fields in _EVERYWHERE if used.own.keys() >= {*fields})):
        given = [
            found
            for field in fields
            if (found := _given(specs, typed if field.startswith("!") else present, field)) is not None
        ]
        if len(given) > 1:
            sets.append(sorted(given, key=lambda place: order.index(place[0])))
    if sets:
        raise _conflict(sets, order, used)
    for field, needed in spec.requires:
        if typed.get(field) and not typed.get(needed):
            absent = specs[needed]
            raise _missing(absent.given_label if absent.is_positional else absent.label, (absent, *used.without()))
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
        used=used.without([field for field, _ in others], arguments=True),
    )


def _given(specs: dict[str, OptionSpec], typed: dict[str, object], field: str) -> tuple[str, str] | None:
    """Return the name and the spelling of *field* if it was typed; `!FIELD` is a flag that was switched off."""
    is_off = field.startswith("!")
    field = field.removeprefix("!")
    value = typed.get(field)
    if is_off:
        return (field, specs[field].off[-1]) if value is False else None
    return None if value in (None, False, (), 0) else (field, specs[field].label)
