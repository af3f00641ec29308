"""What is installed, from the names of folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mauve.installer.inventory import InstalledKind, UnreadableInstallation, read_inventory
from mauve.standards.names import PackageName
from mauve.standards.versions import parse_version

if TYPE_CHECKING:
    from mauve.installer.target import InstallTarget


def _folders(target: InstallTarget, *names: str) -> None:
    for name in names:
        os.makedirs(f"{target.purelib}/{name}")


def test_names_and_versions_come_from_folder_names(target: InstallTarget) -> None:
    """No file is opened, so an environment of hundreds costs one system call."""
    _folders(target, "Foo_Bar-1.0.post1.dist-info", "baz-2.0.dist-info", "baz", "nodash.dist-info")
    found = {installed.name: installed.version for installed in read_inventory(target)}
    assert found == {PackageName("foo-bar"): parse_version("1.0.post1"), PackageName("baz"): parse_version("2.0")}


def test_no_environment_has_nothing(target: InstallTarget) -> None:
    """A new environment may lack the folder."""
    assert list(read_inventory(target)) == []


def test_two_versions_of_one_package_are_both_reported(target: InstallTarget) -> None:
    """Such an environment is repaired by removing both."""
    _folders(target, "aa-1.0.dist-info", "aa-2.0.dist-info")
    assert [str(installed.version) for installed in read_inventory(target).get(PackageName("aa"))] == ["1.0", "2.0"]


def test_eggs_are_known_by_name_or_content(target: InstallTarget) -> None:
    """Older tools left them."""
    _folders(target, "one-1.0-py3.12.egg-info", "two.egg-info")
    Path(target.purelib, "two.egg-info/PKG-INFO").write_text("Name: two\nVersion: 2.0\n")
    Path(target.purelib, "three-3.0.egg-info").write_text("")
    found = {(str(i.name), str(i.version), i.kind) for i in read_inventory(target)}
    assert found == {
        ("one", "1.0", InstalledKind.EGG_INFO_FOLDER),
        ("two", "2.0", InstalledKind.EGG_INFO_FOLDER),
        ("three", "3.0", InstalledKind.EGG_INFO_FILE),
    }


def test_a_folder_with_a_bad_version_stops_everything(target: InstallTarget) -> None:
    """As with uv: whatever it is, it must not be overwritten unseen."""
    _folders(target, "bad-x.dist-info")
    with pytest.raises(UnreadableInstallation, match=r"Failed to read metadata from: .*/bad-x.dist-info"):
        read_inventory(target)


def test_leftovers_of_interrupted_runs_are_no_distributions(target: InstallTarget) -> None:
    """They are listed apart."""
    _folders(target, ".aa-1.0.dist-info.partial")
    inventory = read_inventory(target)
    assert list(inventory) == []
    assert inventory.partial == (f"{target.purelib}/.aa-1.0.dist-info.partial",)


def test_tags_are_read_from_wheel(target: InstallTarget) -> None:
    """An environment whose interpreter was replaced needs other wheels."""
    _folders(target, "aa-1.0.dist-info")
    Path(target.purelib, "aa-1.0.dist-info/WHEEL").write_text(
        "Wheel-Version: 1.0\nTag: py2-none-any\nTag: py3-none-any\n"
    )
    assert next(iter(read_inventory(target))).tags() == ("py2-none-any", "py3-none-any")
