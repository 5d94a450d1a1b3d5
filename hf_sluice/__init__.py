"""Multi-task sequence taggers that learn what to share."""
