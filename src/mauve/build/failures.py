"""What is said when a build fails, and what its output suggests to do.

Specification: docs/environments.md "Source builds".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mauve.distributions.errors import DistributionError
from mauve.errors import ExitStatus, MauveError
from mauve.python.asking import describe_status, output_sections

if TYPE_CHECKING:
    from mauve.build.source_tree import SourceTree

_LINES = 10
"""So many lines at the end of the output are searched for a reason; earlier ones often tell of harmless probing."""

_DEFAULT_HINT = "Build failures usually indicate a problem with the package or the build environment"


class HookFailed(MauveError):
    """A hook of the backend ended badly.

    Attributes:
        backend: as declared.
        hook: the name of the function.
        returncode: 0 if it ended well but did not do what it should.
        stdout: what it printed.
        stderr: likewise.
        show_output: whether the message contains the output.
    """

    status = ExitStatus.FAILURE

    def __init__(
        self, *, backend: str, hook: str, returncode: int, stdout: str, stderr: str, show_output: bool = True
    ) -> None:
        """Store what was seen."""
        super().__init__(backend, hook, returncode)
        self.backend = backend
        self.hook = hook
        self.returncode = returncode
        self.stdout = stdout
        self.stderr = stderr
        self.show_output = show_output

    def __str__(self) -> str:
        """Return the message with the output."""
        text = f"Call to `{self.backend}.{self.hook}` failed ({describe_status(self.returncode)})"
        return text + output_sections(self.stdout, self.stderr) if self.show_output else text


class BackendError(MauveError):
    """The backend could not build; the hook that failed is the cause."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "The build backend returned an error"


class BackendNotRunnable(MauveError):
    """The interpreter of the build environment could not be started; the system's reason is the cause."""

    status = ExitStatus.FAILURE

    def __str__(self) -> str:
        """Return the message."""
        return "Failed to run the build backend"


class RequirementsUnresolved(MauveError):
    """What a build needs could not be resolved; the reason is the cause."""

    status = ExitStatus.FAILURE

    def __init__(self, origin: str) -> None:
        """Store where the requirements come from."""
        super().__init__(origin)
        self.origin = origin

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to resolve requirements from {self.origin}"

    def hints(self) -> tuple[str, ...]:
        """Return what the cause suggests."""
        return self.__cause__.hints() if isinstance(self.__cause__, MauveError) else ()


class RequirementsNotInstalled(MauveError):
    """What a build needs could not be installed; the reason is the cause."""

    status = ExitStatus.FAILURE

    def __init__(self, origin: str) -> None:
        """Store where the requirements come from."""
        super().__init__(origin)
        self.origin = origin

    def __str__(self) -> str:
        """Return the message."""
        return f"Failed to install requirements from {self.origin}"

    def hints(self) -> tuple[str, ...]:
        """Return what the cause suggests."""
        return self.__cause__.hints() if isinstance(self.__cause__, MauveError) else ()


class NoBuildsAtAll(MauveError):
    """A tree whose name is not known would have to be built, and nothing may be."""

    def __str__(self) -> str:
        """Return the message in uv's words."""
        return "Building source distributions is disabled"


class BuildFailed(DistributionError):
    """A distribution that is known by name could not be built; the reason is the cause.

    Attributes:
        tree: what was to be built.
    """

    def __init__(self, tree: SourceTree) -> None:
        """Store the source tree."""
        super().__init__(tree.name, tree.shown)
        self.tree = tree

    def __str__(self) -> str:
        """Return the message. What the backend refuses was downloaded well."""
        is_download = self.tree.is_remote and not isinstance(self.__cause__, BackendError)
        verb = "download and build" if is_download else "build"
        return f"Failed to {verb} `{self.tree.shown or self.tree.root}`"

    def hints(self) -> tuple[str, ...]:
        """Return what the output suggests."""
        cause = self.__cause__
        why = super().hints()
        hook = cause.__cause__ if isinstance(cause, BackendError) else None
        if not isinstance(hook, HookFailed):
            return (*why, *cause.hints()) if isinstance(cause, MauveError) else why
        return (*why, suggest(hook.stderr, self.tree) or _DEFAULT_HINT)


class BuildBroke(BuildFailed):
    """A distribution could not be built since what that needs cannot be had: the network or the system is at fault."""

    status = ExitStatus.ERROR


class NativeBuildFailed(BuildFailed):
    """A distribution could not be built by this program itself: an error of the project, not of another program."""

    status = ExitStatus.ERROR

    def hints(self) -> tuple[str, ...]:
        """Return nothing: the causes say it all."""
        return ()


class CyclicBuild(MauveError):
    """A package needs itself to be built."""

    status = ExitStatus.FAILURE

    def __init__(self, shown: str) -> None:
        """Name the distribution."""
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        """Return the message."""
        return f"Cyclic build dependency detected for `{self.shown}`"


_HEADER = r"fatal error: ['\"]?([^'\"\s]*\.h(?:pp|xx)?)['\"]?(?: file not found|: No such file or directory)"
_LIBRARY = r"ld: (?:cannot find|library not found for) -l(\w+)"
_MODULE = r"ModuleNotFoundError: No module named ['\"]([^'\"]+)['\"]"
_WHEEL_COMMAND = "error: invalid command 'bdist_wheel'"

_PACKAGE_OF_MODULE = {"pkg_resources": "setuptools", "Cython": "cython", "yaml": "pyyaml", "skbuild": "scikit-build"}
_REMOVED_MODULES = {"distutils": "3.12", "imp": "3.12", "asyncore": "3.12", "asynchat": "3.12"}


def suggest(stderr: str, tree: SourceTree) -> str | None:
    """Return what the end of *stderr* suggests to do, or None."""
    owner = f"{tree.name}@{tree.version}" if tree.name and tree.version else str(tree.name or tree.shown or tree.root)
    for line in reversed(stderr.rstrip().splitlines()[-_LINES:]):
        if found := re.search(_HEADER, line):
            return (
                f'This error likely indicates that you need to install a library that provides "{found[1]}" '
                f"for `{owner}`"
            )
        if found := re.search(_LIBRARY, line):
            return (
                "This error likely indicates that you need to install the library that provides a shared library "
                f"for `{found[1]}` for `{owner}` (e.g., `lib{found[1]}-dev`)"
            )
        if _WHEEL_COMMAND in line:
            return _missing_dependency(owner, tree, "wheel")
        if found := re.search(_MODULE, line):
            module = found[1].split(".", 1)[0]
            if module in _REMOVED_MODULES:
                return _removed_module(module, owner, tree)
            return _missing_dependency(owner, tree, _PACKAGE_OF_MODULE.get(module, module))
    return None


def _removed_module(module: str, owner: str, tree: SourceTree) -> str:
    text = f"`{module}` was removed from the standard library in Python {_REMOVED_MODULES[module]}."
    if tree.name and tree.version:
        return (
            f"{text} Consider adding a constraint (like `{tree.name} >{tree.version}`) to avoid building a version of "
            f"`{tree.name}` that depends on `{module}`."
        )
    return f"{text} Consider adding a constraint to avoid building a version of `{owner}` that depends on `{module}`."


def _missing_dependency(owner: str, tree: SourceTree, package: str) -> str:
    name = tree.name or owner
    return (
        f"This error likely indicates that `{owner}` depends on `{package}`, but doesn't declare it as a build "
        f"dependency. If `{name}` is a first-party package, consider adding `{package}` to its "
        "`build-system.requires`. Otherwise, either add it to your `pyproject.toml` under:\n\n"
        f'[tool.uv.extra-build-dependencies]\n{name} = ["{package}"]\n\n'
        f"or `uv pip install {package}` into the environment and re-run with `--no-build-isolation`."
    )
