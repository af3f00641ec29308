"""A lock as a bill of materials in the JSON form of CycloneDX 1.5.

Every package is a component, named by its place in the list; the projects are components too. The bill describes one
thing: the selected project, or, for several, something made up that depends on all of them.

Specification: CycloneDX 1.5; the package URL specification; docs/project.md "export".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from msgspec import Struct

from mauve.lock.export.locations import file_location
from mauve.lock.model import SourceKind
from mauve.standards.markers.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mauve.lock.export.packages import ExportedPackage
    from mauve.lock.lookup import LockLookup
    from mauve.lock.model import LockedFile, LockedPackage
    from mauve.standards.names import PackageName

_UNESCAPED: Final = "!$&'()*,/:~"
"""What package URLs keep besides letters, digits, `-`, `.` and `_`."""
_ALGORITHMS: Final = {
    "md5": "MD5",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "blake2b": "BLAKE2b-512",
}
_NAMELESS_WORKSPACE: Final = "uv-workspace"


class BillHead(Struct, frozen=True, kw_only=True):
    """What the bill says about itself.

    Attributes:
        version: of the tool.
        serial: a UUID.
        timestamp: RFC 3339.
    """

    version: str
    serial: str
    timestamp: str


def render_cyclonedx(
    packages: Sequence[ExportedPackage],
    lookup: LockLookup,
    roots: Sequence[PackageName],
    head: BillHead,
    *,
    root: str,
    default_index: str,
    hashes: bool = True,
    everything: bool = False,
) -> str:
    """Return the text of the bill, without a line end.

    Args:
        packages: in the order of the lock.
        lookup: the lock.
        roots: the selected projects.
        head: what the bill says about itself.
        root: the folder of the lock.
        default_index: the index that package URLs need not name.
        hashes: tell where the files are, and their digests.
        everything: the whole workspace is described, also if it is one project.
    """
    bill = _Bill(lookup, root, default_index, hashes=hashes)
    members = frozenset([package.name for package in lookup.members()])
    main = _main_package(packages, lookup, roots)
    described = None if main is None else bill.component(main, is_root=True)
    components = [
        bill.component(each.package, marker=render(each.marker), is_member=each.package.name in members)
        for each in packages
        if main is None or each.package is not main
    ]
    dependencies = [bill.dependencies(each.package) for each in packages]
    if everything or described is None or len(roots) > 1:
        if described is not None:
            components.append(described)
        name = _NAMELESS_WORKSPACE if main is None else main.name
        described = bill.synthetic_root(name)
        refs = [bill.refs[id(each.package)] for each in packages if each.package.name in members]
        dependencies.append(_dependency(described["bom-ref"], refs))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "serialNumber": f"urn:uuid:{head.serial}",
        "metadata": {
            "timestamp": head.timestamp,
            "tools": [{"vendor": "Astral Software Inc.", "name": "uv", "version": head.version}],
            "component": described,
        },
        "components": components,
        "dependencies": dependencies,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _main_package(
    packages: Iterable[ExportedPackage], lookup: LockLookup, roots: Sequence[PackageName]
) -> LockedPackage | None:
    """Return the only selected project, or else the one in the folder of the lock."""
    if len(roots) == 1:
        for each in packages:
            if each.package.name == roots[0]:
                return each.package
    return lookup.root()


class _Bill:
    """Makes components, and remembers how they are referred to.

    Attributes:
        refs: by identity of the package.
    """

    def __init__(self, lookup: LockLookup, root: str, default_index: str, *, hashes: bool) -> None:
        self._lookup = lookup
        self._root = root
        self._default_index = default_index
        self._hashes = hashes
        self._count = 0
        self.refs: dict[int, str] = {}

    def _ref(self, name: str, version: str | None) -> str:
        self._count += 1
        return f"{name}-{self._count}" if version is None else f"{name}-{self._count}@{version}"

    def component(
        self, package: LockedPackage, *, marker: str | None = None, is_root: bool = False, is_member: bool = False
    ) -> dict[str, Any]:
        """Return the component of *package*."""
        ref = self.refs[id(package)] = self._ref(package.name, package.version)
        component: dict[str, Any] = {"type": "library", "bom-ref": ref, "name": package.name}
        if package.version is not None:
            component["version"] = package.version
        purl = self._purl(package)
        if purl is not None:
            component["purl"] = purl
        references = list(self._references(package)) if self._hashes else []
        if references:
            component["externalReferences"] = references
        properties: list[dict[str, str]] = []
        if is_root:
            properties.append(_property("uv:package:is_project_root", "true"))
        elif is_member and package.source.is_local:
            properties.append(_property("uv:workspace:path", package.source.location))
        if marker is not None:
            properties.append(_property("uv:package:marker", marker))
        if properties:
            component["properties"] = properties
        return component

    def synthetic_root(self, name: str) -> dict[str, Any]:
        """Return the component that stands for all projects together."""
        return {
            "type": "library",
            "bom-ref": self._ref(name, None),
            "name": name,
            "properties": [_property("uv:package:is_synthetic_root", "true")],
        }

    def dependencies(self, package: LockedPackage) -> dict[str, Any]:
        """Return what *package* requires of the packages in the bill."""
        targets = [self.refs.get(id(self._lookup.target(edge))) for edge in package.edges()]
        return _dependency(self.refs[id(package)], [ref for ref in targets if ref is not None])

    def _purl(self, package: LockedPackage) -> str | None:
        source = package.source
        qualifier = ""
        match source.kind:
            case SourceKind.REGISTRY:
                if source.location.rstrip("/") != self._default_index.rstrip("/"):
                    qualifier = f"?repository_url={_escape(source.location)}"
            case SourceKind.GIT:
                qualifier = f"?vcs_url={_escape(source.location)}"
            case SourceKind.URL:
                qualifier = f"?download_url={_escape(source.location)}"
            case _:
                return None
        version = "" if package.version is None else f"@{_escape(package.version)}"
        return f"pkg:pypi/{_escape(package.name)}{version}{qualifier}"

    def _references(self, package: LockedPackage) -> Iterator[dict[str, Any]]:
        source = package.source
        if source.kind not in (SourceKind.REGISTRY, SourceKind.URL):
            return
        for file in package.wheels if package.sdist is None else (package.sdist, *package.wheels):
            is_listed = source.kind is SourceKind.REGISTRY
            url = file_location(package, file, self._root) if is_listed else source.location
            reference: dict[str, Any] = {"type": "distribution", "url": url}
            if file.hash is not None:
                reference["hashes"] = [_hash(file)]
            yield reference


def _escape(text: str) -> str:
    return quote(text, safe=_UNESCAPED)


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def _hash(file: LockedFile) -> dict[str, str]:
    algorithm, _, value = (file.hash or "").partition(":")
    return {"alg": _ALGORITHMS.get(algorithm, algorithm), "content": value}


def _dependency(ref: str, targets: Iterable[str]) -> dict[str, Any]:
    found = sorted(set(targets))
    return {"ref": ref, "dependsOn": found} if found else {"ref": ref}
