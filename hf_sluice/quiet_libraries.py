"""Libraries that keep to themselves what is no error."""

from __future__ import annotations


def quiet_libraries() -> None:
    """Keeps the libraries' own progress bars and notices off the terminal; their errors are still shown."""
    import datasets

    quiet_transformers()
    datasets.disable_progress_bars()


def quiet_transformers() -> None:
    """The same for what needs no corpus, and need not wait until the library for them is loaded."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
