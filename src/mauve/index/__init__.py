"""Package indexes: reading their pages, keeping them, asking them."""
