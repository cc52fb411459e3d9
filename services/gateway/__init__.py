"""The one door: pages and REST API on ASGI; commands go out on the bus, facts come in to the read model."""
