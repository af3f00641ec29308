"""The lockfile: its model, its text, and how it relates to resolutions and environments."""
