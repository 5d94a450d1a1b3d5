"""Numbers as they are written into pictures."""

from __future__ import annotations


def two_decimals(value: float) -> str:
    """A number with two decimals; the sign is as wide as a digit, and −0.001 is 0.00."""
    return f"{round(float(value), 2) + 0.0:.2f}".replace("-", "−")
