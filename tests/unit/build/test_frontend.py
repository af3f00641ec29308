"""Building source trees, with backends that are part of the tree."""

import os
import sys
import threading

import pytest

from mauve.build.failures import BackendError, BuildFailed, CyclicBuild, RequirementsUnresolved
from mauve.build.frontend import Builder, BuildKind
from mauve.build.hook_process import hook_variables
from mauve.build.isolation import BuildIsolation
from mauve.build.settings import ConfigSettings
from mauve.build.source_tree import SourceTree
from mauve.errors import MauveError
from mauve.python.environment import Environment
from mauve.python.probe import InterpreterReader

BACKEND = """\
import json, os, sys

def note(hook, *values):
    with open("calls.jsonl", "a") as file:
        file.write(json.dumps([hook, *values]) + "\\n")

def get_requires_for_build_wheel(config_settings=None):
    note("requires", config_settings)
    return []

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    note("metadata", config_settings)
    os.mkdir(os.path.join(directory, "x-1.dist-info"))
    with open(os.path.join(directory, "x-1.dist-info", "METADATA"), "w") as file:
        file.write("Name: x\\n")
    return "x-1.dist-info"

def build_wheel(directory, config_settings=None, metadata_directory=None):
    note("wheel", config_settings, os.path.basename(metadata_directory or ""))
    open(os.path.join(directory, "x-1-py3-none-any.whl"), "w").close()
    return "x-1-py3-none-any.whl"

def build_sdist(directory, config_settings=None):
    note("sdist", sys.argv, sys.path[0], os.environ["VIRTUAL_ENV"] == sys.prefix, sys.prefix != sys.base_prefix)
    open(os.path.join(directory, "x-1.tar.gz"), "w").close()
    return "x-1.tar.gz"
"""


class Requirements:
    """The port's fake: knows what was asked for, and installs nothing."""

    def __init__(self, *, unavailable=()):
        self.resolved = []
        self.unavailable = unavailable

    def resolve(self, requirements, tree, building):
        """Return the names that are required."""
        names = [requirement.name for requirement in requirements]
        self.resolved.append((names, building))
        if set(names) & set(self.unavailable):
            raise MauveError("No solution found when resolving: `missing`")
        return names

    def install(self, resolution, environment, building):
        """Check that there is an environment."""
        assert os.path.exists(environment.executable)


@pytest.fixture(scope="module")
def interpreter():
    """Return the running interpreter."""
    return InterpreterReader(None, os.environ).read(sys.executable)


@pytest.fixture
def builder(tmp_path, interpreter):
    """Return a function that makes a builder."""

    def make(environments=None, **changes):
        return Builder(
            environments=environments or Requirements(),
            interpreter=interpreter,
            directory=str(tmp_path / "builds"),
            variables={"PATH": os.defpath},
            **changes,
        )

    return make


@pytest.fixture
def tree(tmp_path):
    """Return a function that makes a source tree with its own backend."""

    def make(backend=BACKEND, requires="[]", **changes):
        root = tmp_path / "tree"
        root.mkdir(exist_ok=True)
        (root / "own.py").write_text(backend)
        (root / "pyproject.toml").write_text(
            f'[build-system]\nrequires = {requires}\nbuild-backend = "own"\nbackend-path = ["."]\n'
        )
        return SourceTree(root=str(root), **{"shown": "x==1", "name": "x", "version": "1", **changes})

    return make


def calls(tree):
    import json

    with open(os.path.join(tree.root, "calls.jsonl")) as file:
        return [json.loads(line) for line in file]


def test_hooks_are_called_in_order_with_the_settings(builder, tree, tmp_path):
    """A wheel is built without asking for its metadata before, and nothing temporary stays."""
    source = tree()
    made = builder(settings=ConfigSettings({"k": ("1", "2")}))
    assert made.build(source, BuildKind.WHEEL, str(tmp_path / "out")) == "x-1-py3-none-any.whl"
    settings = {"k": ["1", "2"]}
    assert calls(source) == [["requires", settings], ["wheel", settings, ""]]
    assert os.listdir(tmp_path / "builds") == []


def test_a_hook_sees_the_environment_and_plain_arguments(builder, tree, tmp_path):
    """`sys.path` starts with the tree's entries as written; the empty one of `-c` is gone."""
    source = tree()
    builder().build(source, BuildKind.SDIST, str(tmp_path / "out"))
    assert calls(source) == [["sdist", ["-c"], ".", True, True]]


def test_metadata_is_read_without_building(builder, tree):
    """Only a backend that cannot prepare it has to build a wheel."""
    source = tree()
    assert builder().build_metadata(source) == b"Name: x\n"
    assert [call[0] for call in calls(source)] == ["requires", "metadata"]


def test_a_tree_that_is_used_in_place_is_asked_by_other_hooks(builder, tree):
    """PEP 660 has a set of its own; a backend need not have the one of wheels."""
    backend = (
        "import os\n"
        "def prepare_metadata_for_build_editable(directory, config_settings=None):\n"
        "    os.mkdir(os.path.join(directory, 'x-1.dist-info'))\n"
        "    with open(os.path.join(directory, 'x-1.dist-info', 'METADATA'), 'w') as file:\n"
        "        file.write('Name: in-place')\n"
        "    return 'x-1.dist-info'\n"
    )
    assert builder().build_metadata(tree(backend, is_editable=True)) == b"Name: in-place"


def test_metadata_of_a_backend_without_the_hook_comes_from_a_wheel(builder, tree):
    """The hook is optional in PEP 517."""
    backend = (
        "import os, zipfile\n"
        "def build_wheel(directory, config_settings=None, metadata_directory=None):\n"
        "    with zipfile.ZipFile(os.path.join(directory, 'x-1.whl'), 'w') as archive:\n"
        "        archive.writestr('x-1.dist-info/METADATA', 'Name: built')\n"
        "    return 'x-1.whl'\n"
    )
    assert builder().build_metadata(tree(backend)) == b"Name: built"


def test_further_requirements_are_resolved_together_with_the_first(builder, tree, tmp_path):
    """Two resolutions could disagree; what is required already is not asked for again."""
    environments = Requirements()
    backend = BACKEND.replace("return []", 'return ["b", "a>=1"]')
    builder(environments).build(tree(backend, '["a>=1"]'), BuildKind.WHEEL, str(tmp_path / "out"))
    assert environments.resolved == [(["a"], ("x==1",)), (["a", "b"], ("x==1",))]


def test_a_failing_hook_is_shown_with_its_output(builder, tree, tmp_path):
    """The chain of causes and the sections are uv's."""
    backend = (
        "import sys\ndef build_wheel(*args):\n    print('out')\n    print('err', file=sys.stderr)\n    sys.exit(3)\n"
    )
    with pytest.raises(BuildFailed) as caught:
        builder().build(tree(backend), BuildKind.WHEEL, str(tmp_path / "out"))
    error = caught.value
    assert str(error) == "Failed to build `x==1`"
    assert str(error.__cause__) == "The build backend returned an error"
    assert str(error.__cause__.__cause__) == (
        "Call to `own.build_wheel` failed (exit status: 3)\n\n[stdout]\nout\n\n[stderr]\nerr"
    )
    assert error.hints() == ("Build failures usually indicate a problem with the package or the build environment",)


def test_the_output_can_be_hidden(builder, tree, tmp_path):
    """It may contain secrets (`UV_HIDE_BUILD_OUTPUT`)."""
    backend = "def build_wheel(*args):\n    raise SystemExit('secret')\n"
    with pytest.raises(BuildFailed) as caught:
        builder(show_output=False).build(tree(backend), BuildKind.WHEEL, str(tmp_path / "out"))
    assert str(caught.value.__cause__.__cause__) == "Call to `own.build_wheel` failed (exit status: 1)"


def test_a_backend_that_promises_a_file_must_write_it(builder, tree, tmp_path):
    """A tree that nobody named yet has no outer message."""
    backend = "def build_wheel(*args):\n    return 'nothing.whl'\n"
    with pytest.raises(BackendError) as caught:
        builder().build(tree(backend, shown=None), BuildKind.WHEEL, str(tmp_path / "out"))
    assert str(caught.value.__cause__) == "Call to `own.build_wheel` failed (exit status: 0)"


def test_a_missing_hook_is_a_failure_where_it_is_needed(builder, tree, tmp_path):
    """Old backends cannot build editables."""
    with pytest.raises(BuildFailed) as caught:
        builder().build(tree(), BuildKind.EDITABLE, str(tmp_path / "out"))
    assert "has no attribute 'build_editable'" in str(caught.value.__cause__.__cause__)


def test_requirements_that_cannot_be_had_are_named_by_their_origin(builder, tree, tmp_path):
    """The cause is the resolver's."""
    with pytest.raises(BuildFailed) as caught:
        builder(Requirements(unavailable=["a"])).build(tree(requires='["a"]'), BuildKind.WHEEL, str(tmp_path / "out"))
    assert isinstance(caught.value.__cause__, RequirementsUnresolved)
    assert str(caught.value.__cause__) == "Failed to resolve requirements from `build-system.requires`"
    assert os.listdir(tmp_path / "builds") == []


def test_a_package_that_needs_itself_cannot_be_built(builder, tree, tmp_path):
    """The chain of builds is handed on through the port."""
    with pytest.raises(CyclicBuild, match="`x==1`"):
        builder().build(tree(), BuildKind.WHEEL, str(tmp_path / "out"), building=("y==1", "x==1"))


def test_without_isolation_the_environment_is_taken_as_it_is(builder, tree, tmp_path, interpreter):
    """Nothing is asked for or installed."""
    environments = Requirements()
    shared = Environment(interpreter.prefix, interpreter)
    source = tree(requires='["a"]')
    made = builder(environments, isolation=BuildIsolation(shared, frozenset({"x"})))
    made.build(source, BuildKind.WHEEL, str(tmp_path / "out"))
    assert environments.resolved == []
    assert [call[0] for call in calls(source)] == ["wheel"]
    assert BuildIsolation(shared, frozenset({"x"})).shared_for("y") is None


def test_builds_run_side_by_side(builder, tree, tmp_path):
    """Each has its own environment; the backends wait for each other here."""
    backend = (
        "import os, time\n"
        "def build_wheel(directory, *args):\n"
        "    open(f'here-{os.getpid()}', 'w').close()\n"
        "    deadline = time.monotonic() + 30\n"
        "    while sum(name.startswith('here-') for name in os.listdir()) < 2:\n"
        "        assert time.monotonic() < deadline\n"
        "    open(os.path.join(directory, 'x.whl'), 'w').close()\n"
        "    return 'x.whl'\n"
    )
    source, made, names = tree(backend), builder(), []

    def build(output):
        names.append(made.build(source, BuildKind.WHEEL, str(tmp_path / output)))

    threads = [threading.Thread(target=build, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == ["x.whl", "x.whl"]


def test_hooks_inherit_all_variables_but_secrets_of_the_tool():
    """A `PATH` that the user adds goes behind the environment's executables."""
    variables = hook_variables(
        {"PATH": "/bin", "KEEP": "1", "UV_API_KEY": "s", "PYX_TOKEN": "s", "VIRTUAL_ENV": "/other"},
        scripts="/e/bin",
        root="/e",
        source="/src",
        tool="/bin/mauve",
        extra={"PATH": "/more", "CC": "clang"},
    )
    assert variables == {
        "PATH": os.pathsep.join(["/e/bin", "/more", "/bin"]),
        "KEEP": "1",
        "CC": "clang",
        "VIRTUAL_ENV": "/e",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "UV_INTERNAL__BUILD_DIR": "/src",
        "UV": "/bin/mauve",
    }


@pytest.mark.parametrize(
    ("hook", "line"),
    [("get_requires_for_build_wheel", 14), ("prepare_metadata_for_build_wheel", 14), ("build_wheel", 11)],
)
def test_tracebacks_name_the_lines_of_uv(builder, tree, hook, line):
    """The program that calls a hook is seen by those who read them."""
    backend = BACKEND + f"\ndef {hook}(*args):\n    raise ValueError\n"
    if hook == "build_wheel":
        backend += "\ndel prepare_metadata_for_build_wheel\n"
    with pytest.raises(BuildFailed) as caught:
        builder().build_metadata(tree(backend))
    assert f'\n  File "<string>", line {line}, in <module>\n' in str(caught.value.__cause__.__cause__)


def test_a_backend_may_be_an_object_deep_in_a_module(builder, tree, tmp_path):
    """PEP 517 allows dots behind the colon."""
    source = tree(BACKEND + "\nimport types, sys\nouter = types.SimpleNamespace(inner=sys.modules[__name__])\n")
    path = tmp_path / "tree" / "pyproject.toml"
    path.write_text(path.read_text().replace('"own"', '"own:outer.inner"'))
    assert builder().build(source, BuildKind.WHEEL, str(tmp_path / "out")) == "x-1-py3-none-any.whl"
