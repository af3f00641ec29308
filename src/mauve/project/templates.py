"""The texts of new projects and scripts."""

from __future__ import annotations

from typing import Final

GITIGNORE: Final = """\
# Python-generated files
__pycache__/
*.py[oc]
build/
dist/
wheels/
*.egg-info

# Virtual environments
.venv
"""

BARE_METADATA: Final = """\
[project]
name = "{name}"
version = "0.1.0"{description}{readme}{authors}
requires-python = "{requires_python}"
dependencies = []
"""

APPLICATION: Final = """\
def main() -> None:
    print("Hello from {name}!")
"""

LIBRARY: Final = """\
def hello() -> str:
    return "Hello from {name}!"
"""

UNPACKAGED: Final = """\
def main():
    print("Hello from {name}!")


if __name__ == "__main__":
    main()
"""

BINARY_APPLICATION: Final = """\
from {module}._core import hello_from_bin


def main() -> None:
    print(hello_from_bin())
"""

BINARY_LIBRARY: Final = """\
from {module}._core import hello_from_bin


def hello() -> str:
    return hello_from_bin()
"""

BINARY_STUB: Final = "def hello_from_bin() -> str: ...\n"

SCRIPT_BLOCK: Final = """\
# /// script
# requires-python = "{requires_python}"
# dependencies = []
# ///
"""

SCRIPT_BODY: Final = """\


def main() -> None:
    print("Hello from {name}!")


if __name__ == "__main__":
    main()
"""

MATURIN_TABLES: Final = """\
[tool.maturin]
module-name = "{module}._core"
python-packages = ["{module}"]
python-source = "src"

[tool.uv]
cache-keys = [{{ file = "pyproject.toml" }}, {{ file = "src/**/*.rs" }}, {{ file = "Cargo.toml" }}, \
{{ file = "Cargo.lock" }}]
"""

SCIKIT_TABLES: Final = """\
[tool.scikit-build]
minimum-version = "build-system.requires"
build-dir = "build/{{wheel_tag}}"

[tool.uv]
cache-keys = [{{ file = "pyproject.toml" }}, {{ file = "src/**/*.{{h,c,hpp,cpp}}" }}, {{ file = "CMakeLists.txt" }}]
"""

CARGO: Final = """\
[package]
name = "{module}"
version = "0.1.0"
edition = "2024"

[lib]
name = "_core"
# "cdylib" is necessary to produce a shared library for Python to import from.
crate-type = ["cdylib"]

[dependencies]
# "extension-module" tells pyo3 we want to build an extension module (skips linking against libpython.so)
# "abi3-py39" tells pyo3 (and maturin) to build using the stable ABI with minimum Python version 3.9
pyo3 = {{ version = "0.28.2", features = ["extension-module", "abi3-py39"] }}
"""

RUST: Final = """\
use pyo3::prelude::*;

/// A Python module implemented in Rust. The name of this module must match
/// the `lib.name` setting in the `Cargo.toml`, else Python will not be able to
/// import the module.
#[pymodule]
mod _core {{
    use pyo3::prelude::*;

    #[pyfunction]
    fn hello_from_bin() -> String {{
        "Hello from {name}!".to_string()
    }}
}}
"""

CMAKE: Final = """\
cmake_minimum_required(VERSION 3.15...4.0)
project(${SKBUILD_PROJECT_NAME} LANGUAGES CXX)

find_package(pybind11 CONFIG REQUIRED)

pybind11_add_module(_core MODULE src/main.cpp)
install(TARGETS _core DESTINATION ${SKBUILD_PROJECT_NAME})
"""

CPP: Final = """\
#include <pybind11/pybind11.h>

std::string hello_from_bin() {{ return "Hello from {name}!"; }}

namespace py = pybind11;

PYBIND11_MODULE(_core, m) {{
  m.doc() = "pybind11 hello module";

  m.def("hello_from_bin", &hello_from_bin, R"pbdoc(
      A function that returns a Hello string.
  )pbdoc");
}}
"""
