"""What the help page of a command has of its own: the order of its options, and its words for shared ones.

Both are as uv's users know them. Groups of options are declared by what belongs together, which is another order, and
once for many commands, which say some things in their own words. Loaded for help pages only.
"""

from __future__ import annotations

from typing import Final

_INDEX: Final = "index default-index index-url extra-index-url find-links no-index index-strategy keyring-provider"
_SHARED: Final = (
    "index default-index index-url extra-index-url find-links no-index index-strategy keyring-provider "
    "upgrade upgrade-package upgrade-group resolution prerelease prerelease-package fork-strategy "
    "exclude-newer exclude-newer-package no-sources no-sources-package "
)
_INSTALLER: Final = "reinstall reinstall-package link-mode compile-bytecode "
_BUILD: Final = (
    "config-setting config-settings-package no-build-isolation no-build-isolation-package no-build "
    "no-build-package no-binary no-binary-package require-build-hashes no-require-build-hashes "
)
_CACHE: Final = "no-cache cache-dir refresh refresh-package "
_PYTHON: Final = "python managed-python no-managed-python no-python-downloads "
_INSTALLING: Final = f"{_SHARED}{_INSTALLER}{_BUILD}{_CACHE}{_PYTHON}"
_LOCKING: Final = f"{_SHARED}{_BUILD}{_INSTALLER}{_CACHE}{_PYTHON}"

_ORDERS: Final[dict[str, str]] = {
    "run": (
        "extra all-extras no-extra no-dev only-dev group no-group no-default-groups only-group all-groups "
        "module no-editable no-editable-package exact env-file no-env-file with with-editable "
        "with-requirements isolated active no-sync locked frozen script gui-script all-packages package "
        "no-project python-platform "
    )
    + _INSTALLING,
    "init": (
        "name bare package no-package app lib script description no-description vcs build-backend no-readme "
        "author-from no-pin-python no-workspace "
        f"{_PYTHON}{_CACHE}"
    ),
    "add": (
        "requirements constraints marker dev optional group editable raw bounds rev tag branch lfs extra "
        "no-sync locked frozen active package script workspace no-workspace no-install-project "
        "no-install-workspace no-install-local no-install-package "
    )
    + _INSTALLING,
    "remove": ("dev optional group no-sync active locked frozen package script ") + _INSTALLING,
    "version": ("bump dry-run short output-format no-sync active locked frozen package ") + _INSTALLING,
    "sync": (
        "extra output-format all-extras no-extra no-dev only-dev group no-group no-default-groups only-group "
        "all-groups no-editable no-editable-package inexact active no-install-project no-install-workspace "
        "no-install-local no-install-package locked frozen dry-run all-packages package script "
        "python-platform check "
    )
    + _INSTALLING,
    "lock": ("check check-exists dry-run script ") + _LOCKING,
    "export": (
        "format all-packages package prune extra all-extras no-extra no-dev only-dev group no-group "
        "no-default-groups only-group all-groups no-annotate no-header emit-index-url emit-find-links "
        "no-editable no-editable-package no-hashes output-file no-emit-project no-emit-workspace "
        "no-emit-local no-emit-package locked frozen script "
    )
    + _LOCKING,
    "tree": (
        "universal format depth prune package no-dedupe invert outdated show-sizes no-dev only-dev group "
        "no-group no-default-groups only-group all-groups locked frozen script python-version python-platform "
        "no-build no-build-package no-binary no-binary-package require-build-hashes no-require-build-hashes "
        f"{_BUILD}{_SHARED}{_INSTALLER}{_PYTHON}{_CACHE}"
    ),
    "python list": (
        "all-versions all-platforms all-arches only-installed only-downloads show-urls output-format "
        f"python-downloads-json-url {_CACHE}{_PYTHON}"
    ),
    "python find": (f"no-project system script show-version resolve-links python-downloads-json-url {_CACHE}{_PYTHON}"),
    "python pin": f"resolved no-project global rm python-downloads-json-url {_CACHE}{_PYTHON}",
    "python dir": f"bin {_CACHE}{_PYTHON}",
    "venv": (
        "no-project seed clear force allow-existing prompt system-site-packages relocatable link-mode "
        f"{_PYTHON}{_SHARED}" + "refresh refresh-package no-cache cache-dir"
    ),
    "pip sync": (
        "constraints build-constraints extra all-extras group cert require-hashes no-verify-hashes "
        "require-build-hashes system break-system-packages no-break-system-packages target prefix no-build no-binary "
        "only-binary allow-empty-requirements no-allow-empty-requirements python-version python-platform strict "
        f"dry-run check output-format torch-backend {_INDEX} {_INSTALLER} config-setting config-settings-package "
        f"no-build-isolation exclude-newer exclude-newer-package no-sources no-sources-package {_CACHE} {_PYTHON}"
    ),
    "pip install": (
        "requirements editable no-editable no-editable-package constraints overrides excludes build-constraints extra "
        "all-extras cert group no-deps require-hashes no-verify-hashes require-build-hashes system "
        "break-system-packages no-break-system-packages target prefix no-build no-binary only-binary python-version "
        "python-platform exact strict dry-run check output-format torch-backend user "
    )
    + _INSTALLING,
    "pip uninstall": (
        "requirements keyring-provider system break-system-packages no-break-system-packages target prefix dry-run "
        f"cert {_PYTHON}{_CACHE}"
    ),
    "build": (
        "package all-packages out-dir sdist wheel no-build-logs force-pep517 clear no-create-gitignore "
        "build-constraints require-hashes no-verify-hashes "
        f"{_PYTHON}{_SHARED}{_BUILD}link-mode {_CACHE}"
    ),
    "pip freeze": f"exclude-editable exclude strict path system target prefix cert {_PYTHON}{_CACHE}",
    "pip list": (
        f"editable exclude-editable exclude format outdated strict cert system target prefix {_SHARED}{_PYTHON}{_CACHE}"
    ),
    "pip show": f"strict files system target prefix cert {_PYTHON}{_CACHE}",
    "pip tree": (
        "show-version-specifiers depth prune package no-dedupe invert outdated show-sizes strict cert system "
        f"{_SHARED}{_PYTHON}{_CACHE}"
    ),
    "pip check": f"system python-version python-platform cert {_PYTHON}{_CACHE}",
    "cache clean": "force " + f"{_CACHE}{_PYTHON}",
    "cache prune": "ci force " + f"{_CACHE}{_PYTHON}",
    "cache size": "output-format human " + f"{_CACHE}{_PYTHON}",
    "self update": f"token dry-run {_CACHE}{_PYTHON}",
    "self version": f"short output-format {_CACHE}{_PYTHON}",
    "workspace list": "paths scripts " + f"{_CACHE}{_PYTHON}",
    "workspace dir": "package " + f"{_CACHE}{_PYTHON}",
    "workspace metadata": ("output-version script locked frozen sync exact active ") + _LOCKING,
    "cache dir": f"{_CACHE}{_PYTHON}",
    **{
        f"build-backend {hook}": f"metadata-directory {_CACHE}{_PYTHON}"
        for hook in (
            "build-sdist",
            "build-wheel",
            "build-editable",
            "get-requires-for-build-sdist",
            "get-requires-for-build-wheel",
            "get-requires-for-build-editable",
            "prepare-metadata-for-build-wheel",
            "prepare-metadata-for-build-editable",
        )
    },
}
"""Path of a command to the long names of its options, without dashes; what is not named follows as declared."""


def option_order(path: str) -> dict[str, int]:
    """Return the places of the options (by long name) on the page of the command at *path*."""
    places: dict[str, int] = {}
    for name in _ORDERS.get(path, "").split():
        places.setdefault(f"--{name}", len(places))
    return places


_ONLY: Final[dict[str, frozenset[str]]] = {
    "generate-shell-completion": frozenset(
        {
            "--managed-python",
            "--no-managed-python",
            "--system-certs",
            "--allow-insecure-host",
            "--directory",
            "--project",
        }
    )
}


_NOT_LISTED: Final = frozenset({("pip sync", "--no-config")})


def is_listed(path: str, name: str) -> bool:
    """Return whether the page of the command at *path* lists the option *name*."""
    return (path not in _ONLY or name in _ONLY[path]) and (path, name) not in _NOT_LISTED


_RELOCKING: Final = "Avoid syncing the virtual environment after re-locking the project"

_WORDS: Final[dict[tuple[str, str], str]] = {
    ("run", "--frozen"): "Run without updating the `uv.lock` file",
    ("add", "--frozen"): "Add dependencies without re-locking the project",
    ("add", "--no-install-workspace"): "Do not install any workspace members, including the current project",
    ("remove", "--frozen"): "Remove dependencies without re-locking the project",
    ("remove", "--no-sync"): _RELOCKING,
    ("version", "--frozen"): "Update the version without re-locking the project",
    ("version", "--no-sync"): _RELOCKING,
    ("pip sync", "--check"): "Check whether the environment matches the requirements without modifying it",
    ("pip freeze", "--system"): "List packages in the system Python environment",
    ("pip freeze", "--target"): "List packages from the specified `--target` directory",
    ("pip freeze", "--prefix"): "List packages from the specified `--prefix` directory",
    ("pip list", "--system"): "List packages in the system Python environment",
    ("pip list", "--target"): "List packages from the specified `--target` directory",
    ("pip list", "--prefix"): "List packages from the specified `--prefix` directory",
    ("pip show", "--system"): "Show a package in the system Python environment",
    ("pip show", "--target"): "Show a package from the specified `--target` directory",
    ("pip show", "--prefix"): "Show a package from the specified `--prefix` directory",
    ("pip tree", "--system"): "List packages in the system Python environment",
    ("pip check", "--system"): "Check packages in the system Python environment",
    ("pip uninstall", "--system"): "Use the system Python to uninstall packages",
    ("pip uninstall", "--target"): "Uninstall packages from the specified `--target` directory",
    ("pip uninstall", "--prefix"): "Uninstall packages from the specified `--prefix` directory",
}

_WITHOUT_POINTER: Final = frozenset({"init", "version", "tree", "self", "generate-shell-completion"})


def own_words(path: str, name: str, shared: str) -> str:
    """Return what the page of the command at *path* says of the option *name*; *shared* if nothing of its own."""
    return _WORDS.get((path, name), shared)


def has_pointer(path: str) -> bool:
    """Return whether the page ends with a pointer to the longer one."""
    return (" " not in path or path.startswith("pip ")) and path not in _WITHOUT_POINTER
