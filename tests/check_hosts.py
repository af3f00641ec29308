"""Fail if a tracked file names a host of a package registry; the names are asked of pip, not written here."""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    """Print the places that name a host; return 1 if there is any."""
    from pip._internal.models.index import PyPI

    status = 0
    for host in (PyPI.netloc, PyPI.file_storage_domain):
        found = subprocess.run(
            ["git", "grep", "-nIF", host, "--", "."], capture_output=True, text=True, check=False
        ).stdout
        if found:
            status = 1
            sys.stdout.write(found)
    return status


if __name__ == "__main__":
    sys.exit(main())
