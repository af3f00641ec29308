"""The hook `get_requires_for_build_sdist` of the build backend."""

from mauve.cli.backend_hooks import missing_hook

command = missing_hook("get-requires-for-build-sdist")
