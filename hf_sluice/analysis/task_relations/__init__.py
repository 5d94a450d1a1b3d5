"""Which auxiliary task will help: features of tasks, and what they say of a gain (Bingel & Søgaard 2017)."""
