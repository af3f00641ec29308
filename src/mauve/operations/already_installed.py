"""Whether an environment has what is asked for already, so that nothing has to be resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.distributions.sources import FromRegistry
from mauve.installer.inventory import fits_environment, read_inventory
from mauve.installer.origin import file_url
from mauve.installer.satisfaction import is_all_installed, is_from
from mauve.installer.target import install_target
from mauve.operations.requested_names import sourced_requirement
from mauve.standards.direct_url import InvalidDirectUrl, parse_direct_url

if TYPE_CHECKING:
    from mauve.distributions.requirements import SourcedRequirement
    from mauve.installer.inventory import InstalledDistribution, Inventory
    from mauve.operations.context import Services
    from mauve.operations.pip_install import PipInstallRequest
    from mauve.python.environment import Environment
    from mauve.resolver.source import DirectSource
    from mauve.standards.names import PackageName


class _Unknown(Exception):
    """Nothing that is installed came from a location."""


def is_already_installed(
    request: PipInstallRequest, environment: Environment, target: Environment, services: Services
) -> bool:
    """Return whether *environment*, for the Python and platform of *target*, has all that *request* asks for."""
    inventory = read_inventory(install_target(environment))
    tags = target.interpreter.tags
    states = services.source_states

    def name_of(source: DirectSource) -> PackageName:
        return _name_from(source, inventory)

    def fits(requirement: SourcedRequirement, installed: InstalledDistribution) -> bool:
        if not (isinstance(requirement.source, FromRegistry) or is_from(requirement.source, installed, states)):
            return False
        recorded = installed.build_info
        if recorded is not None:
            from mauve.operations.build_needs import NO_NEEDS, build_record

            if recorded != build_record(installed.name, NO_NEEDS, request.settings):
                return False
        return fits_environment(installed, tags)

    asked = request.asked
    try:
        return is_all_installed(
            [sourced_requirement(each, name_of) for each in asked.requirements],
            inventory,
            target.interpreter.markers,
            constraints=[sourced_requirement(each, name_of) for each in (*asked.constraints, *request.constraints)],
            overrides=[sourced_requirement(each, name_of) for each in (*asked.overrides, *request.overrides)],
            excludes=[*request.excludes, *[each.name for each in asked.excludes if each.name is not None]],
            fits=fits,
        )
    except _Unknown:
        return False


def _name_from(source: DirectSource, inventory: Inventory) -> PackageName:
    """Return the name of what was installed from *source*."""
    path = getattr(source, "path", None)
    url = file_url(path) if isinstance(path, str) else getattr(source, "url", "")
    for installed in inventory:
        recorded = installed.direct_url
        try:
            if recorded is not None and parse_direct_url(recorded).url == url:
                return installed.name
        except InvalidDirectUrl:
            continue  # nobody knows where it came from
    raise _Unknown
