from __future__ import annotations

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.prediction import number_type
from hf_sluice.prediction.number_type import NumberType, compute_in
from tests.models.tiny_sluice import run, tiny_model
