"""What stands beside a graph: how words become its input, and its output becomes labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from hf_sluice.models.readable_json import readable_json
from hf_sluice.prediction.onnx_tagger.description import FORMAT, VERSION

if TYPE_CHECKING:
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tagging_head import TaggingHead
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer


def describe(model: TaggerForTokenClassification, tokenizer: TaggerTokenizer) -> str:
    """The text of ``tagger.json``.

    Args:
        model: whose tasks are described, with what their decoders have learned.
        tokenizer: of the model.
    """
    heads = [cast("TaggingHead", head) for head in model.heads]
    return (
        readable_json(
            {
                "format": FORMAT,
                "version": VERSION,
                "max_word_length": tokenizer.max_word_length,
                **({"word_features": list(tokenizer.word_features)} if tokenizer.word_features else {}),
                "tasks": [{**task, **_transitions(head)} for task, head in zip(model.config.tasks, heads, strict=True)],
            }
        )
        + "\n"
    )


def _transitions(head: TaggingHead) -> dict[str, Any]:
    scores = head.decoding_scores()
    if scores is None:
        return {}
    return {"transitions": {name: part.detach().cpu().numpy() for name, part in scores._asdict().items()}}
