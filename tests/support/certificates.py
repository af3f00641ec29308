"""Certificates of an authority that nobody else knows."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Authority:
    """Signs certificates.

    Attributes:
        file: PEM with its own certificate.
    """

    def __init__(self, folder: Path) -> None:
        """Write the certificate into *folder*."""
        self._authority = trustme.CA()
        self._folder = folder
        self._numbers = count()
        self.file = str(folder / "authority.pem")
        self._authority.cert_pem.write_to_path(self.file)

    def issue(self, *hosts: str, begin: datetime | None = None, end: datetime | None = None) -> str:
        """Return a PEM file with a key and a certificate for *hosts*, by default those of loopback."""
        names = hosts or ("127.0.0.1", "localhost")
        issued = self._authority.issue_cert(*names, not_before=begin, not_after=end)
        path = str(self._folder / f"issued-{next(self._numbers)}.pem")
        issued.private_key_and_cert_chain_pem.write_to_path(path)
        return path

    @staticmethod
    def hash_of(path: str) -> str:
        """Return the name that OpenSSL looks for the authority at *path* under, without the number behind the dot."""
        from cryptography import x509

        with open(path, "rb") as file:
            subject = x509.load_pem_x509_certificate(file.read()).subject
        # OpenSSL compares names in lower case, with single blanks, as UTF-8, and without the outermost header.
        names = [
            x509.NameAttribute(attribute.oid, " ".join(str(attribute.value).lower().split())) for attribute in subject
        ]
        canonical = x509.Name(names).public_bytes()[2:]
        return hashlib.sha1(canonical, usedforsecurity=False).digest()[3::-1].hex()
