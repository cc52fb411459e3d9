"""Who may do and see what: roles, tokens, rosters, and the one table of permissions."""
