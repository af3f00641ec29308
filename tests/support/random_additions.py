"""What only some random worlds have: a workspace, sources, further indexes, URLs, scoped overrides, unknown names.

    additions = draw_additions(chooser, number, names)

They are drawn after everything else of a world, so that a world without them is not changed by what is added here.
Texts may name the index as `ORIGIN`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

Project: TypeAlias = "dict[str, object]"
"""The parts of a `pyproject.toml`: requires-python, dependencies, extras, groups, and the settings of `[tool.uv]`."""

SECOND = "more"
"""The second index, below the same origin."""

MARKERS = ("sys_platform == 'linux'", "sys_platform == 'win32'", "python_version < '3.12'")
OPPOSITES = {
    "sys_platform == 'linux'": "sys_platform != 'linux'",
    "sys_platform == 'win32'": "sys_platform == 'darwin'",
    "python_version < '3.12'": "python_version >= '3.12'",
}
UNUSUAL_VERSIONS = ("0.9", "2.0.post1", "2.0.post2", "1!0.5", "3.0+cu12", "2.1+cu12", "2.1.dev3", "1.0rc1")
GROUP_PYTHONS = (">=3.11", ">=3.12", ">=3.13", "<3.13", ">=3.10,<3.14")
INDEX_STRATEGIES = ("first-index", "unsafe-first-match", "unsafe-best-match")
PRERELEASES = ("allow", "disallow", "explicit", "if-necessary")


class Additions(Struct):
    """What is put into a world besides.

    Attributes:
        settings: keys of the root's `[tool.uv]`; lists and tables are joined with those that are there.
        dependencies: further ones of the root.
        groups: further ones of the root.
        members: name of a project of the workspace to the project.
        releases: name, version and index of further releases.
        broken: names of which a new version requires what is not there.
    """

    settings: dict[str, object] = field(default_factory=dict)
    dependencies: list[str] = field(default_factory=list)
    groups: dict[str, list[object]] = field(default_factory=dict)
    members: dict[str, Project] = field(default_factory=dict)
    releases: list[tuple[str, str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def apply(self, project: Project) -> Project:
        """Return *project* with all this."""
        settings = dict(project["settings"])
        for key, value in self.settings.items():
            match settings.get(key), value:
                case list() as old, list():
                    settings[key] = [*old, *value]
                case dict() as old, dict():
                    settings[key] = {**old, **value}
                case _:
                    settings[key] = value
        groups = {**project.get("groups", {}), **self.groups}
        twin = {**project, "settings": settings, "dependencies": [*project["dependencies"], *self.dependencies]}
        return {**twin, "groups": groups} if groups else twin


class Drawing:
    """Draws the additions of one world.

    Args:
        chooser: the world's source of chance.
        number: the world.
        names: its packages.
        requirement: draws a requirement on one of some names.
        files: draws a file name of a package, which can be installed anywhere; None if there is none.
    """

    def __init__(
        self,
        chooser: random.Random,
        number: int,
        names: Sequence[str],
        requirement: Callable[[Sequence[str]], str],
        files: Callable[[], tuple[str, str] | None],
    ) -> None:
        self.chooser = chooser
        self.number = number
        self.names = names
        self.requirement = requirement
        self.files = files
        self.made = Additions()

    def draw(self, project: Project) -> Additions:
        """Return what *project* gets: nothing in half of the worlds."""
        if self.chooser.random() < 0.5:
            return self.made
        for add in (
            self.workspace,
            self.second_index,
            self.direct_url,
            self.unknown_name,
            self.unusual_versions,
            self.included_group,
            self.group_python,
            self.scoped_override,
            self.static_metadata,
            self.prerelease_package,
            self.build_constraints,
            self.builds,
            self.libc,
        ):
            if self.chooser.random() < 0.2:
                add(project)
        return self.made

    def requirements(self, most: int) -> list[str]:
        """Draw a few requirements."""
        return [self.requirement(self.names) for _ in range(self.chooser.randint(1, most))]

    def workspace(self, project: Project) -> None:
        """One or two more projects, some required by the root, some in conflict with it or each other."""
        items: list[dict[str, str]] = []
        sources: dict[str, object] = {}
        for letter in "mn"[: self.chooser.choice((1, 1, 2))]:
            name = f"{letter}-{self.number}"
            member: Project = {
                "requires-python": self.chooser.choice((">=3.9", ">=3.10", ">=3.12", ">=3.11,<3.14")),
                "dependencies": self.requirements(2),
                "settings": {},
            }
            if self.chooser.random() < 0.5:
                member["extras"] = {"x": self.requirements(1), "y": self.requirements(1)}
                items += [{"package": name, "extra": extra} for extra in "xy"]
            if self.chooser.random() < 0.3:
                member["groups"] = {"dev": self.requirements(1)}
                items.append({"package": name, "group": "dev"})
            items.append({"package": name})
            self.made.members[name] = member
            if self.chooser.random() < 0.6:
                asked = self.chooser.choice(("", "", "[x]")) if "extras" in member else ""
                marker = self.chooser.choice(("", "", f" ; {self.chooser.choice(MARKERS)}"))
                self.made.dependencies.append(f"{name}{asked}{marker}")
                sources[name] = {"workspace": True}
        self.made.settings["workspace"] = {"members": sorted(self.made.members)}
        self.source(sources)
        if self.chooser.random() < 0.3 and len(items) > 1:
            self.made.settings["conflicts"] = [self.chooser.sample(items, 2)]

    def source(self, sources: dict[str, object]) -> None:
        """Add to `sources`."""
        if sources:
            self.made.settings.setdefault("sources", {}).update(sources)

    def second_index(self, project: Project) -> None:
        """An index with other versions of some names; for all, or for names that are pinned to it."""
        names = self.chooser.sample(self.names, min(len(self.names), 2))
        self.made.releases += [(name, self.chooser.choice(("1.5", "2.0", "2.5", "4.0")), SECOND) for name in names]
        explicit = self.chooser.random() < 0.5
        entry: dict[str, object] = {"name": SECOND, "url": f"ORIGIN/{SECOND}"}
        if explicit:
            entry["explicit"] = True
        self.made.settings["index"] = [entry]
        if explicit or self.chooser.random() < 0.3:
            pin = {"index": SECOND}
            marker = self.chooser.choice(MARKERS)
            self.source({names[0]: self.chooser.choice((pin, pin, [{**pin, "marker": marker}]))})
            self.made.dependencies.append(names[0])
        elif self.chooser.random() < 0.6:
            self.made.settings["index-strategy"] = self.chooser.choice(INDEX_STRATEGIES)

    def direct_url(self, project: Project) -> None:
        """A requirement with a URL, or a source that gives it one, everywhere or somewhere."""
        found = self.files()
        if found is None:
            return
        name, filename = found
        url = f"ORIGIN/files/{filename}"
        if self.chooser.random() < 0.4:
            marker = self.chooser.choice(("", f" ; {self.chooser.choice(MARKERS)}"))
            self.made.dependencies.append(f"{name} @ {url}{marker}")
            return
        self.made.dependencies.append(name)
        marker = self.chooser.choice(MARKERS)
        entries: tuple[object, ...] = (
            {"url": url},
            [{"url": url, "marker": marker}],
            [{"url": url, "marker": marker}, {"index": SECOND, "marker": OPPOSITES[marker]}],
        )
        self.source({name: self.chooser.choice(entries if "index" in self.made.settings else entries[:2])})

    def unknown_name(self, project: Project) -> None:
        """A requirement on what no index has, of the project or of a new version of a package."""
        if self.chooser.random() < 0.3:
            self.made.dependencies.append(f"missing-{self.number}{self.chooser.choice(('', '>=1', '==2.0'))}")
        else:
            self.made.broken.append(self.chooser.choice(self.names))

    def unusual_versions(self, project: Project) -> None:
        """Post-releases, epochs, other local versions."""
        for _ in range(self.chooser.randint(1, 4)):
            self.made.releases.append((self.chooser.choice(self.names), self.chooser.choice(UNUSUAL_VERSIONS), ""))

    def included_group(self, project: Project) -> None:
        """A group that includes another one."""
        others = list(project.get("groups", ()))
        if not others:
            self.made.groups["g"] = self.requirements(1)
            others = ["g"]
        self.made.groups["all"] = [{"include-group": self.chooser.choice(others)}, *self.requirements(1)]
        if self.chooser.random() < 0.5:
            self.made.settings["default-groups"] = self.chooser.choice((["all"], "all", []))

    def group_python(self, project: Project) -> None:
        """A group that needs another Python than the project."""
        groups = [*project.get("groups", ()), *self.made.groups]
        if groups:
            bounds = {"requires-python": self.chooser.choice(GROUP_PYTHONS)}
            self.made.settings["dependency-groups"] = {self.chooser.choice(groups): bounds}

    def scoped_override(self, project: Project) -> None:
        """Overrides for what one package, or one version of it, requires."""
        parent: dict[str, str] = {"name": self.chooser.choice(self.names)}
        if self.chooser.random() < 0.4:
            parent["version"] = self.chooser.choice(("1.0", "2.0", "2.1", "3.0"))
        scoped = {"package": parent, "dependencies": self.requirements(2)}
        self.made.settings["override-dependencies"] = [scoped]

    def static_metadata(self, project: Project) -> None:
        """Metadata that replaces a package's own."""
        entry: dict[str, object] = {"name": self.chooser.choice(self.names), "requires-dist": self.requirements(2)}
        if self.chooser.random() < 0.5:
            entry["version"] = self.chooser.choice(("1.0", "2.0", "3.0"))
        self.made.settings["dependency-metadata"] = [entry]

    def prerelease_package(self, project: Project) -> None:
        """A rule for the pre-releases of one name."""
        self.made.settings["prerelease-package"] = {self.chooser.choice(self.names): self.chooser.choice(PRERELEASES)}

    def build_constraints(self, project: Project) -> None:
        """Constraints for builds, which are only written down."""
        self.made.settings["build-constraint-dependencies"] = ["setuptools<80", "wheel>=0.40 ; python_version < '3.12'"]

    def builds(self, project: Project) -> None:
        """No source distribution may be built, or no wheel used."""
        self.made.settings[self.chooser.choice(("no-build", "no-build", "no-binary"))] = True

    def libc(self, project: Project) -> None:
        """The oldest C library that wheels may ask for."""
        self.made.settings["minimum-libc-version"] = {"glibc": self.chooser.choice(("2.17", "2.28"))}
