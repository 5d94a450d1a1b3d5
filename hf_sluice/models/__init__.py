"""Configurations, models and the tokenizer: the folder that travels with a model."""
