"""Hashing of bytes as they pass."""

from __future__ import annotations

from mauve.standards.hashes import HashAlgorithm, HashDigest, new_hash, strongest


class Digester:
    """Computes SHA-256, by which files are kept, and a digest by the strongest algorithm among the expected ones."""

    __slots__ = ("_best", "_expected", "_hashes")

    def __init__(self, expected: tuple[HashDigest, ...] = ()) -> None:
        """Choose the algorithms."""
        best = strongest(expected)
        self._expected = expected
        self._best = HashAlgorithm.SHA256 if best is None else best.algorithm
        self._hashes = [(algorithm, new_hash(algorithm)) for algorithm in sorted({HashAlgorithm.SHA256, self._best})]

    def update(self, part: bytes | memoryview) -> None:
        """Take the next piece."""
        for _, digest in self._hashes:
            digest.update(part)

    def digests(self) -> tuple[HashDigest, ...]:
        """Return the digests of everything so far."""
        return tuple([HashDigest(algorithm, digest.hexdigest()) for algorithm, digest in self._hashes])

    def is_expected(self) -> bool:
        """Return whether it is what was expected, by the strongest algorithm."""
        if not self._expected:
            return True
        return any(digest in self._expected for digest in self.digests() if digest.algorithm is self._best)
