"""Getting wheels into the cache."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import anyio
import msgspec
import pytest
from tests.support.installation import cache, distribution, helping, posix, tree
from tests.support.wheel_factory import BuiltFile, make_wheel

from mauve.distributions.files import File, Wheel
from mauve.distributions.resolution import ResolvedDistribution
from mauve.distributions.sources import EditableSource, PathSource, UrlSource
from mauve.errors import ExitStatus, MauveError
from mauve.installer import spool as spool_module
from mauve.installer import team as team_module
from mauve.installer.cached import CachedWheels
from mauve.installer.plan import RemoteDistribution
from mauve.installer.prepare import BuiltWheel, FailedToPrepare, Preparer, UnexpectedHash
from mauve.standards.filenames import WheelFilename, parse_wheel_filename
from mauve.standards.hashes import HashDigest
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mauve.installer.partner import Partners
    from mauve.installer.prepare import Sink
    from mauve.installer.store import WheelStore
    from mauve.installer.wheel import CachedWheel


class Offline(MauveError):
    """Nothing can be fetched."""


class Files:
    """Serves wheels from memory in pieces, after one false start, and counts."""

    def __init__(self, *built: BuiltFile) -> None:
        self.contents = {f"http://index.test/files/{one.filename}": one.content for one in built}
        self.count = 0

    is_offline = False

    async def is_unchanged(self, url: str, headers: Mapping[str, str]) -> bool:
        """Return whether the file is still there."""
        return url in self.contents

    async def fetch_file(
        self,
        url: str,
        hashes: tuple[HashDigest, ...],
        sink: Sink,
        *,
        name: str | None = None,
        heard: Callable[[Mapping[str, str]], None] | None = None,
    ) -> tuple[HashDigest, ...]:
        """Give the file to *sink*; checking hashes is the client's business and always succeeds here."""
        self.count += 1
        if url not in self.contents:
            raise Offline("Network connectivity is disabled")
        sink.write(b"false start")
        sink.restart()
        content = self.contents[url]
        for at in range(0, len(content), 100):
            sink.write(content[at : at + 100])
            await anyio.lowlevel.checkpoint()
        return hashes


class States:
    """Tells the state that a test sets."""

    now = b"1"

    def state(self, path: str) -> bytes:
        """Return it."""
        return self.now


class OneWheel:
    """A builder that always builds the same wheel."""

    def __init__(self, path: str = "", build_info: bytes = b"{}") -> None:
        self.path = path
        self.build_info = build_info

    async def build(self, distribution: ResolvedDistribution) -> BuiltWheel:
        """Return it."""
        return BuiltWheel(path=self.path, build_info=self.build_info)


class AllTags:
    """Every wheel fits; those for a platform better."""

    def priority(self, wheel: WheelFilename) -> int | None:
        """Return the rank."""
        return int(wheel.platform_tags == ("any",))


def _prepare(
    store: WheelStore,
    *resolved: ResolvedDistribution,
    files: Files | None = None,
    builder: OneWheel | None = None,
    states: States | None = None,
    partners: Partners | None = None,
) -> tuple[CachedWheel, ...]:
    preparer = Preparer(store, files or Files(), builder or OneWheel(), states or States(), partners=partners)
    remote = [RemoteDistribution(one, one.wheels[0] if one.wheels else None) for one in resolved]
    return anyio.run(preparer.prepare, remote)


def _find(store: WheelStore, resolved: ResolvedDistribution, states: States | None = None) -> CachedWheel | None:
    return CachedWheels(store, states or States(), AllTags()).find(resolved)


def test_what_was_prepared_is_found_again(store: WheelStore) -> None:
    """In the order asked for, and without a second download."""
    built = [make_wheel(name, "1.0") for name in ("aa", "bb", "cc")]
    resolved = [distribution(one) for one in built]
    wheels = _prepare(store, *resolved, files=Files(*built))
    assert [wheel.name for wheel in wheels] == ["aa", "bb", "cc"]
    assert [_find(store, one) for one in resolved] == list(wheels)


def test_a_large_download_goes_through_a_file(store: WheelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves nothing behind."""
    monkeypatch.setattr(spool_module, "LARGEST_IN_MEMORY", 250)
    built = make_wheel("aa", "1.0")
    (wheel,) = _prepare(store, distribution(built), files=Files(built))
    assert wheel.manifest.sha256 == built.sha256
    assert os.listdir(store.scratch()) == []


@posix
@pytest.mark.parametrize("is_gone", [False, True])
def test_other_processes_unpack_the_same(store: WheelStore, monkeypatch: pytest.MonkeyPatch, is_gone: bool) -> None:
    """Small ones and large ones, from memory and from files; and if they have ended, this one does it all."""
    monkeypatch.setattr(spool_module, "LARGEST_IN_MEMORY", 60_000)
    monkeypatch.setattr(team_module, "_LARGE", 20_000)
    chance = Random(3)
    built = [
        make_wheel(f"p{size}", "1.0", files={f"p{size}/{part}.bin": chance.randbytes(size) for part in range(150)})
        for size in (1, 20, 300, 900)
    ]
    resolved = [distribution(one) for one in built]
    with helping(monkeypatch, store, 2) as partners:
        if is_gone:
            for partner in partners:
                os.kill(partner._process, signal.SIGKILL)
        wheels = _prepare(store, *resolved, files=Files(*built), partners=partners)
    assert os.listdir(store.scratch()) == []
    for one, wheel in zip(built, wheels, strict=True):
        unpacked = tree(wheel.entry)
        store.discard(wheel.name, one.sha256)
        assert tree(cache(store, one).entry) == unpacked


def test_a_wheel_without_known_digest_is_remembered_by_its_url(store: WheelStore) -> None:
    """Indexes need not publish digests; the cache is keyed by SHA-256 all the same."""
    built = make_wheel("aa", "1.0")
    known = distribution(built)
    file = msgspec.structs.replace(known.wheels[0].file, hashes=())
    unknown = msgspec.structs.replace(known, wheels=(Wheel(file, known.wheels[0].filename),))
    assert _find(store, unknown) is None
    _prepare(store, unknown, files=Files(built))
    found = _find(store, unknown)
    assert found is not None
    assert found.manifest.sha256 == built.sha256
    demanding = msgspec.structs.replace(unknown, hashes=(HashDigest.parse("sha256:" + "0" * 64),))
    assert _find(store, demanding) is None


def test_a_direct_url_is_recorded_and_described(store: WheelStore) -> None:
    """Errors show where it comes from."""
    built = make_wheel("aa", "1.0")
    resolved = distribution(built, UrlSource(f"http://index.test/files/{built.filename}"))
    (wheel,) = _prepare(store, resolved, files=Files(built))
    assert wheel.direct_url == b'{"url":"http://index.test/files/%s","archive_info":{}}' % built.filename.encode()
    assert wheel.display == f"aa==1.0 (from http://index.test/files/{built.filename})"


def test_the_first_failure_stops_everything(store: WheelStore) -> None:
    """The error of the client is the cause, and its exit status counts."""
    built = make_wheel("aa", "1.0")
    with pytest.raises(FailedToPrepare, match=r"Failed to download `bb==1.0`") as failure:
        _prepare(store, distribution(built), distribution(make_wheel("bb", "1.0")), files=Files(built))
    assert isinstance(failure.value.__cause__, Offline)
    assert failure.value.status is ExitStatus.ERROR


def test_a_damaged_archive_is_refused_and_not_kept(store: WheelStore) -> None:
    """The message names the file, the cause the fault."""
    built = make_wheel("aa", "1.0")
    broken = BuiltFile(filename=built.filename, content=built.content + b"x", metadata=b"")
    with pytest.raises(FailedToPrepare, match=r"Failed to download `aa==1.0`") as failure:
        _prepare(store, distribution(broken), files=Files(broken))
    assert str(failure.value.__cause__) == f"Failed to extract archive: {built.filename}"
    assert "trailing contents" in str(failure.value.__cause__.__cause__)
    assert _find(store, distribution(broken)) is None
    assert os.listdir(store.scratch()) == []


def test_a_full_disk_is_reported_with_the_path(store: WheelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large download is written while it arrives."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool_module, "LARGEST_IN_MEMORY", 250)
    built = make_wheel("aa", "1.0")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(FailedToPrepare) as failure:
            _prepare(store, distribution(built), files=Files(built))
    assert failure.value.status is ExitStatus.ERROR
    assert str(failure.value.__cause__).startswith(f"failed to write to `{store.scratch()}/")
    assert str(failure.value.__cause__).endswith("No space left on device (os error 28)")
    assert os.listdir(store.scratch()) == []


def _local(path: Path, built: BuiltFile, *hashes: HashDigest) -> ResolvedDistribution:
    path.write_bytes(built.content)
    filename = parse_wheel_filename(built.filename)
    file = File(filename=built.filename, url=f"file://{path}", hashes=hashes)
    return ResolvedDistribution(
        name=filename.name, version=filename.version, source=PathSource(str(path)), wheels=(Wheel(file, filename),)
    )


def test_a_local_wheel_is_unpacked_again_when_it_changes(store: WheelStore, tmp_path: Path) -> None:
    """Its state is what `uv_cache.json` records."""
    resolved, states = _local(tmp_path / "aa-1.0-py3-none-any.whl", make_wheel("aa", "1.0")), States()
    (wheel,) = _prepare(store, resolved)
    assert wheel.cache_info == b"1"
    assert _find(store, resolved, states) == wheel
    states.now = b"2"
    assert _find(store, resolved, states) is None


def test_a_local_wheel_must_be_the_locked_one(store: WheelStore, tmp_path: Path) -> None:
    """The message is that of a download with a wrong hash."""
    built = make_wheel("aa", "1.0")
    wrong = HashDigest.parse("sha256:" + "0" * 64)
    resolved = _local(tmp_path / built.filename, built, wrong)
    with pytest.raises(FailedToPrepare, match="Failed to read") as failure:
        _prepare(store, resolved)
    assert isinstance(failure.value.__cause__, UnexpectedHash)
    assert str(failure.value.__cause__) == (
        f"Hash mismatch for `aa @ file://{tmp_path}/{built.filename}`\n\n"
        f"Expected:\n  {wrong}\n\nComputed:\n  sha256:{built.sha256}"
    )


def test_a_local_wheel_that_is_gone_is_named(store: WheelStore, tmp_path: Path) -> None:
    """As any missing file."""
    resolved = _local(tmp_path / "aa-1.0-py3-none-any.whl", make_wheel("aa", "1.0"))
    os.unlink(resolved.source.path)
    with pytest.raises(FailedToPrepare) as failure:
        _prepare(store, resolved)
    assert str(failure.value.__cause__).endswith("No such file or directory (os error 2)")


def test_a_built_wheel_serves_until_source_or_settings_change(store: WheelStore, tmp_path: Path) -> None:
    """One wheel for each tag is remembered, the best one is taken."""
    tree = ResolvedDistribution(name=PackageName("aa"), version=None, source=EditableSource(str(tmp_path)))
    for tag in ("cp312-cp312-linux_x86_64", "py3-none-any"):
        built = make_wheel("aa", "1.0", tag=tag)
        (tmp_path / built.filename).write_bytes(built.content)
        (wheel,) = _prepare(store, tree, builder=OneWheel(f"{tmp_path}/{built.filename}"))
        assert (wheel.cache_info, wheel.build_info) == (b"1", b"{}")
    found = _find(store, tree)
    assert found is not None
    assert found.filename == "aa-1.0-cp312-cp312-linux_x86_64.whl"
    changed = States()
    changed.now = b"2"
    assert _find(store, tree, changed) is None
    other = {PackageName("aa"): b'{"config_settings":{"a":"b"}}'}
    assert CachedWheels(store, States(), AllTags(), other).find(tree) is None


def test_no_more_is_built_at_once_than_allowed(store: WheelStore, tmp_path: Path) -> None:
    """`concurrent-builds`; the builds themselves take turns while they run."""
    built = make_wheel("aa", "1.0")
    (tmp_path / built.filename).write_bytes(built.content)

    class Crowd(OneWheel):
        running = most = 0

        async def build(self, distribution: ResolvedDistribution) -> BuiltWheel:
            self.running += 1
            self.most = max(self.most, self.running)
            await anyio.lowlevel.checkpoint()
            self.running -= 1
            return await super().build(distribution)

    crowd = Crowd(f"{tmp_path}/{built.filename}")
    trees = [
        ResolvedDistribution(name=PackageName(f"a{number}"), version=None, source=EditableSource(f"/w/a{number}"))
        for number in range(5)
    ]
    preparer = Preparer(store, Files(), crowd, States(), builders=2)
    anyio.run(preparer.prepare, [RemoteDistribution(tree, None) for tree in trees])
    assert crowd.most == 2
