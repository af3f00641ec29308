"""Processes beside this one that unpack and link wheels: of all threads of a process, only one has the interpreter.

They are forked before there are threads, know what this process knew then, and get one task after another. What goes
wrong there is not told: the task is not done, and whoever does it here finds out why.
"""

from __future__ import annotations

import os

# Not from `threading`, which may not be loaded yet.
from _thread import allocate_lock
from collections import deque
from contextlib import suppress
from select import select
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from msgspec import Struct

from mauve.filesystem.halves import spare_processors
from mauve.installer.archive import Member
from mauve.standards.names import PackageName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mauve.filesystem.placing import Placement, Placer
    from mauve.installer.archive import Buffer
    from mauve.installer.arena import Arena
    from mauve.installer.links import LinkMode
    from mauve.installer.store import WheelStore

DEPTH: Final = 2
"""Tasks that a partner is given at once, so that it finds the next one when it ends the first."""
_MOST: Final = 4
"""Partners; with more of them the disk, or whoever downloads, is slower than they."""
_WORTH: Final = 2 << 20
"""Bytes of archives for which a partner is worth its start, some milliseconds."""
_DONE: Final = b"\1"
_NOT_DONE: Final = b"\0"
_LENGTH: Final = 4


class Content(Struct, frozen=True, array_like=True):
    """Where the bytes of an archive are that several processes read.

    Attributes:
        path: of the file; empty if it is in the arena.
        begin: within the arena.
        size: within the arena.
    """

    path: str
    begin: int = 0
    size: int = 0


class UnpackTask(Struct, frozen=True, array_like=True, tag=0):
    """Put a wheel into the cache; see `WheelStore.add`."""

    content: Content
    name: str
    digests: tuple[str, ...]


class ExtractTask(Struct, frozen=True, array_like=True, tag=1):
    """Write some members of a wheel below the folder *target*; see `WheelStore.extract`."""

    content: Content
    target: str
    members: tuple[Member, ...]


class PlaceTask(Struct, frozen=True, array_like=True, tag=2):
    """Put a wheel into an environment: in the arena are the values of a `Placement`, as `marshal` has them."""

    begin: int
    size: int
    mode: str


Task: TypeAlias = UnpackTask | ExtractTask | PlaceTask


class Partner:
    """One process. Tasks are given to it in any thread; what it has done is heard by one at a time.

    `_waiting` is told whether the tasks are done that were given and not heard of, in their order; `_lock` guards it,
    and the order of what is written.

    Attributes:
        is_alive: it was not heard to have ended.
    """

    __slots__ = ("_heard", "_lock", "_process", "_tasks", "_waiting", "is_alive")

    def __init__(self, arena: Arena, store: WheelStore) -> None:
        """Start the process. Raises `OSError` if there can be none."""
        reads_tasks, self._tasks = os.pipe()
        self._heard, tells = os.pipe()
        self._waiting: deque[Callable[[bool], None]] = deque()
        self._lock = allocate_lock()
        self.is_alive = True
        try:
            self._process = os.fork()
        except OSError:
            for descriptor in (reads_tasks, self._tasks, self._heard, tells):
                os.close(descriptor)
            raise
        if self._process == 0:
            _work(reads_tasks, tells, arena, store)
        os.close(reads_tasks)
        os.close(tells)

    @property
    def descriptor(self) -> int:
        """Return what can be read when there is something to hear."""
        return self._heard

    @property
    def load(self) -> int:
        """Return how many tasks were given and not heard of."""
        return len(self._waiting)

    @property
    def has_news(self) -> bool:
        """Return whether `hear` would return at once with something."""
        return bool(self._waiting) and bool(select([self._heard], [], [], 0)[0])

    def give(self, task: Task, heard: Callable[[bool], None]) -> None:
        """Have *task* done; *heard* is called by `hear` with whether it was, so somebody has to hear."""
        from msgspec import msgpack

        from mauve.filesystem.writing import write_all

        message = msgpack.encode(task)
        with self._lock:
            if self.is_alive:
                self._waiting.append(heard)
                with suppress(BrokenPipeError):  # it has ended, which will be heard
                    write_all(self._tasks, len(message).to_bytes(_LENGTH, "little") + message)
                return
        heard(False)

    def hear(self) -> None:
        """Hear what was done since, or wait for something to be done."""
        answers = os.read(self._heard, 1 << 12)
        for place in range(len(answers)):
            self._waiting.popleft()(answers[place : place + 1] == _DONE)
        if answers:
            return
        with self._lock:
            self.is_alive = False
            given = [*self._waiting]
            self._waiting.clear()
        for heard in given:
            heard(False)

    def dismiss(self) -> None:
        """Let the process end when it has done what it was given."""
        os.close(self._tasks)
        os.close(self._heard)

    def reap(self) -> None:
        """Wait until it has ended, once it was dismissed."""
        os.waitpid(self._process, 0)


class Partners:
    """As many partners as are of use, perhaps none. A context manager, behind which they end; `reap` waits for it.

    Attributes:
        arena: what they can read; None without partners.
    """

    __slots__ = ("_all", "_dismissed", "arena")

    def __init__(self) -> None:
        """Have none."""
        self._all: list[Partner] = []
        self._dismissed: list[Partner] = []
        self.arena: Arena | None = None

    def __enter__(self) -> Self:
        """Return them."""
        return self

    def __exit__(self, *_: object) -> None:
        """Dismiss them all."""
        while self._all:
            partner = self._all.pop()
            partner.dismiss()
            self._dismissed.append(partner)

    def reap(self) -> None:
        """Wait until those that were dismissed have ended, which they do while there is something else to do here."""
        while self._dismissed:
            self._dismissed.pop().reap()

    def __iter__(self) -> Iterator[Partner]:
        """Return each."""
        return iter(self._all)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all)

    def start(self, sizes: Sequence[int | None], store: WheelStore, most: int) -> None:
        """Start at most *most* of them, if it is worth it for archives of *sizes*, which will go to *store*."""
        from mauve.installer.spool import MEMORY, UNTOLD

        total = sum([UNTOLD if size is None else size for size in sizes])
        number = min(most, _MOST, total // _WORTH, spare_processors())
        if number < 1 or self._all:
            return
        from mauve.installer.arena import Arena

        try:
            self.arena = Arena(MEMORY)
            while len(self._all) < number:
                self._all.append(Partner(self.arena, store))
        except OSError:  # there are too many processes, or too little memory
            return

    def share(self, placements: Sequence[Placement], mode: LinkMode, place: Callable[[int], None]) -> list[int]:
        """Call *place* for the numbers of some of *placements*, have others placed apart; return those.

        What *place* raises is raised once nothing is done apart any more. One that failed apart is done by nobody.
        """
        apart: list[int] = []
        left = deque(range(len(placements)))
        for partner in self._all * DEPTH:
            self._give_next(partner, placements, mode, left, apart)
        try:
            while left:
                place(left.popleft())
                for partner in self._all:
                    if partner.has_news:
                        partner.hear()
        finally:
            left.clear()
            for partner in self._all:
                while partner.load:
                    partner.hear()
        return apart

    def _give_next(
        self, partner: Partner, placements: Sequence[Placement], mode: LinkMode, left: deque[int], apart: list[int]
    ) -> None:
        """Have *partner* do the first of what is *left*, and then the next one."""
        if not left or self.arena is None:
            return
        import marshal

        values = marshal.dumps(placements[left[0]].packed())
        piece = self.arena.take(len(values))
        if piece is None:
            return
        piece.view[:] = values
        step = left.popleft()

        def heard(is_done: bool) -> None:  # noqa: FBT001 - a call of the one kind
            if self.arena is not None:
                self.arena.give_back(piece)
            if is_done:
                apart.append(step)
                self._give_next(partner, placements, mode, left, apart)

        partner.give(PlaceTask(piece.begin, len(values), mode.value), heard)


class _Worker:
    """What a partner knows of its own: the placer, whose folders stay open."""

    def __init__(self, arena: Arena, store: WheelStore) -> None:
        self._arena = arena
        self._store = store
        self._placer: Placer | None = None

    def do(self, task: Task) -> None:
        """Do *task*; raises whatever goes wrong."""
        if isinstance(task, UnpackTask):
            self._store.add(PackageName(task.name), self._content(task.content), task.digests)
        elif isinstance(task, ExtractTask):
            self._store.extract(self._content(task.content), task.members, task.target)
        else:
            self._place(task)

    def _content(self, content: Content) -> Buffer:
        if not content.path:
            return self._arena.read(content.begin, content.size)
        from mauve.installer.spool import map_file

        with open(content.path, "rb", buffering=0) as file:
            return map_file(file.fileno())

    def _place(self, task: PlaceTask) -> None:
        import marshal

        from mauve.filesystem.placing import Placer, unpacked
        from mauve.installer.links import Linker, LinkMode

        if self._placer is None:
            linker = Linker(LinkMode(task.mode))
            linker.settle()
            self._placer = Placer(linker.link_files)
        self._placer.place(unpacked(marshal.loads(self._arena.read(task.begin, task.size))))  # noqa: S302 - ours


def _work(tasks: int, tells: int, arena: Arena, store: WheelStore) -> None:
    """Do one task after another until no more can come, and end the process."""
    try:
        kept = sorted((tasks, tells))
        for begin, end in zip((2, *kept), (*kept, 1 << 16), strict=True):
            os.closerange(begin + 1, end)
        from msgspec import msgpack

        worker = _Worker(arena, store)
        decoder = msgpack.Decoder(Task)
        while length := os.read(tasks, _LENGTH):
            message = b""
            while len(message) < int.from_bytes(length, "little"):
                message += os.read(tasks, int.from_bytes(length, "little") - len(message))
            try:
                worker.do(decoder.decode(message))
            except Exception:  # noqa: BLE001 - found out by whoever does it again
                os.write(tells, _NOT_DONE)
            else:
                os.write(tells, _DONE)
    finally:
        os._exit(0)
