"""What an exported folder says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.export.graph_scores import SPLIT

if TYPE_CHECKING:
    from hf_sluice.export.folder import ExportedTagger
    from hf_sluice.export.graph_scores import GraphScores

_TEXT = """# A tagger for {tasks}, as an ONNX graph

Needs `onnxruntime` and `numpy` alone; with this folder as the working directory:

```python
from onnx_tagger import OnnxTagger

for tagged in OnnxTagger(".").tag([["She", "saw", "him", "."]]):
    print(tagged)
```

- `model.onnx` makes the scores of every label, `logits_<task>` (sentences, tokens, labels), of {inputs} All is padded
  with 0 on the right, all sizes are free, and padding changes nothing.
- `tagger.json` holds the labels and, where a task's labels are found as a sequence, the scores of transitions
  (`between[i][j]`: of label j after label i; −1e30 stands for never).
- `vocabulary.json` and `tokenizer_config.json` are the tokenizer's; `onnx_tagger` finds ids and labels.

On {sentences} sentences of 1 to {longest} words, known and unknown, in batches of 1 to {largest} sentences, the logits
of `model.onnx` differ from those of the model that it was made of by {difference:.1e} at most.
"""

_WITH_CHARACTERS = """`input_ids`,
  `attention_mask` and `char_index` (sentences, tokens) and of `form_states` (forms, width), one row per distinct word,
  which `characters.onnx` makes of `char_ids` (forms, characters)."""
_WITHOUT_CHARACTERS = """`input_ids` and
  `attention_mask` (sentences, tokens)."""

_INT8 = """
## In whole numbers of eight bits

`model_int8.onnx` is the same with weights, and what they are multiplied with, in whole numbers of eight bits: smaller,
and quicker on processors that have instructions for them. Its scores depend, a little, on what a sentence is batched
with. `OnnxTagger(".", graph="model_int8.onnx")` runs it. On the split `{split}` of the corpus that it was tried on:

{table}"""


def read_me(exported: ExportedTagger, scores: GraphScores | None = None) -> str:
    """The text of ``README.md``.

    Args:
        exported: what is there.
        scores: of both graphs, where there are two.
    """
    text = _TEXT.format(
        tasks=", ".join(f"`{name}`" for name in exported.tasks),
        inputs=_WITH_CHARACTERS if exported.reads_characters else _WITHOUT_CHARACTERS,
        sentences=exported.comparison.sentences,
        longest=exported.comparison.longest,
        largest=exported.comparison.largest_batch,
        difference=exported.comparison.largest_difference,
    )
    return text if scores is None else text + _INT8.format(split=SPLIT, table=scores.table(domains=False).markdown())
