"""The files of an environment."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mauve.python.virtualenv import (
    EnvironmentBase,
    EnvironmentOptions,
    create_environment,
    plan_environment,
    render_configuration,
)


def base(version="3.12.1", **changes):
    python = "python" + ".".join(version.split(".")[:2])
    values = {
        "executable": f"/opt/bin/{python}",
        "implementation": "cpython",
        "version": version,
        "site_packages": (f"lib/{python}/site-packages",),
    }
    return EnvironmentBase(**{**values, **changes})


def files(root):
    return sorted(str(path.relative_to(root)) for path in Path(root).rglob("*") if not path.is_dir())


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_an_environment_has_the_files_of_uv(tmp_path):
    """Tools look for some of them by name."""
    root = tmp_path / "env"
    create_environment(str(root), base())
    assert files(root) == sorted(
        [
            ".gitignore",
            "CACHEDIR.TAG",
            "pyvenv.cfg",
            "bin/python",
            "bin/python3",
            "bin/python3.12",
            *(f"bin/activate{suffix}" for suffix in ("", ".bat", ".csh", ".fish", ".nu", ".ps1", ".xsh", "_this.py")),
            "bin/deactivate.bat",
            "bin/pydoc.bat",
        ]
    )
    assert (root / "lib/python3.12/site-packages").is_dir()
    assert os.readlink(root / "lib64") == "lib"
    assert os.readlink(root / "bin/python") == "/opt/bin/python3.12"
    assert os.readlink(root / "bin/python3") == "python"
    assert (root / ".gitignore").read_text() == "*"
    assert stat.S_IMODE((root / "bin/activate").stat().st_mode) & 0o111 == 0


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_an_environment_is_written_over_an_older_one(tmp_path):
    """`--allow-existing` keeps the packages."""
    create_environment(str(tmp_path), base("3.11.0"))
    package = tmp_path / "lib/python3.11/site-packages/kept.py"
    package.touch()
    create_environment(str(tmp_path), base("3.12.1"))
    assert package.exists()
    assert os.readlink(tmp_path / "bin/python") == "/opt/bin/python3.12"


def test_the_configuration_has_its_keys_in_order():
    """Readers of the format split at the first `=`; the order is uv's."""
    options = EnvironmentOptions(prompt="my project", system_site_packages=True, relocatable=True, seed=True)
    assert render_configuration(base(), options) == (
        "home = /opt/bin\nimplementation = CPython\nuv = 0.13.9\nversion_info = 3.12.1\n"
        "include-system-site-packages = true\nrelocatable = true\nseed = true\nprompt = my project\n"
    )


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["python3", "python3.12"]),
        ({"version": "3.13.0rc1"}, ["python3", "python3.13"]),
        ({"version": "3.13.0", "free_threaded": True}, ["python3", "python3.13", "python3.13t"]),
        ({"implementation": "pypy"}, ["python3", "python3.12", "pypy3", "pypy"]),
        ({"implementation": "graalpy"}, ["python3", "python3.12", "graalpy"]),
    ],
)
def test_executables_have_the_names_of_their_implementation(changes, names):
    """All link to the one that links to the base."""
    plan = plan_environment("/env", base(**changes), EnvironmentOptions())
    assert [path for path, target in plan.links if target == "python"] == [f"/env/bin/{name}" for name in names]


@pytest.mark.parametrize(
    ("changes", "linked"), [({}, True), ({"platform": "darwin"}, False), ({"is_64_bit": False}, False)]
)
def test_lib64_is_linked_on_64_bit_systems_but_macos(changes, linked):
    """Some distributions install extension modules there."""
    plan = plan_environment("/env", base(**changes), EnvironmentOptions())
    assert (("/env/lib64", "lib") in plan.links) is linked


def test_old_interpreters_get_a_guard_against_distutils_configuration():
    """From 3.10 on environments ignore it."""

    def has_guard(version):
        plan = plan_environment("/env", base(version), EnvironmentOptions())
        return any(path.endswith("_virtualenv.pth") for path, _ in plan.files)

    assert has_guard("3.9.18")
    assert not has_guard("3.10.0")


def test_on_windows_launchers_are_copied_into_scripts():
    """Links need a privilege there."""
    windows = base(
        executable="C:\\Python312\\python.exe",
        platform="win32",
        scripts="Scripts",
        site_packages=("Lib/site-packages",),
        launchers=("C:\\Python312\\Lib\\venv\\scripts\\nt",),
    )
    plan = plan_environment("C:\\env", windows, EnvironmentOptions())
    assert plan.links == []
    assert plan.directories == ["C:\\env", "C:\\env\\Scripts", "C:\\env\\Lib", "C:\\env\\Lib\\site-packages"]
    copies = dict(plan.copies)
    assert list(copies) == ["C:\\env\\Scripts\\python.exe", "C:\\env\\Scripts\\pythonw.exe"]
    assert copies["C:\\env\\Scripts\\python.exe"][:2] == (
        "C:\\Python312\\Lib\\venv\\scripts\\nt\\python.exe",
        "C:\\Python312\\Lib\\venv\\scripts\\nt\\venvlauncher.exe",
    )
    assert dict(plan.files)["C:\\env\\pyvenv.cfg"].startswith("home = C:\\Python312\n")
    assert "@" not in dict(plan.files)["C:\\env\\Scripts\\activate.ps1"]


def test_a_relocatable_environment_has_no_script_for_csh():
    """Csh cannot tell a script its own place."""
    plan = plan_environment("/env", base(), EnvironmentOptions(relocatable=True))
    scripts = dict(plan.files)
    assert "/env/bin/activate.csh" not in scripts
    assert all("/env" not in text for text in scripts.values())


SHELLS = [shell for shell in ("bash", "dash", "zsh", "ksh") if shutil.which(shell)]


@pytest.mark.skipif(not SHELLS, reason="no POSIX shell")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", ["plain", "with blank", "it's"])
def test_a_shell_enters_and_leaves(tmp_path, shell, name):
    """Names are quoted, and everything is as before afterwards."""
    root = tmp_path / name
    create_environment(str(root), base(executable=sys.executable), EnvironmentOptions(prompt="pro'mpt"))
    (tmp_path / "link").symlink_to(root)
    path = f"{os.defpath}:/sbin"  # a system may give shells another one in place of the default
    script = (
        ". ./link/bin/activate; echo $VIRTUAL_ENV; echo $VIRTUAL_ENV_PROMPT; command -v python; echo $PYTHONHOME;"
        'deactivate; echo $PATH; echo "[$VIRTUAL_ENV$VIRTUAL_ENV_PROMPT]"; echo $PYTHONHOME'
    )
    done = subprocess.run(
        [shutil.which(shell), "-c", script],
        cwd=tmp_path,
        env={"PATH": path, "PYTHONHOME": "/h"},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [str(root), "pro'mpt", f"{root}/bin/python", "", path, "[]", "/h"]
    assert done.stdout.splitlines() == expected
    assert done.stderr == ""


@pytest.mark.skipif("bash" not in SHELLS, reason="no bash")
def test_a_relocatable_environment_is_entered_where_it_is(tmp_path):
    """Its scripts may not know the place where it was made."""
    create_environment(str(tmp_path / "old"), base(), EnvironmentOptions(relocatable=True))
    (tmp_path / "old").rename(tmp_path / "new")
    done = subprocess.run(
        [shutil.which("bash"), "-c", ". new/bin/activate; echo $VIRTUAL_ENV"],
        cwd=tmp_path,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "new")


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_running_interpreter_can_use_the_environment(tmp_path):
    """`activate_this.py` puts the environment's packages in front."""
    version = ".".join(map(str, sys.version_info[:3]))
    create_environment(str(tmp_path), base(version, executable=sys.executable))
    site = next((tmp_path / "lib").glob("python*/site-packages"))
    (site / "only_here.py").write_text("answer = 42")
    script = str(tmp_path / "bin/activate_this.py")
    code = f"import runpy; runpy.run_path({script!r}); import only_here, sys; print(sys.prefix)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == str(tmp_path)


def test_making_an_environment_imports_next_to_nothing():
    """`venv` is answered before the rest of the program is loaded."""
    code = (
        "import sys; before = set(sys.modules)\nimport mauve.python.virtualenv\n"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('mauve')))"
    )
    source = Path(__file__).parents[3] / "src"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(source)}
    )
    assert {"msgspec", "typing", "enum", "re"}.isdisjoint(eval(done.stdout))


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_half_an_environment_is_known_and_cannot_be_used(tmp_path):
    """Who is killed while making it leaves something that the next run recognises, and replaces."""
    root = tmp_path / "env"
    (root / "bin/activate").mkdir(parents=True)
    with pytest.raises(OSError):
        create_environment(str(root), base())
    assert (root / "pyvenv.cfg").is_file()
    assert not os.path.lexists(root / "bin/python")
