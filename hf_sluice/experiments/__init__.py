"""Experiments: grids of runs, their execution, and what they came to."""
