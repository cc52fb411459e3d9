"""When more people come than seats, or than a service can answer."""
