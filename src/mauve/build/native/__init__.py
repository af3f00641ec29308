"""The build backend `uv_build`, as part of this program."""
