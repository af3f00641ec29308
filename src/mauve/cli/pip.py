"""What the commands of `pip` open: settings, services, and the environment that they work on."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import structs

from mauve.config.arguments.pip import CertificateArgs
from mauve.config.settings.pip import PipFiles
from mauve.operations.context import Services
from mauve.operations.target_environment import (
    EnvironmentChoice,
    Purpose,
    TargetEnvironment,
    check_changeable,
    find_target_environment,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mauve.cli.reporting import Reporter
    from mauve.cli.session import Session
    from mauve.config.arguments.pip import SystemArgs, TrustArgs
    from mauve.config.arguments.pip_read import StrictArgs
    from mauve.config.pip_table import PipTable
    from mauve.installer.holdings import Holding
    from mauve.python.environment import Environment


class PipSession:
    """The surroundings of one `pip` command.

    Attributes:
        files: the settings files as these commands read them.
        services: those of this run.
    """

    __slots__ = ("files", "reporter", "services", "session")

    def __init__(self, session: Session, files: PipFiles, services: Services, reporter: Reporter) -> None:
        """Store the parts; use `open_pip`."""
        self.session = session
        self.files = files
        self.services = services
        self.reporter = reporter

    def choose_environment(self, python: str | None, chosen: SystemArgs) -> EnvironmentChoice:
        """Return which environment the options and the files mean."""
        files = self.files
        return EnvironmentChoice(
            python=python or files.first(lambda table: table.python),
            system=files.said(chosen.system, lambda table: table.system),
            break_system_packages=files.said(_breaks(chosen), lambda table: table.break_system_packages),
            target=self._folder(chosen, "target", lambda table: table.target),
            prefix=self._folder(chosen, "prefix", lambda table: table.prefix),
        )

    def _folder(self, chosen: SystemArgs, field: str, pick: Callable[[PipTable], str | None]) -> str | None:
        """Return the folder that is meant by the option *field* or a file; None for commands without the option."""
        if field not in chosen.specs:
            return None
        typed: str | None = getattr(chosen, field)
        return typed or self.files.first(pick)

    def find_environment(self, choice: EnvironmentChoice, purpose: Purpose) -> TargetEnvironment:
        """Return the environment that *choice* means, and say which one it is.

        Raises:
            MauveError: there is none, or it must not be changed.
        """
        target = find_target_environment(choice, self.services, purpose)
        if purpose is Purpose.INSTALL and choice.has_folder:
            self.reporter.using(target.found.interpreter)
        else:
            self.reporter.using_environment(target.found, self.services.cache.root)
        if purpose is not Purpose.READ:
            check_changeable(target, choice, purpose, self.services.discovery.shown(target.found.root))
        return target

    def warn_of_faults(self, strict: StrictArgs, holdings: list[Holding], environment: Environment) -> None:
        """Warn of what is wrong with *holdings* in *environment*, if that is asked for."""
        if self.files.said(strict.strict, lambda table: table.strict):
            from mauve.operations.pip_read import environment_faults

            printer = self.session.printer
            for fault in environment_faults(holdings, environment):
                printer.warning(printer.style.bold(fault.sentence))


@contextmanager
def open_pip(session: Session, certificates: TrustArgs, *, is_data: bool = False) -> Iterator[PipSession]:
    """Open the services of a `pip` command in *session*; its network ends with the block.

    Raises:
        MauveError: the certificates that are named cannot be read.
    """
    from mauve.cli.reporting import Reporter

    if isinstance(certificates, CertificateArgs) and certificates.disable_pip_version_check:
        session.printer.warning("pip's `--disable-pip-version-check` has no effect")
    if certificates.cert is not None:
        _trust(session, certificates.cert)
    services = Services(session.settings, session.directory, session.variables.mapping)
    services.project_directory = session.project_directory
    try:
        yield PipSession(session, PipFiles(session.files), services, Reporter(session, is_data=is_data))
    finally:
        services.close()


def _trust(session: Session, path: str) -> None:
    """Trust the certificates in the file at *path*, and no others."""
    _check_certificates(path)
    network = session.settings.network
    tls = structs.replace(network.tls, file=path, directories=(), system=False)
    session.settings = structs.replace(session.settings, network=structs.replace(network, tls=tls))


def _check_certificates(path: str) -> None:
    from mauve.cli.pip_errors import InvalidCertificate, UnreadableCertificate

    if os.path.exists(path) and not os.path.isfile(path):
        raise InvalidCertificate(f"Certificate path is not a file: {path}")
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise UnreadableCertificate(path) from error
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise InvalidCertificate(f"No valid certificates found in: {path}")


def _breaks(chosen: SystemArgs) -> bool | None:
    from mauve.config.arguments.pip import ChangedEnvironmentArgs

    if not isinstance(chosen, ChangedEnvironmentArgs):
        return None
    return False if chosen.no_break_system_packages else chosen.break_system_packages
