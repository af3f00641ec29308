"""How a random world goes on: its projects change once more, its index is not what it was, and further kinds of input.

    further = draw_further(number, names, requirement, first)
    evolved = draw_evolution(number, uploads, release)

Both have a source of chance of their own, so that known worlds stay as they are. Worlds from `FIRST_FURTHER` on have
further kinds of input; every world has an evolution.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.support.random_additions import Project

FIRST_FURTHER = 10_000

MARKERS = ("sys_platform == 'linux'", "sys_platform == 'win32'", "python_version < '3.12'", "os_name == 'nt'")
REST = {
    "sys_platform == 'linux'": "sys_platform != 'linux'",
    "sys_platform == 'win32'": "sys_platform == 'darwin'",
    "python_version < '3.12'": "python_version >= '3.12'",
    "os_name == 'nt'": "os_name != 'nt'",
}
CUTOFFS = ("2024-01-02T00:00:00Z", "2024-01-03T12:00:00Z", False)
ENVIRONMENTS = (
    ["sys_platform == 'linux'", "sys_platform == 'win32'", "sys_platform == 'darwin' and platform_machine == 'arm64'"],
    ["sys_platform == 'linux' and platform_machine == 'x86_64'", "sys_platform == 'darwin'"],
    ["python_version >= '3.12' and sys_platform != 'win32'"],
)
REQUIRED = (
    ["sys_platform == 'linux' and platform_machine == 'aarch64'"],
    ["sys_platform == 'darwin' and platform_machine == 'arm64'", "sys_platform == 'win32'"],
    ["sys_platform == 'linux' and python_version >= '3.12'"],
)
NEW_VERSIONS = ("1.2", "2.2", "3.1", "4.0", "2.1.post1")
MODES = {
    "resolution": ("lowest", "lowest-direct", "highest"),
    "prerelease": ("allow", "disallow", "explicit", "if-necessary"),
    "fork-strategy": ("fewest", "requires-python"),
}


class Further(Struct):
    """What is put into the first and the second project besides, and files beside them.

    Attributes:
        projects: changed ones, by name; the root is `project`.
        releases: name, version and index of further releases.
    """

    settings: dict[str, object] = field(default_factory=dict)
    dependencies: list[str] = field(default_factory=list)
    extras: dict[str, list[str]] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    releases: list[tuple[str, str, str]] = field(default_factory=list)

    def apply(self, project: Project) -> Project:
        """Return *project* with all this."""
        settings = dict(project["settings"])
        for key, value in self.settings.items():
            match settings.get(key), value:
                case {"members": list() as old}, {"members": list() as more}:
                    settings[key] = {"members": [*old, *more]}
                case list() as old, list() if key not in {"environments", "required-environments"}:
                    settings[key] = [*old, *value]
                case dict() as old, dict():
                    settings[key] = {**old, **value}
                case _:
                    settings[key] = value
        twin = {**project, "settings": settings, "dependencies": [*project["dependencies"], *self.dependencies]}
        extras = {**project.get("extras", {}), **self.extras}
        return {**twin, "extras": extras} if extras else twin


class _Drawing:
    def __init__(
        self, number: int, names: Sequence[str], requirement: Callable[[Sequence[str]], str], members: Sequence[str]
    ) -> None:
        self.number = number
        self.chooser = random.Random(f"further {number}")
        self.names = names
        self.requirement = requirement
        self.members = members
        self.made = Further()

    def draw(self, project: Project) -> Further:
        for add in (
            self.folder,
            self.pinned_indexes,
            self.index_cutoff,
            self.both_environments,
            self.mixed_conflicts,
            self.same_names,
            self.scoped_excludes,
            self.told_metadata,
            self.modes,
            self.marked_overrides,
            self.self_reference,
        ):
            if self.chooser.random() < 0.25:
                add(project)
        return self.made

    def requirements(self, most: int) -> list[str]:
        return [self.requirement(self.names) for _ in range(self.chooser.randint(1, most))]

    def source(self, name: str, value: object) -> None:
        self.made.settings.setdefault("sources", {}).setdefault(name, value)

    def folder(self, project: Project) -> None:
        """A folder outside of the workspace, everywhere or where a marker holds."""
        name = f"folder-{self.number}"
        tree: Project = {
            "requires-python": self.chooser.choice((">=3.8", ">=3.10", ">=3.12")),
            "dependencies": self.requirements(2),
            "settings": {},
        }
        if self.chooser.random() < 0.5:
            tree["extras"] = {"x": self.requirements(1)}
        self.made.projects[name] = tree
        asked = self.chooser.choice(("", "[x]")) if "extras" in tree else ""
        self.made.dependencies.append(f"{name}{asked}")
        entry: dict[str, object] = {"path": name}
        if self.chooser.random() < 0.3:
            entry["editable"] = True
        if self.chooser.random() < 0.4:
            self.made.releases += [(name, version, "") for version in ("1.0", "2.0")]
            entry["marker"] = self.chooser.choice(MARKERS)
            self.source(name, [entry])
        else:
            self.source(name, entry)

    def pinned_indexes(self, project: Project) -> None:
        """Two indexes for one name, each where its marker holds."""
        name, marker = self.chooser.choice(self.names), self.chooser.choice(MARKERS)
        others = ("left", "right")
        for index, versions in zip(others, (("1.0", "2.5"), ("2.0", "3.5")), strict=True):
            self.made.releases += [(name, version, f"{index}{self.number}") for version in versions]
        tables = [{"name": other, "url": f"ORIGIN/{other}{self.number}", "explicit": True} for other in others]
        self.made.settings.setdefault("index", []).extend(tables)
        self.made.dependencies.append(name)
        entries = [{"index": "left", "marker": marker}, {"index": "right", "marker": REST[marker]}]
        self.source(name, entries[: self.chooser.choice((1, 2, 2))])

    def index_cutoff(self, project: Project) -> None:
        """An index with a cut-off of its own."""
        name = self.chooser.choice(self.names)
        self.made.releases += [(name, version, f"late{self.number}") for version in ("1.4", "2.4", "3.4")]
        entry = {
            "name": "late",
            "url": f"ORIGIN/late{self.number}",
            "exclude-newer": self.chooser.choice(CUTOFFS),
        }
        self.made.settings.setdefault("index", []).append(entry)

    def both_environments(self, project: Project) -> None:
        """Supported environments, and required ones."""
        self.made.settings["environments"] = self.chooser.choice(ENVIRONMENTS)
        self.made.settings["required-environments"] = self.chooser.choice(REQUIRED)

    def mixed_conflicts(self, project: Project) -> None:
        """Extras, groups and projects that exclude each other."""
        items: list[dict[str, str]] = [{"extra": name} for name in project.get("extras", ())]
        # Of a group and one that includes it uv makes a set of one, which it does not read again.
        items += [{"group": name} for name in project.get("groups", ()) if name != "all"]
        items += [{"package": name} for name in self.members]
        if len(items) > 1:
            count = self.chooser.randint(2, min(3, len(items)))
            self.made.settings.setdefault("conflicts", []).append(self.chooser.sample(items, count))

    def same_names(self, project: Project) -> None:
        """Extras of the root that ask for conflicting extras of a folder."""
        name = f"twin-{self.number}"
        self.made.projects[name] = {
            "requires-python": ">=3.8",
            "dependencies": self.requirements(1),
            "extras": {"x": self.requirements(1), "y": self.requirements(1)},
            "settings": {},
        }
        self.source(name, {"workspace": True})
        self.made.settings.setdefault("workspace", {}).setdefault("members", []).append(name)
        asked = self.chooser.sample(("x", "y", "p", "v"), 2)
        for extra, own in zip(asked, self.chooser.sample(("x", "y"), 2), strict=True):
            marker = self.chooser.choice(("", "", f" ; {self.chooser.choice(MARKERS)}"))
            self.made.extras.setdefault(extra, []).append(f"{name}[{own}]{marker}")
        items = [{"package": name, "extra": extra} for extra in "xy"]
        self.made.settings.setdefault("conflicts", []).append(items)

    def scoped_excludes(self, project: Project) -> None:
        """Requirements that are dropped of one package or one version."""
        parent: dict[str, str] = {"name": self.chooser.choice(self.names)}
        if self.chooser.random() < 0.5:
            parent["version"] = self.chooser.choice(("1.0", "2.0", "2.1", "3.0"))
        dropped = self.chooser.sample(self.names, min(2, len(self.names)))
        self.made.settings["exclude-dependencies"] = [{"package": parent, "dependencies": dropped}]

    def told_metadata(self, project: Project) -> None:
        """Metadata with extras and a Python, of all versions and of one."""
        name = self.chooser.choice(self.names)
        entries: list[dict[str, object]] = [{"name": name, "requires-dist": self.requirements(2)}]
        entry = {"name": name, "version": "2.0", "requires-python": self.chooser.choice((">=3.10", ">=3.12"))}
        extra = f"{self.requirement(self.names).partition(';')[0]} ; extra == 'x'"
        entries.append({**entry, "requires-dist": [extra], "provides-extra": ["x"]})
        self.made.settings["dependency-metadata"] = entries[: self.chooser.choice((1, 2))]

    def modes(self, project: Project) -> None:
        """Several modes at once."""
        for key, values in MODES.items():
            if self.chooser.random() < 0.6:
                self.made.settings[key] = self.chooser.choice(values)

    def marked_overrides(self, project: Project) -> None:
        """Overrides of one name for two parts of all environments."""
        name, marker = self.chooser.choice(self.names), self.chooser.choice(MARKERS)
        found = [f"{name}<{self.chooser.choice(('2.0', '3.0'))} ; {marker}", f"{name}>=2.0 ; {REST[marker]}"]
        self.made.settings["override-dependencies"] = found[: self.chooser.choice((1, 2, 2))]

    def self_reference(self, project: Project) -> None:
        """An extra of the project in a group, or in another extra."""
        extras = list(project.get("extras", ()))
        if extras:
            one = self.chooser.choice(extras)
            marker = self.chooser.choice(("", f" ; {self.chooser.choice(MARKERS)}"))
            self.made.extras["all"] = [f"project[{one}]{marker}", *self.requirements(1)]


def draw_further(
    number: int,
    names: Sequence[str],
    requirement: Callable[[Sequence[str]], str],
    project: Project,
    members: Sequence[str],
) -> Further:
    """Return what the world *number* has besides: nothing before `FIRST_FURTHER`."""
    return _Drawing(number, names, requirement, members).draw(project) if number >= FIRST_FURTHER else Further()


class Evolution(Struct, frozen=True):
    """What happens to an index after everything was locked.

    Attributes:
        yanked: file names that are yanked.
        releases: names and new versions.
        upgraded: a name to upgrade.
    """

    yanked: frozenset[str]
    releases: tuple[tuple[str, str], ...]
    upgraded: str


def draw_evolution(number: int, names: Sequence[str], filenames: Sequence[str]) -> Evolution:
    """Return how the index of the world *number*, which has *filenames*, goes on."""
    chooser = random.Random(f"evolution {number}")
    return Evolution(
        yanked=frozenset([filename for filename in filenames if chooser.random() < 0.2]),
        releases=tuple([(name, chooser.choice(NEW_VERSIONS)) for name in names if chooser.random() < 0.6]),
        upgraded=chooser.choice(list(names)),
    )
