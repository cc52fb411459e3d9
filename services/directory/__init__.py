"""The directory: which schools belong to the network, what they are called, and who speaks for them."""
