"""The hook `build_editable` of the build backend."""

from mauve.cli.backend_hooks import WheelHookArgs, making_hook

command = making_hook(
    "build-editable",
    WheelHookArgs,
    lambda hooks, chosen: hooks.editable(chosen.output, chosen.metadata_directory),
    "PEP 660",
)
