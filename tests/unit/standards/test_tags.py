"""Which wheels an interpreter accepts, which one it prefers, and where wheels can be used."""

from __future__ import annotations

import pytest

from mauve.standards.filenames import parse_wheel_filename
from mauve.standards.markers.diagram import FALSE
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.render import render
from mauve.standards.platforms import platform_tags, possible_environments, wheel_marker
from mauve.standards.tags import TagMismatch, Tags, tags_for


def _linux(*, free_threaded: bool = False) -> Tags:
    return tags_for(
        implementation="cpython",
        version=(3, 11),
        operating_system="manylinux",
        os_version=(2, 36),
        architecture="x86_64",
        free_threaded=free_threaded,
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("cp311-abi3-manylinux_2_17_x86_64", "cp311-none-manylinux_2_5_x86_64"),
        ("cp311-abi3-manylinux_2_5_x86_64", "cp310-abi3-manylinux_2_17_x86_64"),
        ("cp311-cp311-manylinux_2_5_x86_64", "cp311-cp311-manylinux1_x86_64"),
        ("cp311-cp311-manylinux2014_x86_64", "cp311-cp311-manylinux_2_12_x86_64"),
        ("cp311-cp311-manylinux2014_x86_64", "cp311-cp311-linux_x86_64"),
        ("py311-none-manylinux2014_x86_64", "cp311-none-any"),
        ("cp311-none-any", "py311-none-any"),
        ("py311-none-any", "py3-none-any"),
        ("py3-none-any", "py310-none-any"),
    ],
)
def test_the_more_specific_wheel_is_preferred(better: str, worse: str) -> None:
    """Each pair was offered to uv."""
    tags = _linux()
    ranks = [tags.priority(parse_wheel_filename(f"a-1-{tag}.whl")) for tag in (better, worse)]
    assert ranks[0] is not None
    assert ranks[1] is not None
    assert ranks[0] < ranks[1]


@pytest.mark.parametrize(
    ("tag", "mismatch"),
    [
        ("cp311-cp311-win_amd64", TagMismatch.PLATFORM),
        ("cp311-abi3-any", TagMismatch.PLATFORM),
        ("cp310-none-any", TagMismatch.ABI),
        ("py3-abi3-linux_x86_64", TagMismatch.ABI),
        ("cp312-cp312-any", TagMismatch.PYTHON),
        ("py2-none-any", TagMismatch.PYTHON),
        ("cp32-abi3-linux_x86_64", None),
        ("py30-none-any", None),
    ],
)
def test_a_mismatch_names_the_part_that_does_not_fit(tag: str, mismatch: TagMismatch | None) -> None:
    """Hints depend on it."""
    assert _linux().mismatch(parse_wheel_filename(f"a-1-{tag}.whl")) is mismatch


def test_every_listed_tag_has_its_place_as_rank() -> None:
    """The ranks computed from pairs and platforms agree with the order of the full list."""
    tags = _linux()
    listed = list(tags)
    ranks = [tags.priority(parse_wheel_filename(f"a-1-{tag}.whl")) for tag in listed]
    assert ranks == sorted(set(ranks), key=lambda rank: -1 if rank is None else rank)
    assert listed[0] == "cp311-cp311-manylinux_2_36_x86_64"
    assert listed[-1] == "py30-none-any"


def test_a_free_threaded_interpreter_has_no_stable_abi() -> None:
    """abi3 wheels assume the layout of the ordinary build."""
    tags = _linux(free_threaded=True)
    assert tags.abi_tag == "cp311t"
    assert tags.priority(parse_wheel_filename("a-1-cp38-abi3-linux_x86_64.whl")) is None


def test_macos_accepts_older_universal_binaries() -> None:
    """An arm64 machine runs the arm64 part of a universal2 binary that names macOS 10."""
    tags = platform_tags("macos", (14, 0), "aarch64")
    assert tags[:2] == ("macosx_14_0_arm64", "macosx_14_0_universal2")
    assert "macosx_10_9_universal2" in tags
    assert "macosx_10_9_x86_64" not in tags


@pytest.mark.parametrize(
    ("tag", "marker"),
    [
        ("py3-none-any", "python_full_version >= '3' and python_full_version < '4'"),
        (
            "cp38-abi3-win_amd64",
            (
                "python_full_version >= '3.8' and platform_machine == 'AMD64' and "
                "platform_python_implementation == 'CPython' and sys_platform == 'win32'"
            ),
        ),
        (
            "pp310-pypy310_pp73-musllinux_1_1_aarch64",
            (
                "python_full_version == '3.10.*' and platform_machine == 'aarch64' and "
                "platform_python_implementation == 'PyPy' and sys_platform == 'linux'"
            ),
        ),
        ("cp312-cp312-ios_13_0_arm64_iphoneos", "python_version < '0'"),
    ],
)
def test_a_wheel_covers_environments(tag: str, marker: str) -> None:
    """Forks by platform are made from these markers."""
    assert render(wheel_marker(parse_wheel_filename(f"a-1-{tag}.whl"))) == marker


@pytest.mark.parametrize(
    ("tag", "marker"),
    [
        ("py3-none-any", None),
        ("cp312-cp312-macosx_11_0_universal2", "os_name == 'posix' and sys_platform == 'darwin'"),
        (
            "cp312-cp312-linux_ppc64le",
            "os_name == 'posix' and platform_machine == 'ppc64le' and sys_platform == 'linux'",
        ),
        ("cp312-cp312-manylinux_2_17_s390x.win_amd64", None),
        ("cp312-cp312-android_21_x86_64.any", None),
    ],
)
def test_the_lockfile_drops_wheels_by_family_and_machine(tag: str, marker: str | None) -> None:
    """Mixed families say nothing, a machine all tags share still counts."""
    assert render(possible_environments(parse_wheel_filename(f"a-1-{tag}.whl"))) == marker


@pytest.mark.parametrize(
    "tag",
    [
        "linux_mips",
        "linux_arm64",
        "linux_x86_64_v3",
        "manylinux_x86_64",
        "manylinux3_x86_64",
        "manylinux_2_x86_64",
        "musllinux_x86_64",
        "win_x86_64",
        "macosx_10_9_arm64e",
        "macosx_12_x86_64",
        "android_21_armeabi",
        "android_x86_64",
        "freebsd_13_x86_64",
    ],
)
def test_tags_that_are_not_known_cover_nothing_and_are_kept(tag: str) -> None:
    """Nobody can tell what they are for. Each was given to uv."""
    wheel = parse_wheel_filename(f"a-1-py3-none-{tag}.whl")
    assert wheel_marker(wheel) is FALSE
    assert possible_environments(wheel).is_disjoint(parse_marker("sys_platform == 'emscripten'")) is False


@pytest.mark.parametrize(
    "tag", ["linux_armv8l", "linux_armv5tel", "manylinux2014_ppc", "win_ia64", "macosx_11_1_arm64"]
)
def test_rare_machines_belong_to_their_system(tag: str) -> None:
    """Where only another one counts, their wheels are left out."""
    possible = possible_environments(parse_wheel_filename(f"a-1-py3-none-{tag}.whl"))
    assert possible.is_disjoint(parse_marker("sys_platform == 'emscripten'"))


@pytest.mark.parametrize(
    ("tag", "marker", "is_kept"),
    [
        ("win_amd64", "platform_machine == 'ARM64'", True),
        ("win_amd64", "platform_machine == 'x86'", False),
        ("win_arm64", "platform_machine == 'AMD64'", False),
        ("manylinux_2_17_x86_64.win_amd64", "platform_machine == 'arm64' and sys_platform == 'win32'", True),
        ("manylinux_2_17_x86_64.win_amd64", "platform_machine == 'arm64' and sys_platform == 'darwin'", False),
    ],
)
def test_windows_runs_programs_for_x86_64_on_arm64(tag: str, marker: str, *, is_kept: bool) -> None:
    """Such wheels stay in a lockfile that is for arm64 only. Each pair was given to uv."""
    possible = possible_environments(parse_wheel_filename(f"a-1-py3-none-{tag}.whl"))
    assert possible.is_disjoint(parse_marker(marker)) is not is_kept
