"""Hash digests of files and the order of preference between their algorithms."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, Protocol

from msgspec import Struct


class HashAlgorithm(StrEnum):
    """A digest algorithm that an index or a lockfile may name; weakest first."""

    MD5 = "md5"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    BLAKE2B = "blake2b"


_STRENGTH: Final = {algorithm: rank for rank, algorithm in enumerate(HashAlgorithm)}

_LENGTHS: Final = {
    HashAlgorithm.MD5: 32,
    HashAlgorithm.SHA256: 64,
    HashAlgorithm.SHA384: 96,
    HashAlgorithm.SHA512: 128,
    HashAlgorithm.BLAKE2B: 64,
}
"""Hexadecimal characters of a digest."""


class InvalidDigest(ValueError):
    """A digest that no file can have; the text says why."""


class InvalidHash(ValueError):
    """The text is not `algorithm:hex` with a known algorithm."""

    def __init__(self, text: str) -> None:
        """Name the offending *text*."""
        super().__init__(f"Unsupported hash: `{text}`")
        self.text = text


class HashDigest(Struct, frozen=True):
    """One digest of one file.

    Attributes:
        algorithm: how it was computed.
        digest: lower-case hexadecimal.
    """

    algorithm: HashAlgorithm
    digest: str

    def __str__(self) -> str:
        """Return `algorithm:hex`."""
        return f"{self.algorithm.value}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> HashDigest:
        """Return the digest written as `algorithm:hex`.

        Raises:
            InvalidHash: the algorithm is unknown or the form is another.
        """
        name, separator, digest = text.partition(":")
        if not separator or not digest:
            raise InvalidHash(text)
        try:
            return cls(HashAlgorithm(name.lower()), digest.lower())
        except ValueError as error:
            raise InvalidHash(text) from error


def parse_digest(text: str) -> HashDigest:
    """Return the digest that the user wrote as `algorithm:hex`.

    Raises:
        InvalidDigest: no file can have it, or it is written in another way.
    """
    algorithm, _, digest = text.partition(":")
    if not digest or ":" in digest:
        raise InvalidDigest(f"Unexpected hash (expected `<algorithm>:<hash>`): {text}")
    known = published_digest(algorithm, digest)
    if known is None:
        *names, last = [f"`{each.value}`" for each in HashAlgorithm]
        expected = f"(expected one of: {', '.join(names)}, or {last})"
        raise InvalidDigest(f"Unsupported hash algorithm {expected} on: `{algorithm}`")
    return known


def digests_behind(url: str) -> tuple[HashDigest, ...]:
    """Return the digests in the fragment of *url*; what is none is something else."""
    found: list[HashDigest] = []
    for pair in url.partition("#")[2].split("&"):
        algorithm, _, digest = pair.partition("=")
        try:
            found.append(parse_digest(f"{algorithm}:{digest}"))
        except InvalidDigest:
            continue
    return tuple(found)


def published_digest(algorithm: str, digest: str) -> HashDigest | None:
    """Return what an index says about a file; None for an algorithm of tomorrow.

    Raises:
        InvalidDigest: no file can have it.
    """
    try:
        known = HashAlgorithm(algorithm)
    except ValueError:
        return None
    if len(digest) != _LENGTHS[known]:
        reason = f"length (expected {_LENGTHS[known]} hexadecimal characters, found {len(digest)})"
        raise InvalidDigest(f"Invalid hash digest {reason}")
    if not _is_hexadecimal(digest):
        raise InvalidDigest(f"Invalid hash digest (expected only hexadecimal characters): `{digest}`")
    return HashDigest(known, digest.lower())


def _is_hexadecimal(digest: str) -> bool:
    try:
        # White space is passed over.
        return len(bytes.fromhex(digest)) * 2 == len(digest)
    except ValueError:
        return False


class Hash(Protocol):
    """A digest in the making."""

    def update(self, data: Any, /) -> None:
        """Take the next piece."""
        ...

    def hexdigest(self) -> str:
        """Return the digest of everything so far."""
        ...


def new_hash(algorithm: HashAlgorithm) -> Hash:
    """Return an empty digest; that of BLAKE2b has 32 bytes, as indexes publish it."""
    import hashlib

    if algorithm is HashAlgorithm.BLAKE2B:
        return hashlib.blake2b(digest_size=32, usedforsecurity=False)
    return hashlib.new(algorithm.value, usedforsecurity=False)


def strongest(digests: tuple[HashDigest, ...]) -> HashDigest | None:
    """Return the digest of the strongest algorithm, or None without any."""
    return max(digests, key=lambda digest: _STRENGTH[digest.algorithm], default=None)


def sha256_of_few(content: bytes) -> bytes:
    """Return the SHA-256 of a few kilobytes.

    By the module behind `hashlib`: loading OpenSSL takes longer than all that short commands hash, although it hashes
    five times as fast.
    """
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]  # no stub for a private module
    except ImportError:
        # Before Python 3.12, or an interpreter without it.
        from hashlib import sha256
    digest: bytes = sha256(content).digest()
    return digest
