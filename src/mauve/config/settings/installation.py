"""How distributions are put into an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from mauve.standards.names import PackageName, package_name

if TYPE_CHECKING:
    from mauve.config.arguments.installer import InstallerArgs
    from mauve.config.merge import MergedFiles


class Reinstall(Struct, frozen=True):
    """What is installed again although it fits."""

    everything: bool = False
    packages: frozenset[PackageName] = frozenset()

    @property
    def is_none(self) -> bool:
        """Return whether what fits stays."""
        return not (self.everything or self.packages)


class InstallationSettings(Struct, frozen=True, kw_only=True):
    """Everything that installing needs besides the resolution."""

    link_mode: str | None = None
    compile_bytecode: bool = False
    reinstall: Reinstall = Reinstall()


def installation_settings(installer: InstallerArgs, files: MergedFiles) -> InstallationSettings:
    """Merge command line, environment and files."""
    compile_bytecode = installer.compile_bytecode
    if compile_bytecode is None:
        compile_bytecode = files.first(lambda table: table.compile_bytecode)
    everything = installer.reinstall
    names = installer.reinstall_package
    if everything is None and not names:
        everything = files.first(lambda table: table.reinstall)
        names = files.joined(lambda table: table.reinstall_package)
    return InstallationSettings(
        link_mode=installer.link_mode or files.first(lambda table: table.link_mode),
        compile_bytecode=bool(compile_bytecode),
        reinstall=Reinstall(everything=bool(everything), packages=frozenset(package_name(name) for name in names)),
    )
