"""What an interpreter says about itself, and what is said if it does not."""

import os
import platform
import sys
import sysconfig

import pytest
from tests.support.fake_interpreters import fake_executable, fake_interpreter, times_asked

from mauve.errors import MauveError
from mauve.python.asking import describe_status, probe
from mauve.python.environment import make_environment
from mauve.python.probe import InterpreterReader, ProbeFailed


@pytest.fixture(scope="module")
def host():
    """Return what the running interpreter says about itself."""
    return probe(sys.executable, os.environ)


@pytest.fixture(scope="module")
def base(host):
    """Return the interpreter that the running one's environment was made of."""
    return probe(host.base_executable, os.environ)


def test_the_description_agrees_with_the_running_interpreter(host):
    """The script avoids the modules that the expected values come from."""
    markers = host.markers
    assert markers.python_full_version == platform.python_version()
    assert markers.platform_machine == platform.machine()
    assert markers.platform_release == platform.release()
    assert markers.platform_version == platform.version()
    assert markers.platform_system == platform.system()
    assert markers.platform_python_implementation == platform.python_implementation()
    assert markers.sys_platform == sys.platform
    assert markers.implementation_name == sys.implementation.name
    assert host.prefix == sys.prefix
    assert host.base_prefix == sys.base_prefix
    assert host.scheme.purelib == sysconfig.get_path("purelib")
    assert host.scheme.scripts == sysconfig.get_path("scripts")
    assert host.stdlib == sysconfig.get_path("stdlib")
    assert host.pointer_size == (64 if sys.maxsize > 2**32 else 32)


def test_tags_contain_those_of_the_running_interpreter(host):
    """Whatever else is compatible, the native tag is."""
    from mauve.standards.filenames import parse_wheel_filename

    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    assert host.tags.priority(parse_wheel_filename(f"x-1-{tag}-none-any.whl")) is not None
    assert host.tags.priority(parse_wheel_filename("x-1-cp27-cp27m-any.whl")) is None


def test_the_interpreter_of_a_new_environment_is_known_without_running_it(base, tmp_path):
    """This saves the first command in a new environment a start of Python."""
    root = str(tmp_path / "env")
    derived = make_environment(root, base, InterpreterReader(None, {})).interpreter
    probed = probe(os.path.join(root, "bin", "python"), os.environ)
    for field in ("executable", "prefix", "base_prefix", "markers", "scheme", "environment_scheme", "platform"):
        assert getattr(derived, field) == getattr(probed, field), field
    assert derived.is_virtual


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("exit 3", "Querying Python at `{}` failed with exit status exit status: 3"),
        ("kill -9 $$", "Querying Python at `{}` failed with exit status signal: 9 (SIGKILL)"),
        ("true", "Querying Python at `{}` returned an invalid response: EOF while parsing a value at line 1 column 0"),
        (
            "echo hi",
            "Querying Python at `{}` returned an invalid response: expected value at line 1 column 1\n\n[stdout]\nhi",
        ),
        (
            "echo '{{}}'",
            (
                "Querying Python at `{}` returned an invalid response: missing field `result` at line 1 column 2"
                "\n\n[stdout]\n{{}}"
            ),
        ),
    ],
    ids=["status", "signal", "silence", "junk", "empty object"],
)
def test_bad_answers_are_shown(tmp_path, script, message):
    """The words are uv's, which are its JSON library's."""
    path = str(fake_executable(tmp_path / "python", script.replace("{{}}", "{}") + "\n"))
    with pytest.raises(ProbeFailed) as caught:
        probe(path, {"PATH": os.defpath})
    assert str(caught.value) == message.replace("{{}}", "\0").format(path).replace("\0", "{}")


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
def test_python_2_is_told_to_be_too_old(tmp_path):
    """It fails at the first option it is given."""
    path = fake_executable(tmp_path / "python", "echo 'Unknown option: -I' >&2\nexit 2\n")
    with pytest.raises(MauveError, match="Can't use Python at") as caught:
        probe(str(path), {"PATH": os.defpath})
    assert str(caught.value.__cause__) == (
        "Python executable does not support `-I` flag. Please use Python 3.6 or newer."
    )


@pytest.mark.skipif(os.name == "nt", reason="POSIX error texts")
def test_what_the_system_refuses_is_said_in_its_words(tmp_path):
    """The number helps to find the reason."""
    path = tmp_path / "python"
    path.write_text("x")
    path.chmod(0o755)
    with pytest.raises(ProbeFailed, match="Failed to query Python interpreter at") as caught:
        probe(str(path), {})
    assert str(caught.value.__cause__) == "Exec format error (os error 8)"


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
def test_a_damaged_record_is_the_same_as_none(tmp_path):
    """The cache is private, but it may be copied, truncated or of another version."""
    python = fake_interpreter(tmp_path / "bin/python", "3.12.0")
    cache = tmp_path / "cache"
    for number in (1, 2):
        InterpreterReader(str(cache), {}).read(str(python))
        assert times_asked(python) == number
        (record,) = cache.iterdir()
        record.write_bytes(record.read_bytes()[:40])


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
def test_a_new_configuration_of_an_environment_is_noticed(tmp_path):
    """It decides about the prefix, while the interpreter's file is the base's."""
    python = fake_interpreter(tmp_path / "bin/python", "3.12.0")
    for _ in range(2):
        InterpreterReader(str(tmp_path / "cache"), {}).read(str(python))
    (tmp_path / "pyvenv.cfg").touch()
    InterpreterReader(str(tmp_path / "cache"), {}).read(str(python))
    assert times_asked(python) == 2


def test_statuses_are_described_as_by_the_system():
    """Negative ones are signals."""
    assert describe_status(2) == "exit status: 2"
    assert describe_status(-15) == "signal: 15 (SIGTERM)"
    assert describe_status(-63) == "signal: 63"


@pytest.mark.skipif(os.name == "nt", reason="names with quotes")
def test_odd_names_are_told_as_they_are(tmp_path, host):
    """Quotes, backslashes, line ends, letters of other scripts."""
    path = tmp_path / 'o"dd \\ \n é𝄞' / "python"
    path.parent.mkdir()
    path.symlink_to(host.base_executable)
    assert probe(str(path), os.environ).executable == str(path)


def test_something_else_is_done_while_an_interpreter_describes_itself(tmp_path):
    """Once: by then the child is running, and what goes wrong meanwhile ends it."""
    seen: list[str] = []
    reader = InterpreterReader(str(tmp_path), dict(os.environ))
    reader.meanwhile = lambda: seen.append("meanwhile")
    assert reader.read(sys.executable).executable
    assert seen == ["meanwhile"]
    other = InterpreterReader(str(tmp_path / "other"), dict(os.environ))

    def fail() -> None:
        raise ValueError("meanwhile")

    other.meanwhile = fail
    with pytest.raises(ValueError, match="meanwhile"):
        other.read(sys.executable)
