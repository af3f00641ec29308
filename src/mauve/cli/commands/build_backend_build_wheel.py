"""The hook `build_wheel` of the build backend."""

from mauve.cli.backend_hooks import WheelHookArgs, making_hook

command = making_hook(
    "build-wheel", WheelHookArgs, lambda hooks, chosen: hooks.wheel(chosen.output, chosen.metadata_directory)
)
