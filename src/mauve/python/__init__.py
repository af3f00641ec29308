"""Find interpreters, describe them, and make environments for them."""
