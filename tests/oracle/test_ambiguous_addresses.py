"""Addresses whose credentials have an unescaped slash: refused where they are written, without the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.index_server import IndexServer
from tests.support.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.oracle

AMBIGUOUS = ("https://user/na:secret@host/a", "https://host/a:secret/c@d", "https://user@host/a:secret@d")
CLEAR = ("https://user:se%2Fcret@host.invalid/a:b@c", "https://host.invalid/a@b:c", "https://host.invalid/a?b=:c@d")
PROJECT = '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["a"]\n'


@pytest.fixture
def both(tmp_path: Path) -> Iterator[SideBySide]:
    with IndexServer({}) as server:
        yield SideBySide(tmp_path, server, {"pyproject.toml": PROJECT})


def agree(both: SideBySide, *words: str) -> str:
    theirs, ours = both.run(*words)
    assert (ours.status, ours.err) == (theirs.status, theirs.err)
    return ours.err


@pytest.mark.parametrize("url", AMBIGUOUS)
def test_addresses_that_are_ambiguous_are_refused_wherever_they_are_written(both: SideBySide, url: str) -> None:
    """What seems to be a path is likely to be a password."""
    said = [agree(both, "lock", option, url) for option in ("--index", "--default-index", "--find-links")]
    for table in (f'[[tool.uv.index]]\nurl = "{url}"\n', f'[tool.uv]\nextra-index-url = ["{url}"]\n'):
        both.write({"pyproject.toml": PROJECT + table})
        said.append(agree(both, "lock", "--offline"))
    both.write({"pyproject.toml": PROJECT})
    said.append(agree(both, "auth", "token", url))
    agree(both, "venv")
    for requirement in (f"a @ {url}/a-1.0-py3-none-any.whl", f"{url}/a-1.0-py3-none-any.whl"):
        agree(both, "pip", "install", "--offline", "--python", ".venv", requirement)
    reasons = [text.partition("(not percent-encoded?): ")[2].partition("\n")[0] for text in said]
    assert all(reason.startswith("https:***@") and "secret" not in reason for reason in reasons)


@pytest.mark.parametrize("url", CLEAR)
def test_addresses_with_both_signs_may_be_clear(both: SideBySide, url: str) -> None:
    assert "ambiguous" not in agree(both, "lock", "--offline", "--index", url)
