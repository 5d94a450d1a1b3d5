"""Libraries that keep to themselves what is no error."""

from __future__ import annotations


def quiet_libraries() -> None:
    """Keeps the libraries' own progress bars and notices off the terminal; their errors are still shown."""
    import datasets
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    datasets.disable_progress_bars()
