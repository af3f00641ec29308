"""A package and project manager for Python, written in Python."""

__version__ = "0.1.0"
