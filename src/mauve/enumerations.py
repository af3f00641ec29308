"""Enumerations that are made in a fifth of the time that the standard library takes for one.

A command consists of some thirty, most of which it needs two members of; `enum.Enum` costs a tenth of a millisecond
each. Type checkers see the classes of `enum`. Here is what this program uses of them: members are the only instances,
have a `name` and a `value`, compare as the class does that they derive from, are found by value, and come in the order
of definition. A struct that msgspec decodes needs those of the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import Enum, IntEnum, StrEnum
else:

    class _Kind(type):
        """The type of enumerations: its constructor finds members by their values."""

        _members: dict[object, Any]

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _Kind:
            values = {key: value for key, value in body.items() if key[:2] != "__" and not hasattr(value, "__get__")}
            members: dict[object, Any] = {}
            kind = type.__new__(cls, name, bases, {**body, "_members": members})
            for key, value in values.items():
                member = members[value] = kind.__new__(kind) if bases == (Enum,) else kind.__new__(kind, value)
                member.name = key
                member.value = value
                setattr(kind, key, member)
            return kind

        def __call__(cls, value: object) -> Any:
            """Return the member with this *value*.

            Raises:
                ValueError: there is none.
            """
            try:
                return cls._members[value]
            except KeyError:
                raise ValueError(f"{value!r} is not a valid {cls.__name__}") from None

        def __contains__(cls, value: object) -> bool:
            return isinstance(value, cls) or value in cls._members

        def __iter__(cls) -> Iterator[Any]:
            return iter(cls._members.values())

        def __len__(cls) -> int:
            return len(cls._members)

    class _Member:
        """What members of all enumerations have in common."""

        def __repr__(self) -> str:
            return f"<{type(self).__name__}.{self.name}: {self.value!r}>"

        def __copy__(self) -> _Member:
            return self

        def __deepcopy__(self, memo: object) -> _Member:
            return self

    class Enum(_Member, metaclass=_Kind):
        """Members that equal nothing but themselves."""

    class StrEnum(_Member, str, metaclass=_Kind):  # noqa: SLOT000 - members have a name
        """Members that are texts."""

        __str__ = str.__str__

    class IntEnum(_Member, int, metaclass=_Kind):
        """Members that are numbers."""

        __str__ = int.__repr__


__all__ = ["Enum", "IntEnum", "StrEnum"]
