"""The consoles of hosts, windows, the Promotion Center and operators. Who may see what: `gateway.permissions`."""
