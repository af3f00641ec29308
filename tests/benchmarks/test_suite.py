"""The benchmarks' own arithmetic, page, picture and index."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING
from xml.dom.minidom import parseString

import pytest
from tests.benchmarks.suite.cases import CASES, interleave, read_workload
from tests.benchmarks.suite.index import Absent, Site, Store
from tests.benchmarks.suite.plot import draw
from tests.benchmarks.suite.report import render
from tests.benchmarks.suite.results import Cell, Results, load, ratio, save

if TYPE_CHECKING:
    from pathlib import Path


def _cell(*seconds: float) -> Cell:
    return Cell(wall=list(seconds), cpu=list(seconds), memory=[2048] * len(seconds))


@pytest.fixture
def results() -> Results:
    """Results of one case, in which mauve takes three times as long as uv."""
    results = Results("A machine.", 0.5, {"uv": "1", "mauve": "2"})
    results.put(0, "webapp", "lock-cold", {"uv": _cell(0.1, 0.2, 0.9), "mauve": _cell(0.6)})
    return results


def test_a_ratio_is_between_medians() -> None:
    """One run that was disturbed does not change a ratio."""
    assert ratio({"uv": _cell(0.1, 0.2, 9.0), "mauve": _cell(0.3, 0.4, 0.5)}, "mauve") == pytest.approx(2)


def test_a_ratio_of_short_runs_is_between_the_least() -> None:
    """The machine only ever makes them longer."""
    assert ratio({"uv": _cell(0.02, 0.01, 0.02), "mauve": _cell(0.04, 0.04, 0.03)}, "mauve") == pytest.approx(3)


def test_no_ratio_without_runs_of_both() -> None:
    """A program that failed has no figure, and nothing is relative to a uv that failed."""
    assert ratio({"uv": Cell(failure="exit code 1"), "mauve": _cell(1)}, "mauve") is None
    assert ratio({"uv": _cell(1), "mauve": Cell()}, "mauve") is None


def test_programs_run_in_turn() -> None:
    """A slow minute of the machine falls on all programs."""
    assert interleave(["uv", "mauve", "pip"], {"uv": 2, "mauve": 2, "pip": 1}) == ["uv", "mauve", "pip", "uv", "mauve"]


def test_the_page_shows_ratio_time_and_memory(results: Results) -> None:
    """The tables are made from the results alone."""
    page = render(results)
    assert "| `lock`, empty cache, no lock | 1.00 | 3.00 |" in page
    assert "| 200 / 200 (3) | 600 / 600 (1) |" in page
    assert "| 2 | 2 |" in page


def test_programs_without_a_result_are_named(results: Results) -> None:
    """A failure is not the same as a case that was not run."""
    results.put(0, "large", "lock-cold", {"uv": _cell(1), "pdm": Cell(failure="took more than 90 s")})
    assert "Without result: pdm (`lock`, empty cache, no lock: took more than 90 s)." in render(results)


def test_the_picture_has_a_dot_for_each_program(results: Results) -> None:
    """It is well-formed, and mauve lies to the right of uv."""
    picture = parseString(draw(results))
    dots = [float(dot.getAttribute("cx")) for dot in picture.getElementsByTagName("circle")]
    assert len(dots) == 4  # two in the legend
    assert dots[2] < dots[3]


def test_results_survive_being_saved(results: Results, tmp_path: Path) -> None:
    """A later run adds to what an earlier one measured."""
    save(results, tmp_path / "results.json")
    again = load(tmp_path / "results.json")
    assert again == results


@pytest.mark.parametrize("name", ["webapp", "trio", "jupyter", "forking", "large"])
def test_workloads_have_requirements(name: str) -> None:
    """Every workload that the documentation names can be read."""
    assert read_workload(name, "3.12").requirements
    assert read_workload("large", "3.12").requires_python == ">=3.12,<3.13"


def test_every_case_has_a_different_title() -> None:
    """Rows of the tables are told apart by them."""
    assert len({case.title for case in CASES.values()}) == len(CASES)


def test_the_index_serves_a_stored_html_page_as_json(tmp_path: Path) -> None:
    """Files are found on this server, with what the page behind it said about them."""
    (tmp_path / "pages").mkdir()
    marks = 'href="../../a-1.tar.gz#sha256=00" data-requires-python="&gt;=3.9" data-yanked=""'
    (tmp_path / "pages" / "a").write_text(f"<a {marks}>a-1.tar.gz</a>", encoding="utf-8")
    store = Store(tmp_path, "http://127.0.0.1:1/simple/")
    page = asyncio.run(store.page("a"))
    assert json.loads(json.dumps(page["files"])) == [
        {
            "filename": "a-1.tar.gz",
            "url": "/files/a/a-1.tar.gz",
            "hashes": {"sha256": "00"},
            "requires-python": ">=3.9",
            "yanked": True,
        }
    ]


def test_the_index_lists_no_projects(tmp_path: Path) -> None:
    """Nobody downloads the names of all projects through it."""
    site = Site(Store(tmp_path, "http://127.0.0.1:1/simple/"))
    with pytest.raises(Absent):
        asyncio.run(site.find("/simple/", as_json=True))
