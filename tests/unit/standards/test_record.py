"""RECORD rows."""

from __future__ import annotations

import pytest

from mauve.standards.record import InvalidRecord, RecordRow, parse_record, render_record


def test_rows_are_sorted_and_quoted_only_where_needed() -> None:
    """Other installers read the file with a CSV reader."""
    rows = [RecordRow("b.py", "sha256=x", 3), RecordRow('a,"b".py'), RecordRow("../../../bin/x", "sha256=y", 1)]
    assert render_record(rows) == '../../../bin/x,sha256=y,1\n"a,""b"".py",,\nb.py,sha256=x,3\n'
    assert set(parse_record(render_record(rows))) == set(rows)


@pytest.mark.parametrize("text", ["a\n", "a,b\n", "a,b,c,d\n", "a,b,x\n"])
def test_a_row_has_three_fields(text: str) -> None:
    """A broken list must not lead to files left behind in silence."""
    with pytest.raises(InvalidRecord):
        parse_record(text)
