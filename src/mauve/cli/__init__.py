"""The command line: a table of commands, options declared once, and one short module per command."""
