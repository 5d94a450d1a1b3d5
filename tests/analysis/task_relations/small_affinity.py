"""A table of affinities for the tests of what is made of it."""

from __future__ import annotations

import math

import pandas as pd

TASKS = ["pos", "named_entities", "ner"]
ROWS = [
    ("pos", "pos", 0.025, 0.001),
    ("pos", "named_entities", 0.004, 0.001),
    ("pos", "ner", -0.0021, 0.001),
    ("named_entities", "pos", 0.001, 0.001),
    ("named_entities", "named_entities", 0.03, math.nan),
    ("ner", "pos", -0.00011, 0.001),
    ("ner", "ner", 0.01, 0.001),
]
AFFINITY = pd.DataFrame(
    [(*row, 10) for row in ROWS], columns=["main", "auxiliary", "affinity", "standard_error", "steps"]
)
