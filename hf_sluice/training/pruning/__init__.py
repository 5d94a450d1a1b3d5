"""The search for a subnet per task (Sun et al. 2020, Algorithm 1), and what it is compared with."""
