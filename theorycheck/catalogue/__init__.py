"""The theorems: one folder per paper, one file per result, named by its conclusion."""
