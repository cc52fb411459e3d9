"""The plumbing that every service shares: commit log, relay, bus, consumers, parking. No domain word in it."""
