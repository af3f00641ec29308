"""Build packages into source distributions and wheels."""

from __future__ import annotations

from mauve.cli.session import Session
from mauve.config.arguments.build import BuildArgs
from mauve.config.arguments.cache import RefreshArgs
from mauve.config.arguments.everywhere import GlobalArgs
from mauve.config.arguments.index import IndexArgs
from mauve.config.arguments.installer import LinkArgs
from mauve.config.arguments.python import PythonRequestArgs, python_request
from mauve.config.arguments.resolver import ResolverArgs
from mauve.config.declare import ArgumentGroup, argument, flag, value, values
from mauve.config.declare import command as declare_command
from mauve.config.environment import EnvVar
from mauve.errors import ExitStatus

_PythonArgs = python_request("for the build environment")


class BuildCommandArgs(ArgumentGroup, title="Options"):
    """Options of `build`."""

    source: str | None = argument(
        "SRC",
        help=(
            "The directory from which distributions should be built, or a source distribution archive to build into a "
            "wheel"
        ),
    )
    package: str | None = value("--package", help="Build a specific package in the workspace")
    all_packages: bool | None = flag("--all-packages", aliases=("--all",), help="Builds all packages in the workspace")
    out_dir: str | None = value("-o", "--out-dir", help="The output directory to which distributions should be written")
    sdist: bool | None = flag("--sdist", help='Build a source distribution ("sdist") from the given directory')
    wheel: bool | None = flag("--wheel", help='Build a binary distribution ("wheel") from the given directory')
    list: bool | None = flag("--list", hidden=True, help="List the files that would be included")
    no_build_logs: bool | None = flag("--no-build-logs", off="--build-logs", help="Hide logs from the build backend")
    skip_dependency_check: bool | None = flag("--skip-dependency-check", hidden=True, help="Accepted for other tools")
    force_pep517: bool | None = flag(
        "--force-pep517",
        help="Always build through PEP 517, don't use the fast path for the uv build backend",
    )
    clear: bool | None = flag("--clear", help="Clear the output directory before the build, removing stale artifacts")
    no_create_gitignore: bool | None = flag(
        "--no-create-gitignore",
        off="--create-gitignore",
        help="Do not create a `.gitignore` file in the output directory",
    )
    build_constraints: tuple[str, ...] = values(
        "-b",
        "--build-constraints",
        aliases=("--build-constraint",),
        env=EnvVar.BUILD_CONSTRAINT,
        hide_env=True,
        help=(
            "Constrain build dependencies using the given requirements files when building distributions [env: "
            "`UV_BUILD_CONSTRAINT`=]"
        ),
    )
    require_hashes: bool | None = flag(
        "--require-hashes",
        env=EnvVar.REQUIRE_HASHES,
        off="--no-require-hashes",
        help="Require a matching hash for each requirement",
    )
    no_verify_hashes: bool | None = flag(
        "--no-verify-hashes",
        env=EnvVar.NO_VERIFY_HASHES,
        off="--verify-hashes",
        help="Disable validation of hashes in the requirements file",
    )


def build(
    chosen: BuildCommandArgs,
    python: PythonRequestArgs,
    index: IndexArgs,
    resolver: ResolverArgs,
    built: BuildArgs,
    link: LinkArgs,
    refresh: RefreshArgs,
    shared: GlobalArgs,
) -> int:
    """Build what is asked for, and say what was built, and what was not."""
    del link
    session = Session.start(shared, refresh, python)
    from contextlib import closing

    from msgspec import structs

    from mauve.cli.builds import BuildReporter, build_constraints, report_builds
    from mauve.cli.projects import read_resolution_settings
    from mauve.operations.build import BuildRequest, build_sources
    from mauve.operations.build_sources import SourceWish
    from mauve.operations.context import Services
    from mauve.standards.names import package_name

    services = Services(session.settings, session.directory, session.variables.mapping)
    services.project_directory = session.project_directory
    with closing(services):
        settings = read_resolution_settings(session, services, index, resolver, built, refresh)
        if chosen.require_hashes:
            settings = structs.replace(settings, require_build_hashes=True)
        trusts = bool(chosen.require_hashes or not chosen.no_verify_hashes)
        request = BuildRequest(
            wish=SourceWish(
                given=chosen.source,
                package=None if chosen.package is None else package_name(chosen.package),
                all_packages=bool(chosen.all_packages),
                output=chosen.out_dir,
            ),
            settings=settings,
            constraints=lambda: build_constraints(chosen.build_constraints, session, trusts_hashes=trusts),
            sdist=bool(chosen.sdist),
            wheel=bool(chosen.wheel),
            python=python.python,
            no_config=bool(shared.no_config),
            lists=bool(chosen.list),
            forces_hooks=bool(chosen.force_pep517),
            logs=not (
                chosen.no_build_logs or session.printer.quiet or session.variables.boolean(EnvVar.HIDE_BUILD_OUTPUT)
            ),
            clears=bool(chosen.clear),
            ignores=not chosen.no_create_gitignore,
        )
        results = build_sources(request, services, BuildReporter(session))
    is_complete = report_builds(results, session, services.discovery.shown)
    return ExitStatus.SUCCESS if is_complete else ExitStatus.ERROR


command = declare_command(
    "build",
    "Build Python packages into source distributions and wheels",
    BuildCommandArgs,
    _PythonArgs,
    IndexArgs,
    ResolverArgs,
    BuildArgs,
    LinkArgs,
    RefreshArgs,
    GlobalArgs,
    conflicts=(("package", "all_packages"), ("list", "force_pep517")),
)(build)
