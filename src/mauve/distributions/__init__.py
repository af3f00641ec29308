"""What can be installed and where it comes from: pure values."""
