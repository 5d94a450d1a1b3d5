"""Runs that tell how tasks relate: of each task alone, and of pairs."""
