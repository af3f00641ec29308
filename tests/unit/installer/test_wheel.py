"""Installing wheels."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.support.installation import cache, install, posix, tree
from tests.support.wheel_factory import make_wheel, render_metadata

from mauve.distributions.sources import EditableSource, UrlSource
from mauve.installer.changes import SilentReporter, install_all
from mauve.installer.links import Linker, LinkMode
from mauve.installer.manifest import FILES
from mauve.installer.wheel import DamagedEntry, FailedToInstall, MetadataPolicy, UnusableFile

if TYPE_CHECKING:
    from mauve.installer.store import WheelStore
    from mauve.installer.target import InstallTarget

pytestmark = posix

_EVERYTHING = {
    "aa/__init__.py": "print(1)\n",
    "aa/b.py": "",
    "aa-1.0.data/scripts/s1": "#!python -E\nprint(1)\n",
    "aa-1.0.data/scripts/s2": "#!/bin/sh\n",
    "aa-1.0.data/data/share/aa/x.txt": "x",
    "aa-1.0.data/headers/a.h": "h",
    "aa-1.0.data/purelib/pl.py": "p",
    "aa-1.0.dist-info/licenses/L": "l",
}


def test_every_part_of_a_wheel_finds_its_place(store: WheelStore, target: InstallTarget) -> None:
    """The tree, `.data`, scripts and what is added; nothing else."""
    install(
        target, cache(store, make_wheel("aa", "1.0", files=_EVERYTHING, entry_points="[console_scripts]\ne = aa:m"))
    )
    site = "lib/python3.12/site-packages"
    found = tree(target.root)
    assert {path for path, content in found.items() if content is not None} == {
        "bin/e",
        "bin/s1",
        "bin/s2",
        "include/site/python3.12/aa/a.h",
        "share/aa/x.txt",
        f"{site}/aa/__init__.py",
        f"{site}/aa/b.py",
        f"{site}/pl.py",
        *(
            f"{site}/aa-1.0.dist-info/{name}"
            for name in ("INSTALLER", "METADATA", "RECORD", "REQUESTED", "WHEEL", "entry_points.txt", "licenses/L")
        ),
    }
    assert found["bin/s1"] == f"#!{target.python}\nprint(1)\n".encode()
    assert found["bin/s2"] == b"#!/bin/sh\n"
    assert found[f"{site}/aa-1.0.dist-info/INSTALLER"] == b"mauve"
    for script in ("e", "s1", "s2"):
        assert os.access(f"{target.scripts}/{script}", os.X_OK)


def test_record_lists_what_was_installed_where_it_is(store: WheelStore, target: InstallTarget) -> None:
    """Paths of moved files are relative to site-packages; every file has its digest, and each path exists."""
    install(
        target, cache(store, make_wheel("aa", "1.0", files=_EVERYTHING, entry_points="[console_scripts]\ne = aa:m"))
    )
    lines = Path(target.purelib, "aa-1.0.dist-info/RECORD").read_text().splitlines()
    paths = [line.rpartition(",")[0].rpartition(",")[0].strip('"') for line in lines]
    assert paths[:3] == ["../../../bin/e", "../../../bin/s1", "../../../bin/s2"]
    assert paths == sorted(paths)
    assert {os.path.normpath(f"{target.purelib}/{path}") for path in paths} == {
        f"{target.root}/{path}" for path, content in tree(target.root).items() if content is not None
    }
    assert [line for line in lines if "sha256=" not in line] == ["aa-1.0.dist-info/RECORD,,"]


def test_platform_wheels_go_to_platlib(store: WheelStore, target: InstallTarget) -> None:
    """Some systems keep them apart."""
    import msgspec

    apart = msgspec.structs.replace(target, platlib=f"{target.root}/lib64/python3.12/site-packages")
    files = {"aa.so": "", "aa-1.0.data/purelib/p.py": ""}
    install(apart, cache(store, make_wheel("aa", "1.0", files=files, root_is_purelib=False)))
    assert os.path.exists(f"{apart.platlib}/aa.so")
    assert os.path.exists(f"{apart.purelib}/p.py")
    assert "../../../lib/python3.12/site-packages/p.py," in Path(apart.platlib, "aa-1.0.dist-info/RECORD").read_text()


@pytest.mark.parametrize(
    ("source", "content"),
    [
        (UrlSource("http://h/a.whl"), '{"url":"http://h/a.whl","archive_info":{}}'),
        (EditableSource("/src/aa"), '{"url":"file:///src/aa","dir_info":{"editable":true}}'),
    ],
)
def test_the_origin_is_recorded_unless_it_is_an_index(
    store: WheelStore, target: InstallTarget, source: UrlSource | EditableSource, content: str
) -> None:
    """`direct_url.json`, PEP 610."""
    install(target, cache(store, make_wheel("aa", "1.0"), source))
    assert Path(target.purelib, "aa-1.0.dist-info/direct_url.json").read_text() == content


def test_additions_can_be_switched_off(store: WheelStore, target: InstallTarget) -> None:
    """Distributors of reproducible images do so."""
    wheel = cache(store, make_wheel("aa", "1.0"), UrlSource("http://h/a.whl"))
    install(target, wheel, policy=MetadataPolicy(is_written=False))
    assert sorted(os.listdir(f"{target.purelib}/aa-1.0.dist-info")) == ["METADATA", "RECORD", "WHEEL"]


@pytest.mark.parametrize(
    ("name", "version", "message"),
    [
        ("bb", "1.0", "Wheel package name does not match filename (bb != aa), "),
        ("aa", "2.0", "Wheel version does not match filename (2.0 != 1.0), "),
    ],
)
def test_metadata_must_agree_with_the_file_name(
    store: WheelStore, target: InstallTarget, name: str, version: str, message: str
) -> None:
    """Otherwise something else is installed than was resolved; a setting allows it."""
    wheel = cache(store, make_wheel("aa", "1.0", metadata=render_metadata(name, version)))
    with pytest.raises(FailedToInstall, match=r"Failed to install: aa-1.0-py3-none-any.whl \(aa==1.0\)") as failure:
        install(target, wheel)
    assert str(failure.value.__cause__).startswith(message)
    install(target, wheel, policy=MetadataPolicy(checks_filename=False))


def test_a_local_version_may_be_missing_from_metadata(store: WheelStore, target: InstallTarget) -> None:
    """Some projects add it to the file name only."""
    install(target, cache(store, make_wheel("aa", "1.0+cpu", metadata=render_metadata("aa", "1.0"))))
    assert os.path.exists(f"{target.purelib}/aa-1.0+cpu.dist-info/RECORD")


def test_the_later_of_two_wheels_with_one_file_wins(store: WheelStore, target: InstallTarget) -> None:
    """And the cache keeps both contents."""
    first = cache(store, make_wheel("aa", "1.0", files={"shared.py": "a"}, entry_points="[console_scripts]\nx=a:b"))
    second = cache(store, make_wheel("bb", "1.0", files={"shared.py": "b"}, entry_points="[console_scripts]\nx=b:b"))
    install(target, first, second)
    assert Path(target.purelib, "shared.py").read_text() == "b"
    assert "from b import b" in Path(target.scripts, "x").read_text()
    assert Path(first.entry, FILES, "shared.py").read_text() == "a"


def test_writing_a_script_never_writes_through_a_link(store: WheelStore, target: InstallTarget) -> None:
    """A script of the wheel may be a link into the cache when a launcher takes its place."""
    first = cache(store, make_wheel("aa", "1.0", files={"aa-1.0.data/scripts/x": "#!/bin/sh\n"}))
    second = cache(store, make_wheel("bb", "1.0", entry_points="[console_scripts]\nx=b:b"))
    install(target, first, second)
    assert Path(first.entry, FILES, "aa-1.0.data/scripts/x").read_text() == "#!/bin/sh\n"


@pytest.mark.parametrize("lost", ["aa/__init__.py", "aa", "aa-1.0.dist-info/METADATA", "aa-1.0.data/scripts/s1"])
def test_a_damaged_cache_entry_is_restored(store: WheelStore, target: InstallTarget, lost: str) -> None:
    """Another process may clean the cache at any time."""
    built = make_wheel("aa", "1.0", files=_EVERYTHING)
    wheel = cache(store, built)
    place = Path(wheel.entry, FILES, lost)
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    with pytest.raises(DamagedEntry):
        install(target, wheel)

    def restore(damaged):
        store.discard(damaged.name, damaged.manifest.sha256)
        return cache(store, built)

    linker = Linker(LinkMode.HARDLINK)
    install_all([wheel], target, linker, policy=MetadataPolicy(), reporter=SilentReporter(), restore=restore)
    assert Path(target.purelib, "aa/__init__.py").read_text() == "print(1)\n"
    assert os.listdir(target.purelib).count(".aa-1.0.dist-info.partial") == 0


def test_a_library_folder_that_cannot_be_used_is_named(store: WheelStore, target: InstallTarget) -> None:
    """The user has to know which folder to look at. What may not be written is tested with the program."""
    Path(target.purelib).parent.mkdir(parents=True, exist_ok=True)
    Path(target.purelib).write_text("a file in its place")
    with pytest.raises(FailedToInstall) as failure:
        install(target, cache(store, make_wheel("aa", "1.0")))
    assert isinstance(failure.value.__cause__, UnusableFile)
    assert target.purelib in str(failure.value.__cause__)


def test_a_full_disk_is_reported_with_the_path(
    store: WheelStore, target: InstallTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was installed before stays installed."""
    import errno

    first, second = cache(store, make_wheel("aa", "1.0")), cache(store, make_wheel("bb", "1.0"))
    link = os.link

    def limited(source: str, name: str, **options: int) -> None:
        if "bb" in os.readlink(f"/proc/self/fd/{options['src_dir_fd']}"):
            raise OSError(errno.ENOSPC, "No space left on device", name)
        link(source, name, **options)

    monkeypatch.setattr(os, "link", limited)
    with pytest.raises(FailedToInstall, match=r"bb==1.0") as failure:
        install(target, first, second)
    assert str(failure.value.__cause__) == (
        f"failed to link `{target.purelib}/bb/__init__.py`: No space left on device (os error 28)"
    )
    assert os.path.exists(f"{target.purelib}/aa-1.0.dist-info/RECORD")
    assert not os.path.exists(f"{target.purelib}/bb-1.0.dist-info")


def test_scripts_that_replace_activation_are_told(store: WheelStore) -> None:
    """They are installed, with a warning."""
    points = "[console_scripts]\nactivate.fish = a:b\nactivate-x = a:b\n"
    wheel = cache(store, make_wheel("aa", "1.0", files={"aa-1.0.data/scripts/activate": ""}, entry_points=points))
    assert wheel.activation_scripts == ("activate.fish", "activate")


def test_a_file_in_the_place_of_a_folder_is_reported(store: WheelStore, target: InstallTarget) -> None:
    """It is not ours to remove."""
    os.makedirs(target.purelib)
    Path(target.purelib, "aa").write_text("mine")
    with pytest.raises(FailedToInstall):
        install(target, cache(store, make_wheel("aa", "1.0")))
    assert Path(target.purelib, "aa").read_text() == "mine"
