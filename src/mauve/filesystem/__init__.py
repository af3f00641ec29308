"""Atomic writes, file locks and removal."""
