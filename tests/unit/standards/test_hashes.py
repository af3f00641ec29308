"""Digests of files."""

from __future__ import annotations

import hashlib

import pytest

from mauve.standards.hashes import HashAlgorithm, HashDigest, InvalidHash, new_hash, sha256_of_few, strongest


@pytest.mark.parametrize("algorithm", list(HashAlgorithm))
def test_a_digest_is_that_of_its_algorithm(algorithm: HashAlgorithm) -> None:
    """BLAKE2b in the short form that indexes publish."""
    digest = new_hash(algorithm)
    digest.update(b"one")
    digest.update(b"two")
    if algorithm is HashAlgorithm.BLAKE2B:
        expected = hashlib.blake2b(b"onetwo", digest_size=32).hexdigest()
    else:
        expected = hashlib.new(algorithm.value, b"onetwo").hexdigest()
    assert digest.hexdigest() == expected


def test_the_strongest_digest_decides() -> None:
    """Not the first one."""
    digests = tuple([HashDigest(algorithm, "0") for algorithm in (HashAlgorithm.SHA512, HashAlgorithm.MD5)])
    assert strongest(digests) == digests[0]
    assert strongest(()) is None


def test_only_known_algorithms_are_read() -> None:
    """In any case of letters."""
    assert HashDigest.parse("SHA256:AB") == HashDigest(HashAlgorithm.SHA256, "ab")
    for text in ("sha1:ab", "ab", "sha256:"):
        with pytest.raises(InvalidHash):
            HashDigest.parse(text)


def test_few_bytes_are_hashed_alike() -> None:
    """By whichever module this interpreter has."""
    for content in (b"", b"a", b"a" * 1000):
        assert sha256_of_few(content) == hashlib.sha256(content).digest()
