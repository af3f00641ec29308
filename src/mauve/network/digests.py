"""Hashing of bytes as they pass."""

from __future__ import annotations

from mauve.standards.hashes import HashAlgorithm, HashDigest, new_hash, strongest


class Digester:
    """Computes one digest: by the strongest algorithm among the expected ones, else SHA-256."""

    __slots__ = ("_algorithm", "_hash")

    def __init__(self, expected: tuple[HashDigest, ...] = ()) -> None:
        """Choose the algorithm."""
        best = strongest(expected)
        self._algorithm = HashAlgorithm.SHA256 if best is None else best.algorithm
        self._hash = new_hash(self._algorithm)

    def update(self, part: bytes | memoryview) -> None:
        """Take the next piece."""
        self._hash.update(part)

    def digests(self) -> tuple[HashDigest, ...]:
        """Return the digest of everything so far."""
        return (HashDigest(self._algorithm, self._hash.hexdigest()),)
