"""Show the cache size."""

from __future__ import annotations

from mauve.config.declare import ArgumentGroup, flag, value


class SizeArgs(ArgumentGroup, title="Options"):
    """Options of `cache size`."""

    output_format: str | None = value(
        "--output-format",
        choices=("auto", "human", "machine"),
        help="Select the output format [default: auto]",
    )
    human: bool | None = flag(
        "-H",
        "--human",
        help="Display the cache size in human-readable format (e.g., `1.2GiB` instead of raw bytes)",
    )
