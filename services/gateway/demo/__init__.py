"""A network to try things in: invented people, real and invented activities. Never part of a real installation."""
