"""One task of a tagger in the form in which the library's own models for token classification answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from transformers.modeling_outputs import TokenClassifierOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .modeling_tagger import TaggerForTokenClassification

# By how much the decoded label stands out where it would not by itself: seen in every number format, 1 % of a score.
_MARGIN = 0.01


def single_task_output(
    model: TaggerForTokenClassification,
    inputs: Mapping[str, Any],
    labels: Tensor | None = None,
    num_items: float | Tensor | None = None,
) -> TokenClassifierOutput:
    """What a tagger says of its default task.

    In training ``logits`` are those of the head. In evaluation their largest entry is what the task's decoder chooses:
    they are the log-probabilities of the labels (with a CRF the marginal ones), and where the decoder, which looks at
    the whole sentence, chooses a label that is not the most probable one of its token, that label is raised just above
    it. Then they are in double precision where the device has it: the scores that a pipeline makes of them are numbers
    that JSON can hold. Of a regression task they are always the numbers, (B, T, 1).

    Args:
        model: the tagger.
        inputs: of its call, without labels.
        labels: label ids, or numbers for regression, (B, T); −100 marks a token without a label.
        num_items: what the summed loss is divided by; by default the number of labelled tokens.
    """
    task = model.config.default_task or model.config.task_names[0]
    input_ids = inputs["input_ids"]
    if input_ids.shape[1] == 0:  # texts without a word, which no recurrent layer takes
        return TokenClassifierOutput(logits=torch.zeros(*input_ids.shape, len(model.config.id2label or ())))
    output: Any = model.forward(
        **inputs,
        tasks=[task],
        labels=None if labels is None else {task: labels},
        num_items=None if num_items is None else {task: num_items},
    )
    logits = {task: output.logits[task]}
    mask = inputs.get("attention_mask")
    if not model.training and not model.config.is_regression(task):
        scores = model.log_probabilities(logits, mask)[task]
        logits[task] = _decoded_first(scores, model.decode(logits, mask)[task])
    return TokenClassifierOutput(loss=output.loss, logits=logits[task])


def _decoded_first(scores_BTL: Tensor, labels_BT: Tensor) -> Tensor:
    """The scores with the given label of each token above all others."""
    scores_BTL = scores_BTL if scores_BTL.device.type == "mps" else scores_BTL.double()
    if scores_BTL.shape[-1] == 1:
        return scores_BTL
    labels_BT1 = labels_BT[..., None]
    others_BT1 = scores_BTL.scatter(-1, labels_BT1, -torch.inf).amax(dim=-1, keepdim=True)
    raised_BT1 = torch.maximum(scores_BTL.gather(-1, labels_BT1), others_BT1 + _MARGIN)
    return scores_BTL.scatter(-1, labels_BT1, raised_BT1)
