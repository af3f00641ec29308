"""Many wheels at once: with the help of a second processor the environment becomes the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache, helping, install, posix, tree
from tests.support.wheel_factory import make_wheel

from mauve.filesystem import halves
from mauve.installer import changes
from mauve.installer.changes import SilentReporter, install_all
from mauve.installer.links import Linker, LinkMode
from mauve.installer.wheel import CachedWheel, FailedToInstall, MetadataPolicy

if TYPE_CHECKING:
    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget

pytestmark = posix


class _Heard(SilentReporter, frozen=True):
    """Remembers which wheels were installed."""

    names: list[str]

    def installed(self, wheel: CachedWheel) -> None:
        """Remember it."""
        self.names.append(wheel.name)


def _wheels(store: WheelStore) -> list[CachedWheel]:
    """Return wheels with folders, empty ones too, scripts, data, and files beside folders."""
    made: list[CachedWheel] = []
    for number in range(12):
        name = f"p{number:02}"
        files = {f"{name}/d{part}/f{part % 7}_{part}.py": f"{name} {part}" for part in range(number * 9)}
        files |= {f"{name}.py": name, f"{name}/one/only.py": name, f"{name}-1.0.data/data/share/{name}": name}
        made.append(cache(store, make_wheel(name, "1.0", files=files, entry_points=f"[console_scripts]\n{name}=a:b")))
    return made


def _installed_by_one(
    store: WheelStore, target: InstallTarget, mode: LinkMode
) -> tuple[list[CachedWheel], dict[str, bytes | None]]:
    """Return wheels, and what one process makes of them, which is removed again."""
    wheels = _wheels(store)
    install(target, *wheels, linker=Linker(mode))
    expected = tree(target.root)
    shutil.rmtree(target.root)
    return wheels, expected


@pytest.mark.parametrize("mode", [LinkMode.CLONE, LinkMode.HARDLINK, LinkMode.COPY, LinkMode.SYMLINK])
def test_two_processes_make_what_one_makes(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch, mode: LinkMode
) -> None:
    """Every file, folder and script, and every wheel is told of once."""
    wheels, expected = _installed_by_one(store, target, mode)
    monkeypatch.setattr(changes, "MANY", 0)
    heard = _Heard([])
    install_all(wheels, target, Linker(mode), policy=MetadataPolicy(), reporter=heard)
    assert tree(target.root) == expected
    assert sorted(heard.names) == [wheel.name for wheel in wheels]


@pytest.mark.parametrize("mode", [LinkMode.CLONE, LinkMode.HARDLINK, LinkMode.COPY, LinkMode.SYMLINK])
def test_partners_make_what_one_process_makes(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch, mode: LinkMode
) -> None:
    """As a child does that is forked for it."""
    wheels, expected = _installed_by_one(store, target, mode)
    monkeypatch.setattr(changes, "_MANY_WITH_PARTNERS", 0)
    heard = _Heard([])
    with helping(monkeypatch, store, 2) as partners:
        install_all(wheels, target, Linker(mode), policy=MetadataPolicy(), reporter=heard, partners=partners)
    assert tree(target.root) == expected
    assert sorted(heard.names) == [wheel.name for wheel in wheels]


def test_of_two_wheels_with_one_file_the_later_wins(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever is larger; those that have nothing in common with others are shared all the same."""
    monkeypatch.setattr(changes, "MANY", 0)
    shared: list[int] = []
    monkeypatch.setattr(halves, "share", lambda number, do, do_apart: shared.append(number) or [])
    large = {f"a/f{number}.py": "" for number in range(50)}
    wheels = [
        cache(store, make_wheel("a", "1.0", files={**large, "shared/x.py": "a"})),
        cache(store, make_wheel("b", "1.0", files={"shared/x.py": "b"})),
        *[cache(store, make_wheel(name, "1.0", files={f"{name}.py": name})) for name in "cde"],
    ]
    install(target, *wheels)
    assert Path(target.purelib, "shared/x.py").read_text(encoding="utf-8") == "b"
    assert shared == [2]  # the smallest is placed first


@pytest.mark.parametrize("lost", ["p01/one/only.py", "p11/one/only.py"])
def test_a_wheel_that_lost_files_is_restored(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Whichever process finds it."""
    wheels = _wheels(store)
    install(target, *wheels)
    expected = tree(target.root)
    shutil.rmtree(target.root)
    monkeypatch.setattr(changes, "MANY", 0)
    damaged = next(wheel for wheel in wheels if lost.startswith(wheel.name))
    place = Path(damaged.entry, "files", lost)
    content = place.read_bytes()
    place.unlink()

    def restore(wheel: CachedWheel) -> CachedWheel:
        place.write_bytes(content)
        return wheel

    heard = _Heard([])
    install_all(wheels, target, Linker(LinkMode.HARDLINK), policy=MetadataPolicy(), reporter=heard, restore=restore)
    assert tree(target.root) == expected
    assert sorted(heard.names) == [wheel.name for wheel in wheels]


def test_what_cannot_be_placed_is_told(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder is where a file has to go; the wheel is no distribution then."""
    monkeypatch.setattr(changes, "MANY", 0)
    wheels = _wheels(store)
    Path(target.purelib, "p05.py/in the way").mkdir(parents=True)
    with pytest.raises(FailedToInstall, match=r"^Failed to install: p05-1\.0"):
        install(target, *wheels)
    assert not Path(target.purelib, "p05-1.0.dist-info").exists()
