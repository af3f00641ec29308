"""Modules that stand in for others while a library is imported that names them at its top but rarely needs them.

A stand-in loads the module that it stands for when an attribute is asked for; what is imported from it by name is a
stand-in too, which does so when it is called, or asked for an attribute of its own. Nothing is kept from anyone else:
the names are free again afterwards, and a module that is there before stays. Of such a module some attributes may be
others meanwhile.

A library that was imported so can do less (httpx knows no cookies, msgspec no decimals). So it happens only in a
process that runs mauve's command line; a program that imports mauve's modules has its libraries whole.
"""

from __future__ import annotations

import _thread
import sys
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping

T = TypeVar("T")

_modules: MutableMapping[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None: cannot be imported


class _Deferred(ModuleType):
    """Loads the module of its name for the first attribute that is not among the *members* imported by name."""

    def __init__(self, name: str, members: Iterable[str], values: Mapping[str, object]) -> None:
        super().__init__(name)
        for member in members:
            setattr(self, member, _DeferredMember(name, member))
        for member, placeholder in values.items():
            setattr(self, member, placeholder)

    def __getattr__(self, name: str) -> object:
        if name == "__path__":  # what an import asks to find out if this is a package
            raise AttributeError(name)
        return getattr(real_module(self.__name__), name)


class _DeferredMember:
    """Stands for a function, a class or an object of a module; libraries may set attributes of it, such as a name."""

    __slots__ = ("__dict__", "_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __call__(self, *positional: object, **named: object) -> object:
        return getattr(real_module(self._module), self._name)(*positional, **named)

    def __getattr__(self, name: str) -> object:
        return getattr(getattr(real_module(self._module), self._name), name)


class _LateField:
    """Stands for a field of a data class."""

    def __init__(self, **options: object) -> None:
        self.options = options


def _late_data_class(kind: type[T] | None = None, /, **options: bool) -> type[T] | Callable[[type[T]], type[T]]:
    """Stand for `dataclasses.dataclass`, which compiles methods for each class: here for the first instance of it."""

    def decorate(kind: type[T]) -> type[T]:
        def start(self: T, *values: object, **named: object) -> None:
            real = real_module("dataclasses")
            del kind.__init__
            for name, value in tuple(vars(kind).items()):
                if isinstance(value, _LateField):
                    setattr(kind, name, real.field(**value.options))
            real.dataclass(**options)(kind)
            self.__init__(*values, **named)  # type: ignore[misc]  # the one that was just made

        setattr(kind, "__init__", start)  # noqa: B010 - it has none yet
        return kind

    return decorate if kind is None else decorate(kind)


LATE_DATA_CLASSES: Final[Mapping[str, object]] = MappingProxyType({"dataclass": _late_data_class, "field": _LateField})
"""For `StandIns`, in place of `dataclasses`, where no data class is based on another."""


class UnreadReference:
    """Stands for `typing.ForwardRef`, which compiles an annotation, in modules whose annotations nobody reads.

    The first thing that is compiled makes Python load what its compiler knows about trees of syntax: a millisecond.
    """

    def __init__(self, text: str, **_: object) -> None:
        """Take what `typing.ForwardRef` takes."""


def real_module(name: str) -> ModuleType:
    """Return the module called *name* itself."""
    if isinstance(_modules.get(name), _Deferred):
        del _modules[name]
    return import_module(name)


class StandIns:
    """A block in which these modules are replaced.

    `allowed` is set where the process does nothing but run mauve's command line; without it the block is empty.
    `_replaced` is what was put in place of what is not there yet: None where the module is to look missing. `_changed`
    are attributes of modules that are there, `_kept` their values outside of the block.
    """

    __slots__ = ("_changed", "_kept", "_replaced")

    allowed: ClassVar[bool] = False

    def __init__(
        self,
        deferred: Mapping[str, tuple[str, ...]],
        missing: tuple[str, ...] = (),
        values: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
        changed: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
    ) -> None:
        """Defer the modules *deferred*, with what is imported from them by name; hide those in *missing*.

        Modules in *values* are deferred too; of each, some types, functions or constants are replaced by others.
        Modules in *changed* are imported, and have the attributes given there as long as the block lasts. Another
        thread would see them too: while there is one, a block that changes anything is empty.
        """
        self._kept: list[tuple[ModuleType, str, object]] = []
        self._changed: list[tuple[ModuleType, Mapping[str, object]]] = []
        self._replaced: dict[str, ModuleType | None] = {}
        if not self.allowed or (changed and _thread._count()):  # noqa: SLF001 - `threading` costs as much as it saves
            return
        self._changed += [(import_module(name), attributes) for name, attributes in changed.items()]
        self._replaced |= {
            name: _Deferred(name, deferred.get(name, ()), values.get(name, {}))
            for name in {**deferred, **values}
            if name not in _modules
        }
        self._replaced |= {name: None for name in missing if name not in _modules}

    def __enter__(self) -> None:
        """Put the stand-ins in place; packages that are loaded have theirs until the module itself is imported."""
        _modules.update(self._replaced)
        for name, module in self._replaced.items():
            package, _, last = name.rpartition(".")
            parent = _modules.get(package)
            if module is not None and parent is not None and not hasattr(parent, last):
                setattr(parent, last, module)
        for changed, attributes in self._changed:
            for attribute, value in attributes.items():
                self._kept.append((changed, attribute, getattr(changed, attribute)))
                setattr(changed, attribute, value)

    def __exit__(self, *_: object) -> None:
        """Free the names, and give modules their attributes back."""
        for changed, attribute, value in self._kept:
            setattr(changed, attribute, value)
        self._kept.clear()
        for name, module in self._replaced.items():
            if _modules.get(name, module) is module:
                _modules.pop(name, None)
