"""Notification: what is told to whom, by which channel, and did it arrive."""
