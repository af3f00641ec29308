"""What follows from the description of an interpreter."""

import msgspec
import pytest
from tests.support.fake_interpreters import description

from mauve.python.interpreter import Interpreter


@pytest.fixture
def interpreter(tmp_path):
    """Return a function that makes an interpreter."""

    def make(version="3.12.1", **changes):
        return msgspec.convert(description(tmp_path / "bin/python3", version, **changes), Interpreter)

    return make


def test_descriptions_name_implementation_version_and_build(interpreter):
    """They are printed whenever an interpreter was chosen."""
    assert interpreter().description == "CPython 3.12.1"
    assert interpreter(implementation="pypy").description == "PyPy 3.12.1"
    assert interpreter("3.13.0", free_threaded=True).description == "CPython 3.13.0+freethreaded"


def test_keys_name_the_platform_too(interpreter):
    """They are the names of managed installations."""
    assert interpreter().key == "cpython-3.12.1-linux-x86_64-gnu"


def test_an_externally_managed_installation_is_told_by_its_file(interpreter, tmp_path):
    """Environments of it are not affected, nor are other targets."""
    marker = tmp_path / "lib/python3.12/EXTERNALLY-MANAGED"
    marker.parent.mkdir(parents=True)
    assert not interpreter().is_externally_managed()
    marker.touch()
    assert interpreter().is_externally_managed()
    assert not interpreter().is_externally_managed(replaced=True)
    assert not interpreter(prefix=tmp_path / "env", base_prefix=tmp_path).is_externally_managed()


def test_managed_installations_are_told_by_their_place(interpreter, tmp_path):
    """A sibling whose name starts alike is not below."""
    assert interpreter(base_prefix=tmp_path / "python/cpython-3.12").is_managed(str(tmp_path / "python"))
    assert not interpreter(base_prefix=tmp_path / "python2/cpython-3.12").is_managed(str(tmp_path / "python"))


def test_an_environment_is_made_of_the_base(interpreter, tmp_path):
    """Environments of environments would break with the first of them."""
    base = interpreter(base_executable="/opt/python/bin/python3.12", prefix=tmp_path / "env").environment_base()
    assert base.executable == "/opt/python/bin/python3.12"
    assert base.site_packages == ("lib/python3.12/site-packages",)
