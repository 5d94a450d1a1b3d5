"""Batches, task sampling, the training loop, checkpoints."""
