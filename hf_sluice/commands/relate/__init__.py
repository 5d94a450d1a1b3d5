"""``hf-sluice relate …``: how tasks relate, one module per command."""
