"""The type of numbers that a saved tagger computes in; torch is loaded once there is one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification


class NumberType(StrEnum):
    """As torch spells them."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


def compute_in(model: TaggerForTokenClassification, numbers: NumberType) -> None:
    """Turns all weights of a model into numbers of a type.

    Args:
        model: on the device on which it will compute.
        numbers: the type. In bfloat16, which keeps two to three digits, labels are the same but for few, and predicted
            numbers are rounded.

    Raises:
        UserError: the processor has no quick arithmetic in it.
    """
    import torch

    if numbers is NumberType.BFLOAT16 and model.device.type == "cpu" and not _processor_has_bfloat16():
        raise UserError("bfloat16: this processor does not compute in it; float32 is as small and quicker here")
    model.to(dtype=getattr(torch, numbers))  # type: ignore[call-arg]  # as transformers declares it


def _processor_has_bfloat16() -> bool:
    import torch

    return torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001
