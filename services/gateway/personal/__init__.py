"""What belongs to a person: their consents, what is held about them, how long, and how it is deleted."""
