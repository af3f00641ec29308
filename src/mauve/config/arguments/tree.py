"""What of the dependency tree is shown."""

from __future__ import annotations

from mauve.config.arguments.lockfile import LockedArgs
from mauve.config.arguments.platform import PlatformArgs
from mauve.config.declare import ArgumentGroup, flag, value, values
from mauve.config.environment import EnvVar


class ShownTreeArgs(ArgumentGroup, title="Options"):
    """What is shown of any tree."""

    depth: str | None = value("-d", "--depth", help="Maximum display depth of the dependency tree [default: 255]")
    prune: tuple[str, ...] = values("--prune", help="Prune the given package from the display of the dependency tree")
    package: tuple[str, ...] = values("--package", help="Display only the specified packages")
    no_dedupe: bool | None = flag(
        "--no-dedupe",
        help=(
            "Do not de-duplicate repeated dependencies. Usually, when a package has already displayed its "
            "dependencies, further occurrences will not re-display its dependencies, and will include a (*) to "
            "indicate it has already been shown. This flag will cause those duplicates to be repeated"
        ),
    )
    invert: bool | None = flag(
        "--invert",
        aliases=("--reverse",),
        help=(
            "Show the reverse dependencies for the given package. This flag will invert the tree and display the "
            "packages that depend on the given package"
        ),
    )
    outdated: bool | None = flag("--outdated", help="Show the latest available version of each package in the tree")
    show_sizes: bool | None = flag("--show-sizes", help="Show compressed wheel sizes for packages in the tree")


class TreeArgs(ShownTreeArgs, title="Options"):
    """What is shown of a lock."""

    universal: bool | None = flag("--universal", help="Show a platform-independent dependency tree")
    format: str | None = value(
        "--format",
        choices=("text", "json"),
        help="The format in which to display the dependency graph [default: text]",
    )


class TreeLockedArgs(LockedArgs, title="Options"):
    """Whether the lockfile may change, and whose it is."""

    frozen: bool | None = flag(
        "--frozen",
        env=EnvVar.FROZEN,
        off="--no-frozen",
        help="Display the requirements without locking the project",
    )
    script: str | None = value(
        "--script",
        help="Show the dependency tree the specified PEP 723 Python script, rather than the current project",
    )
    python_version: str | None = value("--python-version", help="The Python version to use when filtering the tree")


class TreePlatformArgs(PlatformArgs, title="Options"):
    """The platform that the tree is filtered for."""

    python_platform: str | None = value(
        "--python-platform",
        choices=PlatformArgs.specs["python_platform"].choices,
        help="The platform to use when filtering the tree",
    )
