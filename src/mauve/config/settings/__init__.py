"""One struct of settings per concern, each resolved in one place."""
