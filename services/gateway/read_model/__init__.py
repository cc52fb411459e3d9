"""The read model: made of facts, read by pages and API, made anew while it is shown."""
