"""What notification decides, in plain Python: no input or output, no clock, no chance."""
