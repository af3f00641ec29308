"""What the user wrote: `pyproject.toml`, workspaces and new projects."""
