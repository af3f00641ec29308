"""Settings: the command line, the environment, and configuration files, merged once."""
