"""Identity: who is asking, how they came in, and for how long they stay."""
