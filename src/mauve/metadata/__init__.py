"""Answers to the resolver, fetched by a worker thread."""
