"""What `make bench` runs: how fast Gongxue is on this machine, as ratios to what the machine can do at all."""
