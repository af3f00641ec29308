"""Options of `pip install` and `pip sync`, those that both have declared once."""

from __future__ import annotations

from mauve.config.arguments.platform import PlatformArgs
from mauve.config.declare import ArgumentGroup, arguments, flag, value, values
from mauve.config.environment import EnvVar

TORCH_BACKENDS = (
    "auto cpu cu132 cu130 cu129 cu128 cu126 cu125 cu124 cu123 cu122 cu121 cu120 cu118 cu117 cu116 cu115 cu114 cu113 "
    "cu112 cu111 cu110 cu102 cu101 cu100 cu92 cu91 cu90 cu80 rocm7.2 rocm7.1 rocm7.0 rocm6.4 rocm6.3 rocm6.2.4 "
    "rocm6.2 rocm6.1 rocm6.0 rocm5.7 rocm5.6 rocm5.5 rocm5.4.2 rocm5.4 rocm5.3 rocm5.2 rocm5.1.1 rocm4.2 rocm4.1 "
    "rocm4.0.1 xpu"
)


class PipSourceArgs(ArgumentGroup, title="Options"):
    """What is installed from files, besides the files themselves."""

    constraints: tuple[str, ...] = values(
        "-c",
        "--constraints",
        env=EnvVar.CONSTRAINT,
        hide_env=True,
        aliases=("--constraint",),
        whole=True,
        help="Constrain versions using the given requirements files [env: `UV_CONSTRAINT`=]",
    )
    build_constraints: tuple[str, ...] = values(
        "-b",
        "--build-constraints",
        env=EnvVar.BUILD_CONSTRAINT,
        hide_env=True,
        aliases=("--build-constraint",),
        whole=True,
        help=(
            "Constrain build dependencies using the given requirements files when building source distributions [env: "
            "`UV_BUILD_CONSTRAINT`=]"
        ),
    )
    extra: tuple[str, ...] = values(
        "--extra",
        split=",",
        help="Include optional dependencies from the specified extra name; may be provided more than once",
    )
    all_extras: bool | None = flag("--all-extras", off="--no-all-extras", help="Include all optional dependencies")
    group: tuple[str, ...] = values(
        "--group", help="Install the specified dependency group from a `pylock.toml` or `pyproject.toml`"
    )


class PipListArgs(PipSourceArgs, title="Options"):
    """What `pip install` installs."""

    packages: tuple[str, ...] = arguments("PACKAGE", help="Install all listed packages")
    requirements: tuple[str, ...] = values(
        "-r", "--requirements", aliases=("--requirement",), help="Install the packages listed in the given files"
    )
    editable: tuple[str, ...] = values(
        "-e", "--editable", help="Install the editable package based on the provided local file path"
    )
    no_editable: bool | None = flag(
        "--no-editable", env=EnvVar.NO_EDITABLE, help="Install any editable dependencies as non-editable"
    )
    no_editable_package: tuple[str, ...] = values(
        "--no-editable-package", help="Install the specified editable packages as non-editable"
    )
    overrides: tuple[str, ...] = values(
        "--overrides",
        env=EnvVar.OVERRIDE,
        hide_env=True,
        aliases=("--override",),
        whole=True,
        help="Override versions using the given requirements files [env: `UV_OVERRIDE`=]",
    )
    excludes: tuple[str, ...] = values(
        "--excludes",
        env=EnvVar.EXCLUDE,
        hide_env=True,
        aliases=("--exclude",),
        whole=True,
        help="Exclude packages from resolution using the given requirements files [env: `UV_EXCLUDE`=]",
    )
    no_deps: bool | None = flag(
        "--no-deps",
        off="--deps",
        help=(
            "Ignore package dependencies, instead only installing those packages explicitly listed on the command line "
            "or in the requirements files"
        ),
    )
    exact: bool | None = flag(
        "--exact", off=("--inexact", "--no-exact"), help="Perform an exact sync, removing extraneous packages"
    )


class PipPlanArgs(PlatformArgs, title="Options"):
    """How an environment is brought up to date."""

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
    require_build_hashes: bool | None = flag("--require-build-hashes", help="Require hashes for all build dependencies")
    no_require_build_hashes: bool | None = flag(
        "--no-require-build-hashes", hidden=True, help="Do not require hashes for every build dependency"
    )
    no_build: bool | None = flag("--no-build", off="--build", help="Don't build source distributions")
    no_binary: tuple[str, ...] = values("--no-binary", help="Don't install pre-built wheels")
    only_binary: tuple[str, ...] = values(
        "--only-binary", help="Only use pre-built wheels; don't build source distributions"
    )
    python_version: str | None = value(
        "--python-version",
        help="The minimum Python version that should be supported by the requirements (e.g., `3.7` or `3.7.9`)",
    )
    strict: bool | None = flag(
        "--strict",
        off="--no-strict",
        help=(
            "Validate the Python environment after completing the installation, to detect packages with missing "
            "dependencies or other issues"
        ),
    )
    dry_run: bool | None = flag(
        "--dry-run",
        help=(
            "Perform a dry run, i.e., don't actually install anything but resolve the dependencies and print the "
            "resulting plan"
        ),
    )
    check: bool | None = flag(
        "--check", help="Check whether the environment satisfies the requirements without modifying it"
    )
    output_format: str | None = value(
        "--output-format", choices=("text", "json"), help="Select the output format [default: text]"
    )
    torch_backend: str | None = value(
        "--torch-backend",
        env=EnvVar.TORCH_BACKEND,
        choices=tuple(TORCH_BACKENDS.split()),
        help="The backend to use when fetching packages in the PyTorch ecosystem (e.g., `cpu`, `cu126`, or `auto`)",
    )


PIP_PLAN_CONFLICTS = (("no_build", "only_binary"), ("no_build", "no_binary"), ("dry_run", "check"))
"""Options of `PipPlanArgs` that contradict each other."""
