"""Reports of experiments: tables in the papers' forms, plots, and how much of a difference is noise."""
