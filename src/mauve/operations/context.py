"""The services of one run, each built when it is first needed and once."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from mauve.cache.layout import Cache, CacheBucket
from mauve.config.default_index import default_index_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mauve.config.settings.everywhere import EverywhereSettings
    from mauve.python.discovery import Discovery
    from mauve.python.probe import InterpreterReader


class Services:
    """Builds what operations use: cache, discovery of interpreters, clients.

    Attributes:
        settings: shared by every command.
        directory: the working directory.
        environment: the variables of this process, for those that are started and for discovery.
    """

    def __init__(self, settings: EverywhereSettings, directory: str, environment: Mapping[str, str]) -> None:
        """Build nothing yet."""
        self.settings = settings
        self.directory = directory
        self.environment = environment

    @cached_property
    def cache(self) -> Cache:
        """Return the cache; a temporary one is removed at exit."""
        from pathlib import Path

        root = self.settings.cache.root
        if root is not None:
            return Cache(Path(root))
        import atexit
        import tempfile

        from mauve.filesystem.removal import remove

        temporary = tempfile.mkdtemp(prefix="mauve-cache-")
        atexit.register(remove, temporary)
        return Cache(Path(temporary), is_temporary=True)

    @cached_property
    def interpreters(self) -> InterpreterReader:
        """Return the reader of interpreters; nothing is remembered in a temporary cache."""
        from mauve.python.probe import InterpreterReader

        folder = None if self.cache.is_temporary else self.cache.path(CacheBucket.INTERPRETERS)
        return InterpreterReader(folder, self.environment)

    @cached_property
    def discovery(self) -> Discovery:
        """Return the discovery of interpreters."""
        from mauve.python.discovery import Discovery, PythonPreference
        from mauve.python.variables import python_variables

        return Discovery(
            variables=python_variables(self.environment),
            directory=self.directory,
            reader=self.interpreters,
            preference=PythonPreference(self.settings.python.preference),
        )

    def default_index_url(self) -> str:
        """Return the URL of the default index, kept in the cache after it was first looked up."""
        path = os.path.join(self.cache.path(CacheBucket.VERDICTS), "default-index")
        try:
            with open(path, encoding="utf-8") as file:
                known = file.read()
        except OSError:
            known = ""
        if known.startswith("https://"):
            return known
        url = default_index_url()
        if not self.cache.is_temporary:
            from mauve.filesystem.atomic import write_atomically

            try:
                write_atomically(path, url)
            except OSError:
                # Only the next look-up is slower.
                return url
        return url
