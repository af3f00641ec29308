"""TLS contexts from settings."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mauve.network.settings import TlsSettings


def create_context(settings: TlsSettings) -> ssl.SSLContext:
    """Return a context that checks certificates as *settings* say; takes tens of milliseconds of CPU.

    The places named by the user replace the bundled certificates, even where they do not exist (a warning about
    that is the caller's).
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


def is_insecure(settings: TlsSettings, host: str, port: int) -> bool:
    """Return whether the certificate of *host* is not to be checked."""
    return host in settings.insecure_hosts or f"{host}:{port}" in settings.insecure_hosts


def _load_places(context: ssl.SSLContext, settings: TlsSettings) -> None:
    if settings.certificate_file is not None and os.path.exists(settings.certificate_file):
        context.load_verify_locations(cafile=settings.certificate_file)
    for directory in settings.certificate_directories:
        if os.path.isdir(directory):
            # OpenSSL finds a certificate there by its hash when it needs one, so this costs nothing now.
            context.load_verify_locations(capath=directory)


def _finish(context: ssl.SSLContext, settings: TlsSettings) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if settings.client_certificate is not None:
        context.load_cert_chain(settings.client_certificate)
