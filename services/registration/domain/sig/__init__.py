"""Special Interest Groups: how one is founded, who belongs to it, what it does, and whether it goes on."""
