"""Random projects, and command lines that somebody might run in them one after the other.

A story is a number. Its packages are few and fit each other mostly, so that most command lines succeed: what locking
makes of difficult packages is the business of `random_universe`.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from msgspec import Struct
from tests.support.wheel_factory import BuiltFile, make_wheel

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ("alpha", "beta-pkg", "gamma.x", "delta", "omega")
MODULES = {"alpha": "alpha", "beta-pkg": "beta_pkg", "gamma.x": "gamma_x", "delta": "delta", "omega": "omega"}
EXTRAS = ("fast", "full_set")
GROUPS = ("dev", "lint", "Test-All")
MARKERS = ("sys_platform == 'linux'", "sys_platform == 'win32'", "python_version >= '3.12'", "os_name != 'nt'")


class Story(Struct, frozen=True):
    """What there is, and what is done.

    Attributes:
        packages: name, file, whether it is yanked.
        files: of the project, by path.
        lines: words of the command lines.
    """

    packages: tuple[tuple[str, BuiltFile, bool], ...]
    files: dict[str, str]
    lines: tuple[tuple[str, ...], ...]


def random_story(number: int) -> Story:
    """Return the story *number*."""
    return _Teller(number).story()


class _Teller:
    def __init__(self, number: int) -> None:
        self.chooser = random.Random(number)
        self.members = ["lib", "tools-app"][: self.chooser.choice((0, 0, 0, 1, 2))]
        self.script = self.chance(0.3)
        self.indent = self.pick("    ", "    ", "  ")

    def chance(self, share: float) -> bool:
        return self.chooser.random() < share

    def pick(self, *values: str) -> str:
        return self.chooser.choice(values)

    def story(self) -> Story:
        packages = tuple(self.packages())
        files = self.files()
        lines = tuple(self.line() for _ in range(self.chooser.randint(4, 8)))
        return Story(packages, files, lines)

    # --- what there is

    def packages(self) -> list[tuple[str, BuiltFile, bool]]:
        found = []
        for place, name in enumerate(NAMES):
            versions = self.chooser.sample(("0.9", "1.0", "1.2.3", "1.10", "2.0a1", "2.0", "2.1.post1", "3.0.dev4"), 3)
            for version in versions:
                requires = [
                    other + self.pick("", "", ">=1", "<3") + self.pick("", "", f" ; {self.pick(*MARKERS)}")
                    for other in NAMES[place + 1 :]
                    if self.chance(0.3)
                ]
                requires += [f"{other} ; extra == 'fast'" for other in NAMES[place + 1 :] if self.chance(0.2)]
                wheel = make_wheel(
                    name,
                    version,
                    requires=requires,
                    extras=["fast"],
                    requires_python=">=3.13" if self.chance(0.05) else ">=3.8" if self.chance(0.5) else None,
                    entry_points=f"[console_scripts]\n{name} = {MODULES[name]}:main\n" if self.chance(0.3) else None,
                    files={
                        f"{MODULES[name]}/__init__.py": f"def main():\n    print({name!r}, {version!r})\n",
                        f"{MODULES[name]}/__main__.py": f"print('module', {name!r})\n",
                    },
                )
                found.append((name.replace(".", "-"), wheel, self.chance(0.08)))
        return found

    def requirement(self) -> str:
        name = self.pick(*NAMES)
        return (
            name
            + self.pick("", "", "", "[fast]")
            + self.pick("", "", "", ">=0.9", "==1.*", "<3,>0.5", "~=1.0", "!=2.0", ">=2.0a0")
            + self.pick("", "", "", f" ; {self.pick(*MARKERS)}")
        )

    def array(self, values: Sequence[str]) -> str:
        if not values:
            return "[]"
        rows = [
            f"{self.indent}{json.dumps(value)},{self.pick('', '', '  # why')}\n"
            + self.pick("", "", "", f"{self.indent}# about the next\n")
            for value in values
        ]
        return f"[\n{''.join(rows)}]"

    def requirements(self, most: int) -> list[str]:
        return [self.requirement() for _ in range(self.chooser.randint(0, most))]

    def pyproject(self, name: str) -> str:
        python = self.pick(">=3.11", ">=3.11", ">=3.11,<4", ">=3.12")
        text = f'[project]\nname = "{name}"\nversion = "{self.pick("0.1.0", "1.2.3a4", "2.0.post1.dev2")}"\n'
        text += f'requires-python = "{python}"\n' if self.chance(0.85) else ""
        text += 'description = "of it"\n' if self.chance(0.3) else ""
        text += f"dependencies = {self.array(self.requirements(3))}\n"
        packaged = self.chance(0.35) or name in self.members
        if packaged and self.chance(0.5):
            text += f'\n[project.scripts]\n{name} = "{name.replace("-", "_")}:main"\n'
        if self.chance(0.35):
            rows = [f"{extra} = {self.array(self.requirements(2))}" for extra in EXTRAS if self.chance(0.7)]
            text += "\n[project.optional-dependencies]\n" + "\n".join(rows) + "\n"
        if self.chance(0.45):
            rows = [f"{group} = {self.array(self.requirements(2))}" for group in GROUPS if self.chance(0.7)]
            text += "\n[dependency-groups]\n" + "\n".join(rows) + "\n"
        if packaged:
            text += '\n[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"\n'
        return text

    def files(self) -> dict[str, str]:
        root = self.pyproject("root-app")
        files = {"src/root_app/__init__.py": "def main():\n    print('root')\n"}
        settings = []
        if self.members:
            listed = "".join(f"{self.indent}{json.dumps(member)},\n" for member in self.members)
            root += f"\n[tool.uv.workspace]\nmembers = [\n{listed}]\n"
            used = [member for member in self.members if self.chance(0.6)]
            if used:
                root = root.replace("dependencies = [\n", f'dependencies = [\n{self.indent}"{used[0]}",\n', 1)
                root += "\n[tool.uv.sources]\n" + "".join(f"{name} = {{ workspace = true }}\n" for name in used)
        if self.chance(0.15):
            settings.append(f"default-groups = {self.pick('[]', json.dumps(['lint']), json.dumps('all'))}")
        if self.chance(0.1):
            settings.append(f"package = {self.pick('true', 'false')}")
        if self.chance(0.1):
            settings.append(f'resolution = "{self.pick("lowest", "lowest-direct")}"')
        if self.chance(0.08):
            settings.append(f'constraint-dependencies = ["{self.pick(*NAMES)}<2"]')
        if self.chance(0.08):
            settings.append(f'add-bounds = "{self.pick("lower", "major", "minor", "exact")}"')
        if self.chance(0.05):
            settings.append('prerelease = "allow"')
        if settings:
            root += "\n[tool.uv]\n" + "\n".join(settings) + "\n"
        files["pyproject.toml"] = root
        for member in self.members:
            files[f"{member}/pyproject.toml"] = self.pyproject(member)
            files[f"{member}/src/{member.replace('-', '_')}/__init__.py"] = "def main():\n    print('member')\n"
        if self.script:
            needs = self.array(self.requirements(2)).replace("\n", "\n# ")
            files["job.py"] = (
                f'# /// script\n# requires-python = ">=3.11"\n# dependencies = {needs}\n# ///\n'
                "import sys\nprint('job', sys.argv[1:])\n"
            )
        files["needs.txt"] = f"# needed\n{self.requirement()}\n{self.requirement()}  # twice\n"
        return files

    # --- what is done

    def line(self) -> tuple[str, ...]:
        kinds = (self.add, self.add, self.remove, self.lock, self.sync, self.sync, self.run, self.export, self.tree)
        others = (self.version, self.workspace, self.init, self.venv, self.python, self.pip, self.pip)
        words = self.chooser.choice((*kinds, *others))()
        if self.chance(0.05):
            words.insert(1, self.pick("-q", "--offline", "--no-progress", "--no-config", "--directory=.", "--quiet"))
        return tuple(words)

    def maybe(self, words: list[str], share: float, *more: str) -> None:
        if self.chance(share):
            words.extend(more)

    def somewhere(self, words: list[str]) -> None:
        """Choose a member of the workspace, sometimes one that is not there."""
        if self.members:
            self.maybe(words, 0.35, "--package", self.pick(*self.members, "root-app"))
        else:
            self.maybe(words, 0.03, "--package", self.pick("root-app", "nobody"))

    def frozen(self, words: list[str]) -> None:
        self.maybe(words, 0.12, self.pick("--frozen", "--locked"))

    def selection(self, words: list[str]) -> None:
        """Choose extras and groups."""
        for share, option in (
            (0.15, ("--extra", self.pick(*EXTRAS))),
            (0.1, ("--all-extras",)),
            (0.05, ("--no-extra", self.pick(*EXTRAS))),
            (0.12, ("--group", self.pick(*GROUPS))),
            (0.07, ("--all-groups",)),
            (0.07, ("--no-group", self.pick(*GROUPS))),
            (0.05, ("--only-group", self.pick(*GROUPS))),
            (0.05, ("--no-dev",)),
            (0.04, ("--only-dev",)),
            (0.06, ("--no-default-groups",)),
        ):
            self.maybe(words, share, *option)

    def place(self, words: list[str]) -> None:
        """Choose the list that requirements are in."""
        self.maybe(words, 0.15, "--dev")
        self.maybe(words, 0.15, "--group", self.pick(*GROUPS))
        self.maybe(words, 0.12, "--optional", self.pick(*EXTRAS))

    def add(self) -> list[str]:
        words = ["add"]
        if self.chance(0.1):
            words += ["-r", "needs.txt"]
        else:
            words += [self.requirement() for _ in range(self.chooser.choice((1, 1, 2, 3)))]
        if self.script and self.chance(0.3):
            words += ["--script", "job.py"]
        else:
            self.place(words)
            self.somewhere(words)
        self.maybe(words, 0.1, "--raw")
        self.maybe(words, 0.1, "--bounds", self.pick("lower", "major", "minor", "exact"))
        self.maybe(words, 0.1, "--no-sync")
        self.maybe(words, 0.08, "--marker", self.pick(*MARKERS))
        self.maybe(words, 0.06, "--extra", "fast")
        self.maybe(words, 0.06, "--upgrade")
        self.maybe(words, 0.05, "--no-install-project")
        self.maybe(words, 0.04, "-c", "needs.txt")
        if self.members:
            self.maybe(words, 0.05, "--no-workspace")
        self.frozen(words)
        return words

    def remove(self) -> list[str]:
        words = ["remove", *self.chooser.sample(NAMES, self.chooser.choice((1, 1, 2)))]
        if self.script and self.chance(0.3):
            return [*words, "--script", "job.py"]
        self.place(words)
        self.somewhere(words)
        self.maybe(words, 0.1, "--no-sync")
        self.frozen(words)
        return words

    def lock(self) -> list[str]:
        words = ["lock"]
        if self.script and self.chance(0.3):
            words += ["--script", "job.py"]
        self.maybe(words, 0.2, "--check")
        self.maybe(words, 0.15, "--upgrade")
        self.maybe(words, 0.15, "--upgrade-package", self.pick(*NAMES) + self.pick("", "", "<2", "==1.0"))
        self.maybe(words, 0.1, "--dry-run")
        self.maybe(words, 0.08, "--resolution", self.pick("highest", "lowest", "lowest-direct"))
        self.maybe(words, 0.05, "--prerelease", self.pick("allow", "disallow", "explicit", "if-necessary"))
        self.maybe(words, 0.04, "--no-build")
        return words

    def sync(self) -> list[str]:
        words = ["sync"]
        if self.script and self.chance(0.2):
            words += ["--script", "job.py"]
        self.selection(words)
        self.somewhere(words)
        self.frozen(words)
        for share, option in (
            (0.1, ("--inexact",)),
            (0.12, ("--dry-run",)),
            (0.08, ("--check",)),
            (0.08, ("--all-packages",)),
            (0.06, ("--no-install-project",)),
            (0.06, ("--no-install-workspace",)),
            (0.06, ("--no-install-local",)),
            (0.06, ("--only-install-project",)),
            (0.08, ("--no-install-package", self.pick(*NAMES))),
            (0.04, ("--only-install-package", self.pick(*NAMES))),
            (0.08, ("--no-editable",)),
            (0.08, ("--reinstall-package", self.pick(*NAMES))),
            (0.05, ("--reinstall",)),
            (0.05, ("--output-format", "json")),
            (0.05, ("--upgrade-package", self.pick(*NAMES))),
        ):
            self.maybe(words, share, *option)
        return words

    def run(self) -> list[str]:
        words = ["run"]
        self.selection(words)
        self.somewhere(words)
        self.frozen(words)
        for share, option in (
            (0.15, ("--with", self.requirement().partition(" ;")[0])),
            (0.05, ("--with-requirements", "needs.txt")),
            (0.08, ("--isolated",)),
            (0.08, ("--no-sync",)),
            (0.06, ("--no-project",)),
            (0.06, ("--exact",)),
            (0.06, ("--no-editable",)),
            (0.06, ("--all-packages",)),
            (0.03, ("--env-file", "missing.env")),
        ):
            self.maybe(words, share, *option)
        module = MODULES[self.pick(*NAMES)]
        if self.script and self.chance(0.3):
            return [*words, "job.py", "x", "--package"]
        return [
            *words,
            *self.chooser.choice(
                (
                    ("--", "python", "-c", "print('here')"),
                    ("python", "-c", f"import {module}; {module}.main()"),
                    ("-m", module),
                    ("--module", module, "-v"),
                    (self.pick(*NAMES),),
                    ("root-app",),
                    ("python", "-c", "import sys; sys.exit(7)"),
                    ("nothing-of-this-name", "--flag"),
                )
            ),
        ]

    def export(self) -> list[str]:
        words = ["export"]
        if self.script and self.chance(0.15):
            words += ["--script", "job.py"]
        self.selection(words)
        self.somewhere(words)
        self.frozen(words)
        for share, option in (
            (0.3, ("--format", self.pick("requirements.txt", "pylock.toml", "requirements-txt"))),
            (0.15, ("--no-hashes",)),
            (0.1, ("--no-header",)),
            (0.1, ("--no-annotate",)),
            (0.08, ("--all-packages",)),
            (0.1, ("--prune", self.pick(*NAMES))),
            (0.08, ("--no-emit-project",)),
            (0.06, ("--no-emit-workspace",)),
            (0.06, ("--no-emit-package", self.pick(*NAMES))),
            (0.04, ("--only-emit-project",)),
            (0.08, ("--no-editable",)),
            (0.05, ("--emit-index-url",)),
            (0.05, ("--emit-index-annotation",)),
            (0.15, ("-o", self.pick("out.txt", "pylock.toml", "pylock.x.toml", "sub/out.txt"))),
        ):
            self.maybe(words, share, *option)
        return words

    def tree(self) -> list[str]:
        words = ["tree"]
        if self.script and self.chance(0.15):
            words += ["--script", "job.py"]
        self.selection(words)
        self.frozen(words)
        for share, option in (
            (0.2, ("--depth", self.pick("0", "1", "2"))),
            (0.2, ("--invert",)),
            (0.2, ("--package", self.pick(*NAMES))),
            (0.1, ("--prune", self.pick(*NAMES))),
            (0.1, ("--no-dedupe",)),
            (0.3, ("--universal",)),
            (0.1, ("--outdated",)),
            (0.05, ("--show-sizes",)),
            (0.05, ("--python-platform", self.pick("windows", "linux", "macos"))),
            (0.05, ("--python-version", self.pick("3.11", "3.14"))),
        ):
            self.maybe(words, share, *option)
        return words

    def version(self) -> list[str]:
        words = ["version"]
        if self.chance(0.4):
            words += ["--bump", self.pick("major", "minor", "patch", "alpha", "beta", "rc", "post", "dev", "stable")]
        elif self.chance(0.4):
            words.append(self.pick("3.0", "2!1.0", "v4", "not-a-version", "1.0.0+local"))
        self.maybe(words, 0.1, "--bump", "dev")
        self.somewhere(words)
        self.maybe(words, 0.15, "--short")
        self.maybe(words, 0.15, "--dry-run")
        self.maybe(words, 0.15, "--output-format", self.pick("json", "text"))
        self.maybe(words, 0.1, "--no-sync")
        self.frozen(words)
        return words

    def workspace(self) -> list[str]:
        return [
            "workspace",
            *self.chooser.choice(
                (("list",), ("list", "--paths"), ("dir",), ("dir", "--package", "lib"), ("metadata",))
            ),
        ]

    def init(self) -> list[str]:
        words = ["init", self.pick("new-lib", "new app", "../outside", "")]
        words = words if words[1] else words[:1]
        for share, option in (
            (0.3, (self.pick("--lib", "--app", "--package", "--no-package", "--bare"),)),
            (0.15, ("--name", self.pick("named", "Named.One", "not a name"))),
            (0.15, ("--python", self.pick("3.13", ">=3.11"))),
            (0.15, ("--no-workspace",)),
            (0.1, ("--no-readme",)),
            (0.1, ("--no-pin-python",)),
            (0.1, ("--description", "what it does")),
            (0.1, ("--build-backend", self.pick("uv", "hatch", "flit", "pdm", "poetry", "setuptools"))),
            (0.05, ("--script",)),
        ):
            self.maybe(words, share, *option)
        return [*words, "--vcs", "none", "--author-from", "none"]

    def venv(self) -> list[str]:
        words = ["venv"]
        for share, option in (
            (0.4, ("--clear",)),
            (0.1, ("--allow-existing",)),
            (0.1, ("--prompt", self.pick("here", "."))),
            (0.1, ("--relocatable",)),
            (0.1, ("--system-site-packages",)),
            (0.05, ("--no-project",)),
        ):
            self.maybe(words, share, *option)
        return words

    def python(self) -> list[str]:
        return list(
            self.chooser.choice(
                (
                    ("python", "find"),
                    ("python", "find", self.pick("3.13", ">=3.12", "cpython", "pypy", "3.99")),
                    ("python", "find", "--no-project"),
                    ("python", "find", "--system"),
                    ("python", "pin"),
                    ("python", "pin", self.pick("3.13", "3.12", ">=3.11", "3.99", "pypy")),
                    ("python", "pin", "--rm"),
                )
            )
        )

    def pip(self) -> list[str]:
        name = self.pick(*NAMES)
        words = [
            "pip",
            *self.chooser.choice(
                (
                    ("list", *self.chooser.choice(((), ("--format", "json"), ("--format", "freeze"), ("--editable",)))),
                    ("freeze", *self.chooser.choice(((), ("--exclude-editable",)))),
                    ("show", name, *self.chooser.choice(((), ("--files",)))),
                    ("tree", *self.chooser.choice(((), ("--invert",), ("--package", name), ("--depth", "1")))),
                    ("check",),
                    ("install", self.requirement().partition(" ;")[0]),
                    ("install", "-r", "needs.txt", *self.chooser.choice(((), ("--dry-run",), ("--upgrade",)))),
                    ("install", "-e", "."),
                    ("uninstall", name),
                )
            ),
        ]
        return [*words, "--python", ".venv"]
