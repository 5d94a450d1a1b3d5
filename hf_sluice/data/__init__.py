"""From files to annotated sentences and data sets."""
