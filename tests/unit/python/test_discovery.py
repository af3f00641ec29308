"""Which interpreter is found, and what is said if none is."""

import os
import sys
from pathlib import Path

import pytest
from tests.support.fake_interpreters import fake_executable, fake_interpreter, times_asked

from mauve.python.discovery import (
    Discovery,
    EnvironmentPreference,
    InspectionFailed,
    PythonPreference,
    Source,
    find_interpreter,
    show_path,
)
from mauve.python.discovery_errors import BrokenEnvironment, InterpreterNotFound
from mauve.python.probe import InterpreterReader
from mauve.python.variables import PythonEnvironmentVariables, python_variables

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake interpreters are shell scripts")

SYSTEM = EnvironmentPreference.ONLY_SYSTEM


@pytest.fixture
def discover(tmp_path):
    """Return a function that makes a discovery whose search path are the given directories."""

    def make(*directories, preference=PythonPreference.MANAGED, directory=tmp_path, **variables):
        return Discovery(
            variables=PythonEnvironmentVariables(
                search_path=os.pathsep.join(map(str, directories)),
                installations=str(tmp_path / "installations"),
                inherited={"PATH": os.defpath},
                **variables,
            ),
            directory=str(directory),
            reader=InterpreterReader(str(tmp_path / "cache"), {"PATH": os.defpath}),
            preference=preference,
        )

    return make


def found(discovery, text, environments=SYSTEM):
    return discovery.find(discovery.parse_request(text), environments)


def test_the_first_fitting_interpreter_of_the_search_path_wins_not_the_newest(tmp_path, discover):
    """Users order their search path."""
    fake_interpreter(tmp_path / "a/python3", "3.11.2")
    fake_interpreter(tmp_path / "b/python3", "3.13.0")
    discovery = discover(tmp_path / "a", tmp_path / "b")
    assert found(discovery, ">=3.8").interpreter.release == (3, 11, 2)
    assert found(discovery, ">=3.12").interpreter.release == (3, 13, 0)


def test_a_broken_candidate_is_passed_over(tmp_path, discover):
    """Version managers put shims on the search path that fail for most versions."""
    fake_executable(tmp_path / "a/python3.12", "echo no such version >&2\nexit 127\n")
    good = fake_interpreter(tmp_path / "b/python3.12", "3.12.1")
    assert find_interpreter(discover(tmp_path / "a", tmp_path / "b"), None).executable == str(good)


def test_of_several_broken_executables_the_one_that_is_listed_first_is_reported(tmp_path, discover):
    """They are tried newest first, but uv tells of the one that it met first where the directory is listed."""
    for minor in (9, 10, 11, 12, 13):
        fake_executable(tmp_path / f"a/python3.{minor}", "exit 127\n")
    first = os.listdir(tmp_path / "a")[0]
    with pytest.raises(InspectionFailed) as caught:
        found(discover(tmp_path / "a"), ">=3.9")
    assert caught.value.shown == f"a/{first}"
    assert caught.value.source is Source.SEARCH_PATH_FIRST
    fake_interpreter(tmp_path / "a" / first, "3.9.1")
    with pytest.raises(InspectionFailed) as caught:
        found(discover(tmp_path / "a"), "pypy")
    assert caught.value.shown == f"a/{os.listdir(tmp_path / 'a')[1]}"
    assert caught.value.source is Source.SEARCH_PATH


def test_the_first_broken_candidate_is_reported_if_nothing_else_fits(tmp_path, discover):
    """`No interpreter found` would hide the reason."""
    fake_executable(tmp_path / "a/python3.12", "echo no such version >&2\nexit 127\n")
    fake_interpreter(tmp_path / "a/python3", "3.11.2")
    with pytest.raises(InspectionFailed) as caught:
        found(discover(tmp_path / "a"), "3.12")
    assert str(caught.value) == (
        "Failed to inspect Python interpreter from first executable in the search path at `a/python3.12`"
    )
    assert str(caught.value.__cause__) == (
        f"Querying Python at `{tmp_path}/a/python3.12` failed with exit status exit status: 127"
        "\n\n[stderr]\nno such version"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3.99", "No interpreter found for Python 3.99 in managed installations or search path"),
        (">=3.90,<4", "No interpreter found for Python >=3.90, <4 in managed installations or search path"),
        ("pypy@3.10", "No interpreter found for PyPy 3.10 in managed installations or search path"),
        ("nope", "No interpreter found for executable name `nope` in managed installations or search path"),
        ("./nope", "No interpreter found at path `./nope`"),
        ("empty", "No interpreter found in directory `empty`"),
        ("default", "No interpreter found in managed installations or search path"),
    ],
)
def test_not_found_names_the_request(tmp_path, discover, text, message):
    """The texts are part of the command line's interface."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InterpreterNotFound) as caught:
        found(discover(), text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("preference", "environments", "places"),
    [
        (PythonPreference.ONLY_MANAGED, SYSTEM, "managed installations"),
        (PythonPreference.ONLY_SYSTEM, SYSTEM, "search path"),
        (PythonPreference.SYSTEM, SYSTEM, "search path or managed installations"),
        (
            PythonPreference.MANAGED,
            EnvironmentPreference.ANY,
            "virtual environments, managed installations, or search path",
        ),
    ],
)
def test_not_found_names_the_places_in_order(discover, preference, environments, places):
    """The order tells the user what was preferred."""
    with pytest.raises(InterpreterNotFound) as caught:
        found(discover(preference=preference), "3.99", environments)
    assert str(caught.value) == f"No interpreter found for Python 3.99 in {places}"


def test_an_interpreter_is_asked_once_until_its_file_changes(tmp_path, discover):
    """Starting an interpreter is most of the time of a command that does nothing."""
    python = fake_interpreter(tmp_path / "a/python3", "3.11.2")
    for _ in range(2):
        assert found(discover(tmp_path / "a"), "3").interpreter.release == (3, 11, 2)
    assert times_asked(python) == 1
    fake_interpreter(python, "3.11.3")
    assert found(discover(tmp_path / "a"), "3").interpreter.release == (3, 11, 3)


def test_a_shim_is_asked_every_time(tmp_path, discover):
    """It may choose another interpreter according to files that we know nothing about."""
    shim = fake_interpreter(tmp_path / "a/python3", "3.11.2", executable=str(tmp_path / "versions/3.11.2/bin/python3"))
    for _ in range(2):
        found(discover(tmp_path / "a"), "3")
    assert times_asked(shim) == 2


def test_the_interpreter_of_an_environment_is_no_base(tmp_path, discover):
    """An activated environment is first on the search path."""
    fake_interpreter(tmp_path / "env/bin/python3", "3.12.0", base_prefix="/usr")
    fake_interpreter(tmp_path / "b/python3", "3.12.0")
    discovery = discover(tmp_path / "env/bin", tmp_path / "b")
    assert found(discovery, "3.12").interpreter.executable == str(tmp_path / "b/python3")


def test_environments_come_before_the_system_active_ones_first(tmp_path, discover):
    """`VIRTUAL_ENV` wins over the nearest `.venv`, which wins over the search path."""
    for name in ("active", ".venv"):
        fake_interpreter(tmp_path / name / "bin/python", "3.12.0", base_prefix="/usr")
        (tmp_path / name / "pyvenv.cfg").touch()
    fake_interpreter(tmp_path / "b/python3", "3.12.0")
    below = tmp_path / "project/src"
    below.mkdir(parents=True)

    def source(**variables):
        discovery = discover(tmp_path / "b", directory=below, **variables)
        return found(discovery, "3.12", EnvironmentPreference.ANY).source

    assert source(virtual_env=str(tmp_path / "active")) is Source.ACTIVE_ENVIRONMENT
    assert source() is Source.DISCOVERED_ENVIRONMENT
    (tmp_path / ".venv").rename(tmp_path / "elsewhere")
    assert source() is Source.SEARCH_PATH_FIRST


def test_a_base_conda_installation_is_a_system_interpreter(tmp_path, discover):
    """Its other environments count as virtual ones."""
    fake_interpreter(tmp_path / "conda/bin/python", "3.12.0")
    conda = {"conda_prefix": str(tmp_path / "conda"), "conda_default_environment": "base"}
    assert found(discover(**conda), "3.12").source is Source.BASE_CONDA_PREFIX
    child = {**conda, "conda_default_environment": "conda"}
    assert found(discover(**child), "3.12", EnvironmentPreference.ONLY_VIRTUAL).source is Source.CONDA_PREFIX


def test_a_venv_directory_without_configuration_is_reported(tmp_path, discover):
    """Something else than an environment is in the place of one."""
    (tmp_path / ".venv").mkdir()
    with pytest.raises(BrokenEnvironment, match=r"missing `pyvenv\.cfg`"):
        found(discover(), "3.12", EnvironmentPreference.ONLY_VIRTUAL)


def test_an_active_environment_whose_interpreter_is_gone_ends_the_search(tmp_path, discover):
    """Falling back to the system would install into the wrong place."""
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/pyvenv.cfg").touch()
    (tmp_path / "env/bin/python").symlink_to("/nonexistent/python")
    fake_interpreter(tmp_path / "b/python3", "3.12.0")
    discovery = discover(tmp_path / "b", virtual_env="env")
    with pytest.raises(InspectionFailed) as caught:
        found(discovery, "default", EnvironmentPreference.ANY)
    assert str(caught.value) == (
        "Failed to inspect Python interpreter from active virtual environment at `env/bin/python`"
    )
    assert caught.value.hints() == ("Consider recreating the environment (e.g., with `uv venv`)",)


def test_managed_installations_come_first_newest_first(tmp_path, discover):
    """Those of other systems and links to them are passed over."""
    machine = os.uname().machine
    system = {"darwin": "macos"}.get(sys.platform, sys.platform)
    for version in ("3.11.9", "3.12.4"):
        folder = tmp_path / f"installations/cpython-{version}-{system}-{machine}-gnu"
        fake_interpreter(folder / f"bin/python{version[:4]}", version)
    fake_interpreter(tmp_path / f"installations/cpython-3.13.0-windows-{machine}-none/bin/python3.13", "3.13.0")
    fake_interpreter(tmp_path / "b/python3", "3.13.0")
    discovery = discover(tmp_path / "b")
    assert found(discovery, "default").interpreter.release == (3, 12, 4)
    assert found(discovery, "3.11").source is Source.MANAGED
    assert found(discovery, "3.13").source is Source.SEARCH_PATH_FIRST


def test_a_search_path_of_its_own_replaces_path_even_if_empty(tmp_path, discover):
    """`UV_PYTHON_SEARCH_PATH=` hides every interpreter, but not executables asked for by name."""
    fake_interpreter(tmp_path / "b/python3", "3.12.0")
    fake_interpreter(tmp_path / "b/special", "3.12.0")
    discovery = discover(tmp_path / "b", python_search_path="")
    with pytest.raises(InterpreterNotFound):
        found(discovery, "3.12")
    assert found(discovery, "special").interpreter.executable == str(tmp_path / "b/special")


def test_paths_may_name_an_environment_or_an_executable(tmp_path, discover):
    """A directory's interpreter is `bin/python`."""
    fake_interpreter(tmp_path / "env/bin/python", "3.12.0", base_prefix="/usr")
    assert found(discover(), "env").source is Source.PROVIDED_PATH
    assert found(discover(), "env/bin/python").interpreter.release == (3, 12, 0)


def test_a_free_threaded_interpreter_needs_the_request_or_a_default_name(tmp_path, discover):
    """Most wheels do not fit it."""
    fake_interpreter(tmp_path / "a/python3.13", "3.13.0", free_threaded=True)
    fake_interpreter(tmp_path / "b/python3.13", "3.13.0")
    discovery = discover(tmp_path / "a", tmp_path / "b")
    assert not found(discovery, "3.13").interpreter.free_threaded
    assert found(discovery, "3.13t").interpreter.free_threaded


def test_conda_base_is_told_by_root_name_and_markers():
    """The rules are conda's own activation scripts'."""

    def is_base(**mapping):
        return python_variables(mapping).conda_is_base

    assert is_base(CONDA_PREFIX="/opt/conda", _CONDA_ROOT="/opt/conda/")
    assert is_base(CONDA_PREFIX="/opt/conda", CONDA_DEFAULT_ENV="base")
    assert not is_base(CONDA_PREFIX="/opt/conda/envs/x", CONDA_DEFAULT_ENV="x")
    assert not is_base(CONDA_PREFIX="/p", CONDA_DEFAULT_ENV="/p")
    assert not is_base(CONDA_PREFIX="/opt/conda")


def test_paths_below_the_working_directory_are_shown_relative():
    """A name that merely starts alike is not below."""
    assert show_path("/a/b/c", "/a/b") == "c"
    assert show_path("/a/bc", "/a/b") == "/a/bc"
    assert show_path("/a/b", "/a/b") == "."


def test_a_warm_search_runs_nothing_and_imports_nothing_heavy(tmp_path, discover):
    """The commands that do nothing must stay fast."""
    import subprocess

    fake_interpreter(tmp_path / "b/python3", "3.12.0")
    found(discover(tmp_path / "b"), "default")
    code = (
        "import sys\n"
        "from mauve.python.discovery import *\nfrom mauve.python.probe import *\nfrom mauve.python.variables import *\n"
        f"v = PythonEnvironmentVariables(search_path={str(tmp_path / 'b')!r}, inherited={{}})\n"
        f"r = InterpreterReader({str(tmp_path / 'cache')!r}, {{'PATH': {os.defpath!r}}})\n"
        f"print(find_interpreter(Discovery(variables=v, directory={str(tmp_path)!r}, reader=r)).executable)\n"
        "heavy = {'subprocess', 'pathlib', 'json', 'hashlib', 'packaging', 'logging'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    source = Path(__file__).parents[3] / "src"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(source)}
    )
    assert done.stdout.splitlines() == [str(tmp_path / "b/python3"), "[]"]
