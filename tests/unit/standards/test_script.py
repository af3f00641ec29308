"""Inline metadata of scripts."""

from __future__ import annotations

import pytest

from mauve.standards.script import UnclosedScriptBlock, find_script_block

SCRIPT = "#!/usr/bin/env python\n# /// script\n# a = 1\n#\n# b = 2\n# ///\n\nprint()\n"


def test_a_block_is_found_and_can_be_replaced() -> None:
    """Everything around the block stays as it is."""
    block = find_script_block(SCRIPT)
    assert block is not None
    assert block.metadata == "a = 1\n\nb = 2\n"
    assert block.with_metadata(block.metadata) == SCRIPT
    assert block.with_metadata("c = 3\n").startswith("#!/usr/bin/env python\n# /// script\n# c = 3\n# ///\n\nprint")


def test_a_script_without_block_has_none() -> None:
    """Another kind of block does not count."""
    assert find_script_block("# /// other\n# ///\n") is None


def test_a_block_without_end_is_an_error() -> None:
    """A line that is not a comment ends the block."""
    with pytest.raises(UnclosedScriptBlock):
        find_script_block("# /// script\n# a = 1\n\n# ///\n")
