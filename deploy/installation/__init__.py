"""What must exist before any service starts: the topology of the bus, databases, indexes, and who may do what."""
