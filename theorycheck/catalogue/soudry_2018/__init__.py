"""soudry_2018."""
