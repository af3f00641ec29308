"""Declare options as data: a group is a class, its fields are options, an instance is the values of one run.

`mauve.cli.parser` reads command lines by specifications, and `mauve.cli.help` prints them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.config.environment import Variables

FLAG: Final = "flag"
VALUE: Final = "value"
VALUES: Final = "values"
COUNT: Final = "count"
ARGUMENT: Final = "argument"
ARGUMENTS: Final = "arguments"

_NOT_EMPTY: Final = frozenset({"cache_dir", "config_file", "directory", "output_file", "path", "project", "script"})
"""Options and arguments that are paths."""

_POSSIBLE: Final = "[possible values: "
"""How a help line begins to list what an option accepts, where that has no `choices`."""


class OptionSpec:
    """One option or positional argument.

    Attributes:
        kind: FLAG (True, False or None = not said), VALUE, VALUES (repeatable), COUNT, ARGUMENT, ARGUMENTS.
        names: spellings shown in help: a short one and a long one.
        aliases: further spellings, hidden.
        off: hidden spellings that set a flag to False; the last of a command line wins.
        metavar: how the value is called.
        env: the variable that answers when the command line does not.
        choices: the only values accepted.
        hidden_choices: further values, and which of `choices` each of them means.
        split: values of one occurrence are separated by this, None = not; an option that has a variable takes several
            as that does, but for one of which every occurrence is taken `whole`.
        required: a positional argument that must be given.
        trailing: takes everything that follows, options included.
    """

    __slots__ = (
        "aliases",
        "choices",
        "env",
        "env_split",
        "field",
        "help",
        "hidden",
        "hidden_choices",
        "hide_env",
        "hide_env_value",
        "kind",
        "metavar",
        "names",
        "off",
        "optional_value",
        "required",
        "split",
        "trailing",
    )

    def __init__(
        self,
        kind: str,
        names: tuple[str, ...],
        *,
        help: str = "",  # noqa: A002 - what it is called everywhere
        metavar: str | None = None,
        env: str | None = None,
        hide_env: bool = False,
        hide_env_value: bool = False,
        choices: tuple[str, ...] = (),
        hidden_choices: Mapping[str, str] | None = None,
        aliases: tuple[str, ...] = (),
        off: tuple[str, ...] = (),
        hidden: bool = False,
        split: str | None = None,
        env_split: str | None = None,
        required: bool = False,
        trailing: bool = False,
        optional_value: str | None = None,
        whole: bool = False,
    ) -> None:
        self.field = ""
        self.kind = kind
        self.names = names
        self.help = help
        self.metavar = metavar
        self.env = env
        self.hide_env = hide_env
        self.hide_env_value = hide_env_value
        self.choices = choices
        self.hidden_choices = hidden_choices or {}
        self.aliases = aliases
        self.off = off
        self.hidden = hidden
        takes_several = kind == VALUES and env is not None and not whole
        self.split = split or ((env_split or " ") if takes_several else None)
        self.env_split = env_split
        self.required = required
        self.trailing = trailing
        self.optional_value = optional_value

    @property
    def is_positional(self) -> bool:
        """Return whether this is an argument rather than an option."""
        return self.kind in (ARGUMENT, ARGUMENTS)

    @property
    def value_name(self) -> str:
        """Return the name of the value as help and errors show it."""
        return self.metavar or self.names[-1].lstrip("-").replace("-", "_").upper()

    @property
    def needs_value(self) -> bool:
        """Return whether an empty text is no value of this option."""
        return bool(self.choices) or self.field in _NOT_EMPTY or _POSSIBLE in self.help

    @property
    def given_label(self) -> str:
        """Return how a positional argument is named that was given: without the brackets of what may be left out."""
        return f"<{self.value_name}>{'...' if self.kind == ARGUMENTS else ''}"

    @property
    def label(self) -> str:
        """Return how errors name this option: `--python <PYTHON>`, `--check`, `<PACKAGES>...`."""
        if self.is_positional:
            text = f"<{self.value_name}>" if self.required else f"[{self.value_name}]"
            return text + ("..." if self.kind == ARGUMENTS else "")
        if self.kind == COUNT:
            return f"{self.names[-1]}..."
        if self.kind == FLAG:
            return self.names[-1]
        return f"{self.names[-1]} <{self.value_name}>"


def flag(*names: str, off: tuple[str, ...] | str = (), **more: Any) -> Any:
    """Declare an option without a value: True, False (one of the *off* spellings) or None if not said."""
    return OptionSpec(FLAG, names, off=(off,) if isinstance(off, str) else off, **more)


def value(*names: str, **more: Any) -> Any:
    """Declare an option with one value."""
    return OptionSpec(VALUE, names, **more)


def values(*names: str, **more: Any) -> Any:
    """Declare an option that may be repeated; its value is a tuple."""
    return OptionSpec(VALUES, names, **more)


def count(*names: str, **more: Any) -> Any:
    """Declare an option that is counted."""
    return OptionSpec(COUNT, names, **more)


def argument(name: str, **more: Any) -> Any:
    """Declare one positional argument."""
    return OptionSpec(ARGUMENT, (name,), **more)


def arguments(name: str, **more: Any) -> Any:
    """Declare positional arguments that take all that is left."""
    return OptionSpec(ARGUMENTS, (name,), **more)


HELP: Final = OptionSpec(FLAG, ("-h", "--help"), help="Display the concise help for this command")
VERSION: Final = OptionSpec(FLAG, ("-V", "--version"), help="Display the uv version")
HELP.field, VERSION.field = "help", "version"

Parsed: TypeAlias = "Mapping[str, object]"
"""Values by field as the parser delivers them; absent = not typed."""


class ArgumentGroup:
    """A set of options under one heading; an instance holds the values of one invocation.

    A value typed on the command line wins over the variable of the environment; a flag that neither names is None.

    Attributes:
        ignored: variables that a typed option of another name contradicts, each with that option.
    """

    title: ClassVar[str]
    specs: ClassVar[dict[str, OptionSpec]]

    def __init_subclass__(cls, *, title: str = "Options") -> None:
        """Collect the options declared in the class body, bases first."""
        cls.title = title
        cls.specs = {}
        for base in reversed(cls.__mro__):
            for name, spec in vars(base).items():
                if isinstance(spec, OptionSpec):
                    spec.field = name
                    cls.specs[name] = spec

    def __init__(self, parsed: Parsed, variables: Variables) -> None:
        """Take typed values from *parsed* and the rest from *variables*."""
        self.ignored: tuple[tuple[str, str], ...] = ()
        self._typed = frozenset([name for name in self.specs if parsed.get(name) not in (None, ())])
        for name, spec in self.specs.items():
            typed = parsed.get(name)
            setattr(self, name, typed if name in self._typed else _value_of(spec, typed, variables))

    def is_typed(self, field: str) -> bool:
        """Return whether *field* was said on the command line, and not by a variable."""
        return field in self._typed

    def _prefer_typed(self, options: tuple[str, ...], field: str) -> None:
        """Forget the flag *field* if a variable set it and one of the *options*, which say the contrary, was typed."""
        typed = [option for option in options if option in self._typed and getattr(self, option)]
        variable = self.specs[field].env
        if typed and variable is not None and field not in self._typed and getattr(self, field):
            setattr(self, field, None)
            self.ignored += ((variable, self.specs[typed[0]].names[-1]),)

    def spelling(self, field: str) -> str:
        """Return how the flag *field* was said: as an option, or as a variable with its value."""
        spec = self.specs[field]
        return spec.names[-1] if self.is_typed(field) or spec.env is None else f"{spec.env}=1"


READ_BY_PARSER: Final = frozenset(
    {
        "UV_COMPILE_BYTECODE",
        "UV_NO_BINARY",
        "UV_NO_BUILD",
        "UV_NO_BUILD_ISOLATION",
        "UV_NO_CACHE",
        "UV_NO_CONFIG",
        "UV_NO_DEFAULT_GROUPS",
        "UV_NO_PROJECT",
        "UV_NO_SOURCES",
        "UV_SYSTEM_PYTHON",
    }
)
"""Variables of flags that uv's parser reads, and not the commands: pages show their values, errors name the option."""


def _flag_of(spec: OptionSpec, variables: Variables) -> bool | None:
    from mauve.config.environment import InvalidVariable

    name = spec.env or ""
    try:
        return variables.boolean(name)
    except InvalidVariable as error:
        if name not in READ_BY_PARSER:
            raise
        message = f"invalid value '{error.value}' for '{spec.label}': value was not a boolean"
        raise UsageError(message, show_usage=False) from error


def _value_of(spec: OptionSpec, typed: object, variables: Variables) -> object:
    if spec.env is not None:
        found: object = None
        if spec.kind == FLAG:
            found = _flag_of(spec, variables)
        elif spec.kind == VALUE:
            found = variables.text(spec.env)
            if found is None and spec.needs_value and variables.mapping.get(spec.env) is not None:
                raise MissingValue(spec)
            found = None if found is None else spec.hidden_choices.get(found, found)
            if found is not None and spec.choices and found not in spec.choices:
                raise InvalidChoice(spec, str(found))
        elif spec.kind == VALUES:
            found = variables.items(spec.env, spec.env_split)
        if found is not None:
            return found
    if spec.kind in (VALUES, ARGUMENTS):
        return ()
    return 0 if spec.kind == COUNT else typed


class UsageError(Exception):
    """The words of the command line do not fit its options; shown with the usage of the command."""

    def __init__(
        self,
        message: str,
        *,
        details: tuple[str, ...] = (),
        usage: str | None = None,
        used: tuple[OptionSpec, ...] = (),
        show_usage: bool = True,
        path: str = "",
    ) -> None:
        """Take the *message* after `error: `, indented *details*, and the tail of the usage line if it is special."""
        super().__init__(message)
        self.message = message
        self.details = details
        self.usage = usage
        self.used = used
        self.show_usage = show_usage
        self.path = path


class InvalidChoice(UsageError):
    """A value that is not among the possible ones."""

    def __init__(self, spec: OptionSpec, given: str) -> None:
        """Name the option and what it accepts."""
        super().__init__(
            f"invalid value '{given}' for '{spec.label}'",
            details=(f"  [possible values: {', '.join(spec.choices)}]",),
            show_usage=False,
        )


class MissingValue(UsageError):
    """An option that needs a value has an empty one, or none."""

    def __init__(self, spec: OptionSpec) -> None:
        """Name the option and what it accepts."""
        details: tuple[str, ...] = ()
        if spec.choices:
            details = (f"  [possible values: {', '.join(spec.choices)}]",)
        elif _POSSIBLE in spec.help:
            details = (f"  {spec.help[spec.help.index(_POSSIBLE) :]}",)
        message = f"a value is required for '{spec.label}' but none was supplied"
        super().__init__(message, details=details, show_usage=False)


class CommandSpec:
    """A command: what it is called, its option groups, and the function that runs it with their instances.

    Attributes:
        path: words of the command, without the program's name.
        summary: the line that help shows.
        groups: in the order of the callback's parameters.
        conflicts: sets of fields of which at most one may be typed; `!FIELD` is a flag switched off.
        requires: pairs of fields of which the first may not be typed without the second.
        needs: fields of which at least one must be typed.
        overrides: sets of fields of which the last one typed counts.
    """

    __slots__ = (
        "callback",
        "conflicts",
        "groups",
        "needs",
        "overrides",
        "path",
        "positional_usage",
        "requires",
        "summary",
    )

    def __init__(
        self,
        path: str,
        summary: str,
        groups: tuple[type[ArgumentGroup], ...],
        callback: Callable[..., int],
        *,
        conflicts: tuple[tuple[str, ...], ...] = (),
        requires: tuple[tuple[str, str], ...] = (),
        needs: tuple[str, ...] = (),
        overrides: tuple[tuple[str, ...], ...] = (),
        positional_usage: str | None = None,
    ) -> None:
        self.path = path
        self.summary = summary
        self.groups = groups
        self.callback = callback
        self.conflicts = conflicts
        self.requires = requires
        self.needs = needs
        self.overrides = overrides
        self.positional_usage = positional_usage

    def specs(self) -> dict[str, OptionSpec]:
        """Return every option of every group by field; the first group that has a field decides about it."""
        found: dict[str, OptionSpec] = {}
        for group in self.groups:
            for field, spec in group.specs.items():
                found.setdefault(field, spec)
        return found


def command(
    path: str, summary: str, *groups: type[ArgumentGroup], **more: Any
) -> Callable[[Callable[..., int]], CommandSpec]:
    """Make a `CommandSpec` of the function below."""

    def declare(callback: Callable[..., int]) -> CommandSpec:
        return CommandSpec(path, summary, groups, callback, **more)

    return declare
