"""One module per corpus: which formats make it up, and its quirks."""
