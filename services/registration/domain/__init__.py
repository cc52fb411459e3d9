"""What an activity may do and why, as pure functions on the standard library alone."""
