"""Indexes of the command line whose form may come to mean something else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mauve.cli.session import Session
    from mauve.config.arguments.index import IndexArgs


def warn_of_index_texts(session: Session, index: IndexArgs) -> None:
    """Warn of indexes that are named in a way that may change: a folder that looks like a name, or a name."""
    texts = (*index.index, *([index.default_index] if index.default_index else []))
    if not texts:
        return
    names = [table.name for table in session.files.joined(lambda table: table.index)]
    for text in texts:
        name, separator, rest = text.partition("=")
        url = rest if separator and "/" not in name and ":" not in name else text
        is_folder = os.path.isdir(os.path.join(session.directory, url))
        if url in names and not is_folder:
            session.warn_of_preview("index-by-name", "Referencing an index by name")
        elif "://" not in url and not os.path.isabs(url) and not url.startswith(("./", "../", "file:")):
            session.printer.warning(
                "Relative paths passed to `--index` or `--default-index` should be disambiguated from index names "
                f"(use `./{url}`). Support for ambiguous values will be removed in the future"
            )
