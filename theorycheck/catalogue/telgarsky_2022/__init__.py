"""telgarsky_2022."""
