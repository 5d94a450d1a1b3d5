"""Gains as they are written."""

from __future__ import annotations

_MANY_DIGITS = 100


def gain_number(gain: float) -> str:
    """A gain in per cent with its sign and one decimal, none from 100 on; what rounds to 0 has no sign."""
    text = f"{gain:+.0f}" if abs(round(gain, 1)) >= _MANY_DIGITS else f"{gain:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", "−")
