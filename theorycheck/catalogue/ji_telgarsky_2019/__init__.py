"""ji_telgarsky_2019."""
