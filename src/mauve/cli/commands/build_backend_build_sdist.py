"""The hook `build_sdist` of the build backend."""

from mauve.cli.backend_hooks import SdistHookArgs, making_hook

command = making_hook("build-sdist", SdistHookArgs, lambda hooks, chosen: hooks.sdist(chosen.output))
