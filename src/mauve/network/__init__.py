"""The only user of sockets: requests, retries, credentials, certificates."""
