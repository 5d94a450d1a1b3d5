"""What stands in a model card, one subject per file; :mod:`hf_sluice.hub.model_card` puts it together."""
