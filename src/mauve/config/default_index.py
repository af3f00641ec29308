"""Where PyPI is, which is data of a library and not written down here."""

from __future__ import annotations


def registry_url() -> str:
    """Return the address of PyPI as the purl type definitions give it, without a slash at the end."""
    from packageurl.validate import DEFINITIONS_BY_TYPE

    repository = DEFINITIONS_BY_TYPE["pypi"].default_repository_url
    if repository is None:
        raise LookupError("the purl type `pypi` has no default repository")
    return repository.rstrip("/")


def default_index_url() -> str:
    """Return the simple API of PyPI."""
    return f"{registry_url()}/simple"
