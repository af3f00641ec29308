"""Repositories as sources of distributions: one mirror and one checkout per commit in the cache."""
