"""What a model learned to share, and what its data holds."""
