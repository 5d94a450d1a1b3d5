"""The commands of hf-sluice, one per module: parse, call, print."""
