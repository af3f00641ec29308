"""TLS contexts from settings."""

from __future__ import annotations

import os
import re
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mauve.network.settings import TlsSettings

_HASHED: Final = re.compile(r"[0-9a-f]{8}\.r?\d+")


def create_context(settings: TlsSettings) -> ssl.SSLContext:
    """Return a context that checks certificates as *settings* say; takes tens of milliseconds of CPU.

    The places named by the user replace the bundled certificates, even where they do not exist or hold nothing (a
    warning about that is the caller's).
    """
    if settings.certificate_file is not None or settings.certificate_directories:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _load_places(context, settings)
    elif settings.system_certificates:
        import truststore

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        import certifi

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(certifi.where())
    _finish(context, settings)
    return context


def create_unverified_context(settings: TlsSettings) -> ssl.SSLContext:
    """Return a context that accepts any certificate, for `insecure_hosts`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _finish(context, settings)
    return context


def _load_places(context: ssl.SSLContext, settings: TlsSettings) -> None:
    if settings.certificate_file is not None:
        with suppress(OSError):
            context.load_verify_locations(cafile=settings.certificate_file)
    for directory in settings.certificate_directories:
        try:
            names = os.listdir(directory)
        except OSError:
            continue
        # OpenSSL finds certificates that are named by their hash when it needs one; the others it has to be shown.
        context.load_verify_locations(capath=directory)
        for name in names:
            path = os.path.join(directory, name)
            if _HASHED.fullmatch(name) is None and os.path.isfile(path):
                with suppress(OSError):
                    context.load_verify_locations(cafile=path)


def _finish(context: ssl.SSLContext, settings: TlsSettings) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if settings.client_certificate is not None:
        with suppress(OSError):  # `ssl.SSLError` is one
            context.load_cert_chain(settings.client_certificate)
