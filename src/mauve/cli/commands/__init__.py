"""One module per command: declares its options, starts a session, calls one operation, reports."""
