"""Removing distributions: all that is theirs, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache, install, posix, tree
from tests.support.wheel_factory import make_wheel

from mauve.installer.inventory import read_inventory
from mauve.installer.uninstall import InstalledByDistutils, MissingRecord, MissingTopLevel, uninstall
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from mauve.installer.inventory import InstalledDistribution
    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget

pytestmark = posix


def _installed(target: InstallTarget, name: str = "aa") -> InstalledDistribution:
    return read_inventory(target).get(PackageName(name))[0]


def test_removal_undoes_installation(store: WheelStore, target: InstallTarget) -> None:
    """Files of other wheels in the same folders stay."""
    install(target, cache(store, make_wheel("bb", "1.0", files={"ns/bb.py": ""})))
    before = tree(target.root)
    files = {"ns/aa.py": "", "ns/sub/x.py": "", "aa/y/z.py": "", "aa-1.0.data/scripts/s": "#!python\n"}
    install(target, cache(store, make_wheel("aa", "1.0", files=files, entry_points="[console_scripts]\ne=a:b")))
    removal = uninstall(_installed(target), target)
    assert tree(target.root).keys() - {"bin"} == before.keys()
    assert removal.files == 11
    assert removal.skipped == ()


def test_bytecode_goes_and_foreign_files_stay(store: WheelStore, target: InstallTarget) -> None:
    """`__pycache__` is not in RECORD, but below the folders of the package it is ours."""
    install(target, cache(store, make_wheel("aa", "1.0", files={"aa/x.py": "", "aa/sub/y.py": "", "top.py": ""})))
    for place in ("aa/__pycache__/x.pyc", "aa/sub/__pycache__/y.pyc", "__pycache__/top.pyc", "aa/mine.txt"):
        Path(target.purelib, place).parent.mkdir(exist_ok=True)
        Path(target.purelib, place).write_text("")
    uninstall(_installed(target), target)
    assert set(tree(target.purelib)) == {"__pycache__", "__pycache__/top.pyc", "aa", "aa/mine.txt"}


def test_paths_outside_of_the_environment_are_left_alone(
    store: WheelStore, target: InstallTarget, tmp_path: Path
) -> None:
    """RECORD is only a text file; the caller warns about such rows."""
    outside = tmp_path / "precious"
    outside.write_text("")
    install(target, cache(store, make_wheel("aa", "1.0")))
    with open(f"{target.purelib}/aa-1.0.dist-info/RECORD", "a", encoding="utf-8") as record:
        record.write(f"../../../../precious,,\n{outside},,\naa/../../../../../precious,,\n")
    removal = uninstall(_installed(target), target)
    assert outside.exists()
    assert len(removal.skipped) == 3


def test_without_record_nothing_is_removed(store: WheelStore, target: InstallTarget) -> None:
    """Guessing would remove the wrong files."""
    install(target, cache(store, make_wheel("aa", "1.0")))
    record = f"{target.purelib}/aa-1.0.dist-info/RECORD"
    os.unlink(record)
    with pytest.raises(MissingRecord, match=f"Cannot uninstall package; `RECORD` file not found at: {record}"):
        uninstall(_installed(target), target)
    assert os.path.exists(f"{target.purelib}/aa/__init__.py")


def test_an_egg_info_folder_is_removed_by_its_top_level_modules(target: InstallTarget) -> None:
    """But not the namespaces it shares with others."""
    site = Path(target.purelib)
    info = site / "old-1.0-py3.12.egg-info"
    info.mkdir(parents=True)
    (info / "top_level.txt").write_text("old\nsingle\nshared\n")
    (info / "namespace_packages.txt").write_text("shared\n")
    for folder in ("old", "shared"):
        (site / folder).mkdir()
        (site / folder / "x.py").write_text("")
    (site / "single.py").write_text("")
    uninstall(_installed(target, "old"), target)
    assert set(tree(target.purelib)) == {"shared", "shared/x.py"}


def test_an_egg_info_folder_without_modules_is_refused(target: InstallTarget) -> None:
    """As by uv."""
    os.makedirs(f"{target.purelib}/old-1.0.egg-info")
    with pytest.raises(MissingTopLevel):
        uninstall(_installed(target, "old"), target)


def test_what_distutils_installed_is_refused(target: InstallTarget) -> None:
    """It left no list of files."""
    os.makedirs(target.purelib)
    Path(target.purelib, "old-2.0.egg-info").write_text("Name: old\nVersion: 2.0\n")
    with pytest.raises(InstalledByDistutils, match=r"Unable to uninstall `old==2.0`. distutils-installed"):
        uninstall(_installed(target, "old"), target)


def test_a_development_link_goes_with_its_line(target: InstallTarget, tmp_path: Path) -> None:
    """`setup.py develop` leaves a link and a line in `easy-install.pth`; the source tree stays."""
    source = tmp_path / "source"
    (source / "dev_pkg.egg-info").mkdir(parents=True)
    (source / "dev_pkg.egg-info/PKG-INFO").write_text("Name: dev-pkg\nVersion: 3.0\n")
    site = Path(target.purelib)
    site.mkdir(parents=True)
    (site / "dev-pkg.egg-link").write_text(f"{source}\n.\n")
    (site / "easy-install.pth").write_text(f"/other\n{source}\n")
    uninstall(_installed(target, "dev-pkg"), target)
    assert tree(target.purelib) == {"easy-install.pth": b"/other\n"}
    assert (source / "dev_pkg.egg-info").exists()
