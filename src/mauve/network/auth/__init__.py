"""Which credentials a request carries."""
