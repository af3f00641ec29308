"""Where the modules of a project are found."""

import pytest
from tests.support.native_projects import write_project

from mauve.build.native.errors import InvalidModuleName, MissingModule, NotANamespace, OutsideOfProject
from mauve.build.native.roots import ModuleRoots, find_roots
from mauve.build.native.settings import BackendSettings


def find(root, name="demo", warnings=None, **settings):
    """Return the modules of a project with *settings*."""
    return find_roots(str(root), name, BackendSettings(**settings), (warnings if warnings is not None else []).append)


def test_the_module_is_named_as_the_package(tmp_path):
    """Dashes of normalised names become underscores."""
    write_project(tmp_path, files={"src/foo_bar/__init__.py": ""})
    assert find(tmp_path, "foo-bar") == ModuleRoots("src", ("foo_bar",))


def test_packages_of_stubs_keep_their_dash(tmp_path):
    """PEP 561 wants `-stubs` in the name of the folder."""
    write_project(tmp_path, files={"src/foo_bar-stubs/__init__.pyi": ""})
    assert find(tmp_path, "foo-bar-stubs") == ModuleRoots("src", ("foo_bar-stubs",))


def test_a_module_without_init_is_missing(tmp_path):
    """Namespaces must be declared as such."""
    write_project(tmp_path, files={"src/demo/a.py": ""})
    with pytest.raises(MissingModule):
        find(tmp_path)
    assert find(tmp_path, namespace=True).modules == ("demo",)


def test_modules_of_namespaces_have_dotted_names(tmp_path):
    """The folders above hold no `__init__.py`, or they would not be namespaces."""
    write_project(tmp_path, files={"lib/a/b/__init__.py": ""})
    assert find(tmp_path, module_root="./lib/x/..", module_name="a.b") == ModuleRoots("lib", ("a/b",))
    (tmp_path / "lib/a/__init__.pyi").touch()
    with pytest.raises(NotANamespace, match=r"lib/a$"):
        find(tmp_path, module_root="lib", module_name="a.b")


def test_modules_within_others_are_named_once(tmp_path):
    """Their files would be in the wheel twice."""
    write_project(tmp_path, files={"foo/__init__.py": "", "foo/sub/__init__.py": "", "bar/__init__.py": ""})
    warnings = []
    roots = find(tmp_path, warnings=warnings, module_root="", module_name=("foo", "bar", "foo.sub", "bar"))
    assert roots == ModuleRoots("", ("bar", "foo"))
    assert warnings == ["Ignoring redundant module names in `tool.uv.build-backend.module-name`: `foo.sub`, `bar`"]


@pytest.mark.parametrize("root", ["../x", "/x", "src/../.."])
def test_modules_are_inside_of_the_project(tmp_path, root):
    """What is outside is not in a source distribution either."""
    with pytest.raises(OutsideOfProject):
        find(tmp_path, module_root=root)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("1a", "Invalid first character `1` for identifier `1a`, expected an underscore or an alphabetic character"),
        (
            "a.b-c",
            (
                "Invalid character `-` at position 2 for identifier `b-c`, expected an underscore or an alphanumeric "
                "character"
            ),
        ),
        ("a..b", "An identifier must not be empty"),
    ],
)
def test_names_of_modules_are_identifiers(tmp_path, name, reason):
    """Nothing else could be imported."""
    with pytest.raises(InvalidModuleName, match=f"^Invalid module name: {name}$") as caught:
        find(tmp_path, module_name=name)
    assert str(caught.value.__cause__) == reason
