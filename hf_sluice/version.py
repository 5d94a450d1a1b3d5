"""The version, at its one place: ``setup.py`` reads it here, without importing the package."""

from __future__ import annotations

__version__ = "0.1.0"
