"""The hook `prepare_metadata_for_build_editable` of the build backend."""

from mauve.cli.backend_hooks import MetadataHookArgs, making_hook

command = making_hook(
    "prepare-metadata-for-build-editable",
    MetadataHookArgs,
    lambda hooks, chosen: hooks.metadata(chosen.output),
    "PEP 660",
)
