"""Memory that is shared with children."""

from __future__ import annotations

import os
from random import Random

from tests.support.installation import posix

from mauve.installer.arena import Arena, Piece


def test_pieces_do_not_overlap() -> None:
    """Whatever is taken and given back in between; in the end it is one piece again."""
    arena, chance = Arena(1 << 20), Random(7)
    whole = len(arena.read(0, 1 << 30))
    held: list[tuple[Piece, bytes]] = []
    refused = 0
    for number in range(2000):
        if held and chance.random() < 0.4:
            piece, content = held.pop(chance.randrange(len(held)))
            assert bytes(piece.view) == content
            arena.give_back(piece)
            continue
        taken = arena.take(chance.randrange(1, 60_000))
        if taken is None:
            refused += 1
        else:
            content = bytes([number % 251]) * len(taken.view)
            taken.view[:] = content
            held.append((taken, content))
    assert refused
    for piece, content in held:
        assert bytes(piece.view) == content
        arena.give_back(piece)
    last = arena.take(whole)
    assert last is not None
    assert len(last.view) == whole


@posix
def test_a_child_reads_what_is_written_after_its_start() -> None:
    """At the place that it is told."""
    arena = Arena(10_000)
    begins, begin = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(begins, 1)
        os._exit(int(bytes(arena.read(5000, 3)) != b"abc"))
    piece = arena.take(6000)
    assert piece is not None
    assert piece.begin == 0
    piece.view[5000:5003] = b"abc"
    os.write(begin, b"!")
    assert os.waitpid(child, 0)[1] == 0
