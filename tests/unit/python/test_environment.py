"""When a project's environment is reused, made, replaced or refused."""

import os

import pytest
from tests.support.fake_interpreters import fake_executable, fake_interpreter

from mauve.python.asking import BadExit
from mauve.python.discovery import Discovery, EnvironmentPreference, PythonPreference
from mauve.python.environment import (
    Change,
    IncompatiblePython,
    PythonDeclaration,
    PythonWish,
    RequestOrigin,
    check_requires_python,
    ensure_environment,
    find_project_interpreter,
    follow_redirect,
    locate_project_environment,
    read_configuration,
)
from mauve.python.environment_errors import EmptyRedirect, InvalidProjectEnvironment
from mauve.python.probe import InterpreterReader
from mauve.python.request import parse_request
from mauve.python.variables import PythonEnvironmentVariables
from mauve.python.virtualenv import EnvironmentOptions
from mauve.standards.requires_python import RequiresPython
from mauve.standards.specifiers import parse_specifiers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake interpreters are shell scripts")


SYSTEM = EnvironmentPreference.ONLY_SYSTEM


def bounds(text):
    return RequiresPython.from_specifiers(parse_specifiers(text))


def wish(request=None, requires=">=3.8", **changes):
    return PythonWish(
        request=parse_request(request) if request else None,
        origin=RequestOrigin.USER if request else RequestOrigin.REQUIRES_PYTHON,
        requires_python=bounds(requires),
        declarations=(PythonDeclaration("p", bounds(requires)),),
        **changes,
    )


class Lines:
    """A reporter that keeps what it is told as lines."""

    def __init__(self, root):
        self.root = str(root)
        self.lines = []

    def using(self, interpreter):
        """Note the version."""
        self.lines.append(f"using {interpreter.markers.python_full_version}")

    def dangling(self, link, target):
        """Note the link."""
        self.lines.append(f"dangling {os.path.relpath(link, self.root)} -> {target}")

    def incompatible(self, root, reason):
        """Note the reason."""
        self.lines.append(f"incompatible {reason}")

    def removed(self, root):
        """Note it."""
        self.lines.append("removed")

    def creating(self, root):
        """Note it."""
        self.lines.append("creating")


class Project:
    """A directory with two interpreters on the search path, and what `sync` would do there."""

    def __init__(self, root, preference=PythonPreference.MANAGED):
        self.root = root
        self.venv = root / ".venv"
        for version in ("3.12.1", "3.9.18"):
            minor = version[: version.rindex(".")]
            if not (root / f"bin/python{minor}").exists():
                fake_interpreter(root / f"bin/python{minor}", version)
        self.discovery = Discovery(
            variables=PythonEnvironmentVariables(
                search_path=str(root / "bin"), installations=str(root / "managed"), inherited={"PATH": os.defpath}
            ),
            directory=str(root),
            reader=InterpreterReader(str(root / "cache"), {"PATH": os.defpath}),
            preference=preference,
        )

    def ensure(self, wanted, **options):
        """Return the change and the lines that were reported."""
        reporter = Lines(self.root)
        ensured = ensure_environment(str(self.venv), wanted, self.discovery, reporter, **options)
        return ensured.change, reporter.lines


@pytest.fixture
def project(tmp_path):
    """Return a project."""
    return Project(tmp_path)


def test_a_missing_environment_is_made_and_then_used(project):
    """The second time nothing is printed; an empty directory counts as missing."""
    project.venv.mkdir()
    assert project.ensure(wish()) == (Change.CREATED, ["using 3.12.1", "creating"])
    assert project.ensure(wish()) == (Change.USED, [])
    assert Project(project.root).ensure(wish()) == (Change.USED, [])


def test_the_prompt_is_kept_in_the_configuration(project):
    """Activation scripts and other tools show it."""
    project.ensure(wish(), options=EnvironmentOptions(prompt="p"))
    configuration = read_configuration(str(project.venv))
    assert configuration.prompt == "p"
    assert configuration.version == "3.12.1"
    assert configuration.is_ours


def test_another_python_replaces_the_environment(project):
    """What is in it was installed for the old one."""
    project.ensure(wish())
    (project.venv / "mine").touch()
    assert project.ensure(wish("3.9")) == (Change.REPLACED, ["using 3.9.18", "removed", "creating"])
    assert not (project.venv / "mine").exists()
    assert project.ensure(wish(requires=">=3.12"))[0] is Change.REPLACED


def test_a_dry_run_changes_nothing(project):
    """It tells what would be done, with the interpreter that the environment would have."""
    assert project.ensure(wish(), dry_run=True) == (Change.CREATED, ["using 3.12.1"])
    assert not project.venv.exists()
    project.ensure(wish())
    assert project.ensure(wish("3.9"), dry_run=True) == (Change.REPLACED, ["using 3.9.18"])
    assert project.ensure(wish()) == (Change.USED, [])


def test_without_sync_an_unfit_environment_is_used_with_a_warning(project):
    """`run --no-sync` promises to leave it alone."""
    project.ensure(wish())
    reason = "The project environment's Python version does not satisfy the request: `Python 3.9`"
    assert project.ensure(wish("3.9"), keep_incompatible=True) == (Change.USED, [f"incompatible {reason}"])
    managed = Project(project.root, PythonPreference.ONLY_MANAGED)
    reason = "The project environment's Python interpreter does not meet the Python preference: `only managed`"
    assert managed.ensure(wish(), keep_incompatible=True) == (Change.USED, [f"incompatible {reason}"])


def test_an_environment_whose_base_is_gone_is_replaced_with_a_warning(project):
    """Its interpreter is a link to nothing."""
    project.ensure(wish())
    (project.venv / "bin/python").unlink()
    (project.venv / "bin/python").symlink_to("/nonexistent/python")
    assert Project(project.root).ensure(wish()) == (
        Change.REPLACED,
        ["dangling .venv/bin/python -> /nonexistent/python", "using 3.12.1", "removed", "creating"],
    )


def test_an_environment_without_interpreter_is_replaced(project):
    """Somebody removed the file, but pyvenv.cfg says that it is ours to replace."""
    project.ensure(wish())
    for name in ("python", "python3", "python3.12"):
        (project.venv / "bin" / name).unlink()
    assert project.ensure(wish())[0] is Change.REPLACED


def test_a_broken_interpreter_is_reported(project):
    """Replacing it would hide what is wrong."""
    fake_executable(project.venv / "bin/python", "exit 3\n")
    with pytest.raises(BadExit):
        project.ensure(wish())


def test_a_directory_of_something_else_is_refused(project):
    """Nothing in it is deleted."""
    project.venv.mkdir()
    (project.venv / "mine").touch()
    with pytest.raises(InvalidProjectEnvironment) as caught:
        project.ensure(wish())
    assert str(caught.value) == (
        f"Project virtual environment directory `{project.venv}` cannot be used because it is not a valid Python "
        "environment (no Python executable was found)"
    )
    assert (project.venv / "mine").exists()


def test_a_system_interpreter_is_used_but_not_replaced(project):
    """`UV_PROJECT_ENVIRONMENT` may name an installation."""
    fake_interpreter(project.venv / "bin/python", "3.12.1")
    assert project.ensure(wish()) == (Change.USED, [])
    with pytest.raises(InvalidProjectEnvironment, match="cannot be recreated because it is not a virtual environment"):
        project.ensure(wish("3.9"))


def test_commands_that_only_lock_use_the_environments_interpreter_but_make_none(project):
    """They need some interpreter, not an environment."""
    reporter = Lines(project.root)
    interpreter = find_project_interpreter(str(project.venv), wish(), project.discovery, reporter)
    assert (interpreter.is_virtual, reporter.lines, project.venv.exists()) == (False, ["using 3.12.1"], False)
    project.ensure(wish())
    reporter = Lines(project.root)
    interpreter = find_project_interpreter(str(project.venv), wish(), project.discovery, reporter)
    assert (interpreter.is_virtual, reporter.lines) == (True, [])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"origin": RequestOrigin.USER},
            (
                "The requested interpreter resolved to Python 3.9.18, which is incompatible with the project's Python "
                "requirement: `>=3.11` (from `project.requires-python`)"
            ),
        ),
        (
            {"origin": RequestOrigin.VERSION_FILE, "version_file": ".python-version"},
            (
                "The Python request from `.python-version` resolved to Python 3.9.18, which is incompatible with the "
                "project's Python requirement: `>=3.11` (from `project.requires-python`)\n"
                "Use `uv python pin` to update the `.python-version` file to a compatible version"
            ),
        ),
        (
            {"origin": RequestOrigin.USER, "has_members": True},
            (
                "The requested interpreter resolved to Python 3.9.18, which is incompatible with the project's Python "
                "requirement: `>=3.11` (from workspace member `p`'s `project.requires-python`)."
            ),
        ),
        (
            {
                "origin": RequestOrigin.USER,
                "declarations": (PythonDeclaration("p", bounds(">=3.11"), "lint"),),
            },
            (
                "The requested interpreter resolved to Python 3.9.18, which is incompatible with the project's Python "
                "requirement: `>=3.11` (from `tool.uv.dependency-groups.lint.requires-python`)."
            ),
        ),
        (
            {
                "origin": RequestOrigin.USER,
                "declarations": (
                    PythonDeclaration("a", bounds(">=3.10")),
                    PythonDeclaration("b", bounds(">=3.11")),
                    PythonDeclaration("c", bounds(">=3.8")),
                ),
            },
            (
                "The requested interpreter resolved to Python 3.9.18, which is incompatible with the project's Python "
                "requirement: `>=3.11`.\nThe following `requires-python` declarations do not permit this version:\n"
                "- a: >=3.10\n- b: >=3.11"
            ),
        ),
    ],
    ids=["user", "version file", "member", "group", "several"],
)
def test_an_interpreter_outside_of_requires_python_is_refused(project, changes, message):
    """The texts are part of the command line's interface."""
    interpreter = project.discovery.find(parse_request("3.9"), environments=SYSTEM).interpreter
    wanted = {
        "requires_python": bounds(">=3.11"),
        "declarations": (PythonDeclaration("p", bounds(">=3.11")),),
        **changes,
    }
    with pytest.raises(IncompatiblePython) as caught:
        check_requires_python(interpreter, PythonWish(**wanted))
    assert str(caught.value) == message


def test_a_redirect_file_names_the_environment(project):
    """It is relative to its own directory."""
    project.venv.write_text("../elsewhere\n")
    with pytest.raises(InvalidProjectEnvironment, match=r"no `pyvenv\.cfg` file was found"):
        follow_redirect(str(project.venv), ".venv")
    target = project.root.parent / "elsewhere"
    target.mkdir()
    (target / "pyvenv.cfg").touch()
    assert follow_redirect(str(project.venv), ".venv") == (str(target), True)
    project.venv.write_text("\n")
    with pytest.raises(EmptyRedirect, match=r"redirect file at `\.venv` is empty"):
        follow_redirect(str(project.venv), ".venv")


@pytest.mark.parametrize(
    ("options", "root", "ignored"),
    [
        ({}, "/w/.venv", None),
        ({"project_environment": ""}, "/w/.venv", None),
        ({"project_environment": "envs/a"}, "/w/envs/a", None),
        ({"project_environment": "/opt/env"}, "/opt/env", None),
        ({"virtual_env": "/w/.venv"}, "/w/.venv", None),
        ({"virtual_env": ".venv"}, "/w/.venv", None),
        ({"virtual_env": "other"}, "/w/.venv", "other"),
        ({"virtual_env": "other", "active": True}, "/w/other", None),
        ({"virtual_env": "other", "active": False}, "/w/.venv", None),
        ({"active": True}, "/w/.venv", None),
    ],
)
def test_the_place_of_the_environment_depends_on_variables(options, root, ignored):
    """Another active environment is worth a warning unless the user decided."""
    location = locate_project_environment("/w", directory="/w", **options)
    assert (location.root, location.ignored) == (root, ignored)
