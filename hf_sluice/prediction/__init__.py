"""Tagging new sentences with a saved model."""
