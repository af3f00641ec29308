"""A process that is killed leaves an environment which the next run repairs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import json
from tests.support.installation import cache, install, posix, tree
from tests.support.wheel_factory import make_wheel

from mauve.installer.changes import take_back_partial
from mauve.installer.inventory import read_inventory
from mauve.installer.uninstall import uninstall
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget

pytestmark = posix

_FILES = {"aa/__init__.py": "1", "aa/x/y.py": "2", "aa-1.0.data/data/share/z": "3", "top.py": "4"}

_DIE = """
import os, sys
from mauve.installer.changes import SilentReporter, install_all
from mauve.installer.inventory import read_inventory
from mauve.installer.links import Linker, LinkMode
from mauve.installer.target import InstallTarget
from mauve.installer.uninstall import uninstall
from mauve.installer.wheel import CachedWheel, MetadataPolicy
from mauve.installer.manifest import read_manifest
from mauve.standards.names import PackageName
from mauve.standards.versions import parse_version
from msgspec import json

action, entry, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
target = json.decode(sys.argv[4], type=InstallTarget)
left = [steps]

def die(event, arguments):
    if event in {"os.link", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}:
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)

manifest = read_manifest(entry)
from mauve.filesystem import removal
sys.addaudithook(die)
if action == "install":
    wheel = CachedWheel(name=PackageName("aa"), version=parse_version("1.0"), entry=entry,
                        filename="aa-1.0-py3-none-any.whl", manifest=manifest)
    install_all([wheel], target, Linker(LinkMode.HARDLINK), policy=MetadataPolicy(), reporter=SilentReporter())
else:
    uninstall(read_inventory(target).get(PackageName("aa"))[0], target)
"""


def _run(action: str, entry: str, steps: int, target: InstallTarget) -> int:
    arguments = [sys.executable, "-c", _DIE, action, entry, str(steps), json.encode(target).decode()]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    return subprocess.run(arguments, check=False, env=environment).returncode


@pytest.mark.parametrize("steps", [1, 3, 5, 8, 12])
def test_a_killed_installation_is_not_taken_for_an_installed_package(
    store: WheelStore, target: InstallTarget, steps: int
) -> None:
    """It is installed again, and the result is the same as without the accident."""
    wheel = cache(store, make_wheel("aa", "1.0", files=_FILES, entry_points="[console_scripts]\ne=aa:b"))
    Path(target.purelib).mkdir(parents=True)
    assert _run("install", wheel.entry, steps, target) == 9
    inventory = read_inventory(target)
    assert inventory.get(PackageName("aa")) == ()
    install(target, wheel)
    repaired = tree(target.root)
    uninstall(read_inventory(target).get(PackageName("aa"))[0], target)
    install(target, wheel)
    assert tree(target.root) == repaired
    assert read_inventory(target).partial == ()


@pytest.mark.parametrize("steps", [1, 3, 5, 8, 12])
def test_a_killed_installation_is_taken_back_whole(store: WheelStore, target: InstallTarget, steps: int) -> None:
    """The package may not be wanted any more; files of others stay even if it has replaced them."""
    install(target, cache(store, make_wheel("bb", "1.0", files={"top.py": "4", "bb.py": ""})))
    before = tree(target.root)
    wheel = cache(store, make_wheel("aa", "1.0", files=_FILES, entry_points="[console_scripts]\ne=aa:b"))
    assert _run("install", wheel.entry, steps, target) == 9
    take_back_partial(read_inventory(target), target)
    after = {path: content for path, content in tree(target.root).items() if content is not None}
    assert after == {path: content for path, content in before.items() if content is not None}


@pytest.mark.parametrize("steps", [1, 2, 4, 6, 9])
def test_a_killed_removal_is_finished_later(store: WheelStore, target: InstallTarget, steps: int) -> None:
    """A distribution is gone from the first step on; its files follow."""
    wheel = cache(store, make_wheel("aa", "1.0", files=_FILES, entry_points="[console_scripts]\ne=aa:b"))
    install(target, wheel)
    assert _run("uninstall", wheel.entry, steps, target) == 9
    inventory = read_inventory(target)
    assert inventory.get(PackageName("aa")) == ()
    take_back_partial(inventory, target)
    assert [path for path, content in tree(target.root).items() if content is not None] == []
    assert read_inventory(target).partial == ()
