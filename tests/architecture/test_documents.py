"""Docstrings that cite a page of `docs/` cite a page that exists, and a heading that it has."""

from __future__ import annotations

import re
from pathlib import Path

from tests.reference import PAGE, render_reference

ROOT = Path(__file__).parents[2]
_CITED = re.compile(r'(docs/[a-z]+\.md)((?:,?\s+(?:and\s+)?"[^"]+")*)')


def headings(page: Path) -> set[str]:
    """Return the titles of the sections of *page*, without code marks."""
    rows = page.read_text(encoding="utf-8").splitlines()
    return {row.lstrip("#").strip().replace("`", "") for row in rows if row.startswith("#")}


def test_cited_sections_exist() -> None:
    """A reader who follows a docstring arrives."""
    missing: list[str] = []
    for module in sorted((ROOT / "src").rglob("*.py")):
        for page, titles in _CITED.findall(module.read_text(encoding="utf-8")):
            known = headings(ROOT / page) if (ROOT / page).is_file() else None
            if known is None:
                missing.append(f"{module.relative_to(ROOT)}: {page}")
                continue
            cited = [title.strip("[]") for title in re.findall(r'"([^"]+)"', titles)]
            missing += [f"{module.relative_to(ROOT)}: {page} {title!r}" for title in cited if title not in known]
    assert missing == []


def test_the_readme_names_pages_that_exist() -> None:
    """And every page is named there or in one that is."""
    cited = set(re.findall(r"\]\((docs/[a-z]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert all((ROOT / page).is_file() for page in cited)
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} - cited <= {"docs/contributing.md"}


def test_the_reference_is_what_the_code_declares() -> None:
    """`python -m tests.reference` writes it."""
    assert PAGE.read_text(encoding="utf-8") == render_reference(), "run `python -m tests.reference`"


def test_the_reference_names_no_host_of_an_index() -> None:
    """Help that names the default index asks a library for it; the page does not."""
    assert "{default_index}" not in render_reference()
    assert "by default: PyPI" in render_reference()
