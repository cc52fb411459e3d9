"""Wishes become commands on the bus, and answers come back."""
