"""Small random worlds of packages, and projects that ask hard questions about them; a number is a world.

Names end with the number, so that worlds can share one index and one cache.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from tests.support.random_additions import Drawing, Project
from tests.support.random_evolution import draw_evolution, draw_further
from tests.support.wheel_factory import BuiltFile, make_sdist, make_wheel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.index_server import IndexServer

VERSIONS = ("1.0", "1.1", "2.0", "2.1", "3.0")
PRERELEASES = ("2.0a1", "3.0rc1", "3.1b2", "4.0.dev1")
SIZES = (2, 3, 4, 5, 6, 7, 7, 12)
EXTRAS = ("x", "y")
PYTHONS = (">=3.9", ">=3.10", ">=3.11", ">=3.12", ">=3.13", ">=3.8,<4", "!=3.10.*,>=3.8", ">=3.9,<3.13")
MARKERS = (
    "sys_platform == 'linux'",
    "sys_platform != 'linux'",
    "sys_platform == 'win32'",
    "sys_platform == 'darwin'",
    "sys_platform != 'win32'",
    "python_version >= '3.12'",
    "python_version < '3.12'",
    "python_version < '3.10'",
    "python_full_version >= '3.11.4'",
    "platform_machine == 'x86_64'",
    "platform_machine != 'arm64'",
    "implementation_name == 'cpython'",
    "os_name == 'nt'",
    "platform_system == 'Darwin'",
)
TAGS = (
    "cp311-cp311-manylinux_2_17_x86_64",
    "cp312-cp312-manylinux_2_17_x86_64",
    "cp39-abi3-manylinux_2_17_aarch64",
    "cp39-abi3-win_amd64",
    "cp312-cp312-win_amd64",
    "cp39-abi3-macosx_11_0_arm64",
    "py3-none-macosx_10_9_universal2",
    "py3-none-musllinux_1_2_x86_64",
    "cp313-cp313-win_arm64",
    "py3-none-linux_armv7l",
    "py3-none-android_21_arm64_v8a",
    "py3-none-freebsd_13_x86_64",
    "pp310-pypy310_pp73-win_amd64",
    "cp310-cp310-musllinux_1_2_i686",
    "py2.py3-none-win32",
)
ENVIRONMENTS = (
    ("sys_platform == 'linux'", "sys_platform == 'darwin'"),
    ("sys_platform != 'win32'",),
    ("sys_platform == 'linux' and python_version >= '3.12'", "sys_platform == 'linux' and python_version < '3.12'"),
    ("platform_machine == 'x86_64' and sys_platform == 'linux'", "sys_platform == 'win32'"),
    ("implementation_name == 'cpython'",),
    ("sys_platform == 'linux'", "sys_platform == 'win32'", "sys_platform == 'darwin' and platform_machine == 'arm64'"),
    ("python_version < '3.11'", "python_version >= '3.11' and python_version < '3.13'"),
)
REQUIRED = (
    ("sys_platform == 'linux' and platform_machine == 'x86_64'",),
    ("sys_platform == 'darwin' and platform_machine == 'x86_64'", "sys_platform == 'win32'"),
    ("sys_platform == 'linux' and platform_machine == 'aarch64'",),
    ("platform_system == 'FreeBSD'", "sys_platform == 'win32' and platform_machine == 'ARM64'"),
    ("sys_platform == 'linux' and python_version >= '3.12'", "sys_platform == 'darwin'"),
)
CUTOFFS = ("2024-01-02T00:00:00Z", "2024-01-03T12:00:00Z", "2024-01-05T00:00:00Z")
UPLOADED = tuple(f"2024-01-0{day}T06:00:00Z" for day in range(1, 6))


class Upload(Struct, frozen=True):
    """A file, and what the index says about it besides."""

    name: str
    file: BuiltFile
    time: str
    yanked: bool | str
    index: str = "simple"

    @property
    def fits_everywhere(self) -> bool:
        """Return whether any environment can install this."""
        return self.file.filename.endswith("-py3-none-any.whl")

    def publish(self, server: IndexServer) -> None:
        """Upload this to *server*."""
        server.publish(self.name, self.file, index=self.index, upload_time=self.time, yanked=self.yanked)


class Later(Struct, frozen=True):
    """What becomes of an index.

    Attributes:
        yanked: file names that are yanked.
        uploads: further files.
        upgraded: a name that is going to be upgraded.
    """

    yanked: frozenset[str]
    uploads: tuple[Upload, ...]
    upgraded: str


Files: TypeAlias = "dict[str, str]"
"""Path of a `pyproject.toml` below the root of a workspace to its text, in which the index is called `ORIGIN`."""


class World(Struct, frozen=True):
    """What there is to choose from, and what two projects, the second made by changing the first, ask for.

    Attributes:
        uploads: the files of all packages.
        projects: the files of the workspace, as they were first and as they are then.
        later: what becomes of the index when both were locked.
    """

    uploads: tuple[Upload, ...]
    projects: tuple[Files, Files]
    later: Later

    def publish(self, server: IndexServer) -> None:
        """Upload everything to *server*."""
        for upload in self.uploads:
            upload.publish(server)

    def evolve(self, server: IndexServer) -> None:
        """Change what was uploaded to *server*."""
        for published in (each for files in server.packages.values() for each in files):
            if published.file.filename in self.later.yanked:
                published.yanked = True
        for upload in self.later.uploads:
            upload.publish(server)


def random_world(number: int) -> World:
    """Return the world *number*."""
    return _Maker(number).world()


class _Maker:
    def __init__(self, number: int) -> None:
        self.number = number
        self.chooser = random.Random(number)
        self.names = [
            f"{letter}-{number}" for letter in "abcdefghijkl"[: self.chooser.choice((2, 3, 4, 5, 6, 7, 7, 12))]
        ]
        # Most worlds have little of the rare things, some are full of them.
        self.weight = self.chooser.choice((0.5, 1, 1, 2, 4))

    def chance(self, share: float) -> bool:
        """Return True in *share* of all cases."""
        return self.chooser.random() < share

    def rarely(self, share: float) -> bool:
        """Return True in about *share* of all cases, more often in some worlds."""
        return self.chance(min(share * self.weight, 0.6))

    def some(self, values: Sequence[str], most: int, least: int = 0) -> list[str]:
        """Return a few different *values*."""
        return self.chooser.sample(values, min(len(values), self.chooser.randint(least, most)))

    def world(self) -> World:
        uploads = [upload for name in self.names for upload in self.package(name)]
        first = self.project()
        then = self.changed(first)
        anywhere = [(upload.name, upload.file.filename) for upload in uploads if upload.fits_everywhere]

        def requirement(names: Sequence[str]) -> str:
            return self.requirement(names).replace("[x]", "")

        def anything() -> tuple[str, str] | None:
            return self.chooser.choice(anywhere) if anywhere else None

        additions = Drawing(self.chooser, self.number, self.names, requirement, anything).draw(first)
        further = draw_further(self.number, self.names, requirement, additions.apply(first), tuple(additions.members))
        for name, version, index in (*additions.releases, *further.releases):
            uploads += self.further(uploads, name, version, index or "simple")
        for name in additions.broken:
            wheel = make_wheel(name, "3.2", requires=[f"missing-{self.number}"], files={})
            uploads.append(Upload(name, wheel, UPLOADED[0], yanked=False))
        others = additions.members | further.projects
        members = {f"{name}/pyproject.toml": render(name, other) for name, other in others.items()}
        roots = [render("project", further.apply(additions.apply(project))) for project in (first, then)]
        projects = tuple([{"pyproject.toml": root, **members} for root in roots])
        return World(tuple(uploads), projects, self.later(uploads))

    def later(self, uploads: Sequence[Upload]) -> Later:
        """Return what becomes of *uploads*."""
        own = [upload for upload in uploads if upload.index == "simple"]
        evolution = draw_evolution(self.number, self.names, [upload.file.filename for upload in own])
        known = {upload.file.filename.rpartition(".")[0] for upload in uploads}
        added = [
            upload
            for name, version in evolution.releases
            for upload in self.release(name, version)
            if not any(name.startswith(upload.file.filename.partition("-py")[0]) for name in known)
        ]
        return Later(evolution.yanked, tuple(added), evolution.upgraded)

    def further(self, uploads: Sequence[Upload], name: str, version: str, index: str) -> list[Upload]:
        """Return the files of another release; those that are there already, since a file name is part of a URL."""
        prefix = f"{name.replace('-', '_')}-{version}"
        known = [upload for upload in uploads if upload.file.filename.startswith((f"{prefix}-", f"{prefix}.tar"))]
        if any(upload.index == index for upload in known):
            return []
        return [replace(upload, index=index) for upload in known or self.release(name, version)]

    # --- packages

    def package(self, name: str) -> list[Upload]:
        versions = self.some(VERSIONS, 5, 2)
        if self.rarely(0.15):
            versions += self.some(PRERELEASES, 2, 1)
        if self.rarely(0.05):
            versions.append(f"{self.chooser.choice(versions)}+cpu")
        return [upload for version in versions for upload in self.release(name, version)]

    def release(self, name: str, version: str) -> list[Upload]:
        others = [other for other in self.names if other != name]
        extras = self.some(EXTRAS, 2) if self.chance(0.3) else []
        requires = [self.requirement(others) for _ in range(self.chooser.choice((0, 0, 0, 1, 1, 2)))]
        requires += [self.requirement(others, f"extra == '{extra}'") for extra in extras if self.chance(0.8)]
        if len(extras) > 1 and self.chance(0.3):
            requires.append(f"{name}[{extras[0]}] ; extra == '{extras[1]}'")
        python = self.chooser.choice(PYTHONS) if self.chance(0.25) else None
        files: list[BuiltFile] = []
        tags = self.some(TAGS, 5, 1) if self.rarely(0.2) or "+" in version else ["py3-none-any"]
        if self.chance(0.9) or "+" in version:
            files += [
                make_wheel(name, version, tag=tag, requires=requires, requires_python=python, extras=extras, files={})
                for tag in tags
            ]
        # The hashes of a version are held against the sources of its local variants by uv.
        if "+" not in version and (not files or self.chance(0.15)):
            files.append(make_sdist(name, version, requires=requires, requires_python=python))
        yanked: bool | str = self.chooser.choice((True, "broken")) if self.rarely(0.05) else False
        time = self.chooser.choice(UPLOADED)
        return [Upload(name, file, time, yanked) for file in files]

    def requirement(self, names: Sequence[str], condition: str | None = None, marked: float = 0.3) -> str:
        name = self.chooser.choice(names)
        if self.chance(0.15):
            name += f"[{','.join(self.some(EXTRAS, 2, 1))}]"
        markers = [condition] if condition else []
        if self.chance(marked):
            markers.insert(0, self.marker())
        return f"{name}{self.specifier()}" + (f" ; {' and '.join(markers)}" if markers else "")

    def specifier(self) -> str:
        if self.chance(0.4):
            return ""
        low, high = self.chooser.choice(VERSIONS[:3]), self.chooser.choice(VERSIONS[2:])
        loose = (f">={low}", f"<={high}", f"!={high}", f"<{high}", ">=1.0a1", f">={low},<={high}")
        tight = (f"=={low}", f"=={high}", f">{low}", f"~={high}", f"=={low[0]}.*", f">={low},<{int(low[0]) + 1}")
        return self.chooser.choice(tight if self.chance(0.3) else loose)

    def marker(self) -> str:
        marker = self.chooser.choice(MARKERS)
        if self.rarely(0.2):
            both = f"{marker} {self.chooser.choice(('and', 'or'))} {self.chooser.choice(MARKERS)}"
            return f"({both})"
        return marker

    # --- projects

    def project(self) -> Project:
        names = self.names
        project: Project = {
            "requires-python": self.chooser.choice((">=3.9", ">=3.10", ">=3.11", ">=3.11,<3.15", ">=3.8,!=3.10.*")),
            "dependencies": self.requirements(4),
        }
        if self.rarely(0.25):
            project["extras"] = {name: self.requirements(2) for name in self.some(("p", "q", "r"), 3, 1)}
        if self.rarely(0.25):
            project["groups"] = {name: self.requirements(2) for name in self.some(("dev", "g", "h"), 3, 1)}
        for kind in ("extras", "groups"):
            for requirements in project.get(kind, {}).values():
                if "extras" in project and self.rarely(0.1):
                    requirements.append(f"project[{self.chooser.choice(list(project['extras']))}]")
        items = [{"extra": name} for name in project.get("extras", ())]
        items += [{"group": name} for name in project.get("groups", ())]
        settings: dict[str, object] = {}
        if len(items) > 1 and self.chance(0.6):
            settings["conflicts"] = [self.chooser.sample(items, self.chooser.randint(2, len(items)))]
            if len(items) > 2 and self.chance(0.3):
                settings["conflicts"].append(self.chooser.sample(items, 2))
        rare = {
            "environments": lambda: list(self.chooser.choice(ENVIRONMENTS)),
            "required-environments": lambda: list(self.chooser.choice(REQUIRED)),
            "constraint-dependencies": lambda: [self.requirement(names, marked=0.2).replace("[x]", "")],
            "override-dependencies": lambda: [
                self.requirement(names, marked=0.3) for _ in range(self.chooser.randint(1, 2))
            ],
            "exclude-dependencies": lambda: [self.chooser.choice((*names, self.scope(names)))],
            "exclude-newer": lambda: self.chooser.choice(CUTOFFS),
            "exclude-newer-package": lambda: {self.chooser.choice(names): self.chooser.choice((*CUTOFFS, False))},
            "resolution": lambda: self.chooser.choice(("lowest", "lowest-direct")),
            "prerelease": lambda: self.chooser.choice(("allow", "disallow", "explicit", "if-necessary-or-explicit")),
            "fork-strategy": lambda: "fewest",
            "no-build-package": lambda: self.some(names, 2, 1),
            "no-binary-package": lambda: self.some(names, 2, 1),
        }
        settings.update({key: make() for key, make in rare.items() if self.rarely(0.08)})
        project["settings"] = settings
        return project

    def scope(self, names: Sequence[str]) -> dict[str, object]:
        """Return the exclusion of one name from another's requirements."""
        return {"package": {"name": self.chooser.choice(names)}, "dependencies": [self.chooser.choice(names)]}

    def requirements(self, most: int) -> list[str]:
        return [self.requirement(self.names, marked=0.35) for _ in range(self.chooser.randint(1, most))]

    def changed(self, project: Project) -> Project:
        """Return *project* with one thing different."""
        twin = {**project, "settings": dict(project["settings"])}
        match self.chooser.randrange(6):
            case 0 | 1:
                twin["dependencies"] = [*project["dependencies"], self.requirement(self.names)]
            case 2 | 3:
                twin["dependencies"] = project["dependencies"][1:]
            case 4:
                twin["requires-python"] = self.chooser.choice((">=3.10", ">=3.9", ">=3.11"))
            case _:
                twin["settings"] |= {"constraint-dependencies": [self.requirement(self.names, marked=0)]}
        return twin


def render(name: str, project: Project) -> str:
    """Return the `pyproject.toml` of *project*."""
    lines = ["[project]", f'name = "{name}"', 'version = "0.1.0"']
    lines += [f"{key} = {_value(project[key])}" for key in ("requires-python", "dependencies")]
    for header, key in (("[project.optional-dependencies]", "extras"), ("[dependency-groups]", "groups")):
        tables = project.get(key)
        if tables:
            lines += [header, *(f"{name} = {_value(value)}" for name, value in tables.items())]
    settings = project["settings"]
    if settings:
        lines += ["[tool.uv]", *(f"{key} = {_value(value)}" for key, value in settings.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)
