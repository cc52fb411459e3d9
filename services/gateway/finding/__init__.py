"""Finding activities: by words, by what they are, by where they are."""
