"""Warnings about certificates that the user named and that cannot be used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mauve.config.environment import EnvVar

if TYPE_CHECKING:
    from mauve.config.environment import Variables
    from mauve.config.merge import MergedFiles
    from mauve.terminal.printer import Printer

_NOTHING_TRUSTED = "No default certificates will be trusted."


def warn_of_certificates(variables: Variables, files: MergedFiles, printer: Printer) -> None:
    """Look at what the variables and files name, and say what is wrong with it; costs nothing if they name nothing."""
    if variables.raw(EnvVar.SYSTEM_CERTS) is None and variables.boolean(EnvVar.NATIVE_TLS) is not None:
        printer.warning(_deprecated(f"`{EnvVar.NATIVE_TLS}` environment variable", EnvVar.SYSTEM_CERTS))
    if files.first(lambda table: table.native_tls) is not None:
        printer.warning(_deprecated("`native-tls` setting", "system-certs"))
    file = variables.text("SSL_CERT_FILE")
    if file is not None:
        _warn_of_file(file, printer)
    directories = variables.items("SSL_CERT_DIR", os.pathsep)
    if directories is not None:
        _warn_of_directories(directories, printer)
    client = variables.text("SSL_CLIENT_CERT")
    if client is not None:
        _warn_of_client(client, printer)


def _deprecated(subject: str, successor: str) -> str:
    return f"The {subject} is deprecated and will be removed in a future release. Use `{successor}` instead."


def _warn_of_file(path: str, printer: Printer) -> None:
    if not os.path.exists(path):
        printer.warning(f"Invalid `SSL_CERT_FILE`. Path does not exist: {path}. {_NOTHING_TRUSTED}")
    elif not os.path.isfile(path):
        printer.warning(f"Invalid `SSL_CERT_FILE`. Path is not a file: {path}. {_NOTHING_TRUSTED}")
    elif b"-----BEGIN " not in _content(path):
        printer.warning(f"No valid certificates found in `SSL_CERT_FILE`: {path}. {_NOTHING_TRUSTED}")


def _warn_of_directories(paths: tuple[str, ...], printer: Printer) -> None:
    missing = [path for path in paths if not os.path.isdir(path)]
    if not missing:
        return
    if len(missing) < len(paths):
        noun = "directory does" if len(missing) == 1 else "directories do"
        printer.warning(f"Invalid entries in `SSL_CERT_DIR`. The following {noun} not exist:: {', '.join(missing)}.")
        return
    noun = "directory does" if len(missing) == 1 else "directories do"
    printer.warning(f"Invalid `SSL_CERT_DIR`. The {noun} not exist: {', '.join(missing)}. {_NOTHING_TRUSTED}")


def _warn_of_client(path: str, printer: Printer) -> None:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        reason = f"failed to open file `{path}`: {error.strerror} (os error {error.errno})"
    else:
        if b"PRIVATE KEY-----" in content and b"-----BEGIN CERTIFICATE-----" in content:
            return
        reason = "builder error\n  cause: unexpected error: private key or certificate not found"
    printer.warning(f"Ignoring invalid `SSL_CLIENT_CERT`\n  cause: {reason}")


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
