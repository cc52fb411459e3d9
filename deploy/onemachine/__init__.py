"""Gongxue on one machine with nothing prepared: `make run`, and the broker, store and services of the tests."""
