"""The README's tour in a real terminal, captured: `python -m tests.tour path/to/mauve`."""
