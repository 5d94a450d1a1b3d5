"""What an exported folder says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TEXT = """# A tagger for {tasks}, as an ONNX graph

Needs `onnxruntime` and `numpy` alone; beside this file:

```python
from onnx_tagger import OnnxTagger

for tagged in OnnxTagger(".").tag([["She", "saw", "him", "."]]):
    print(tagged)
```

- `model.onnx` makes the scores of every label, `logits_<task>` (sentences, tokens, labels), of `input_ids`,
  `attention_mask` and `char_index` (sentences, tokens) and of `form_states` (forms, width), one row per distinct word,
  which `characters.onnx` makes of `char_ids` (forms, characters). A tagger that reads no characters has neither
  `char_index` nor the second graph. All is padded with 0 on the right, all sizes are free, and padding changes nothing.
- `model_int8.onnx`, if it is there, is the same in whole numbers of eight bits: quicker, a little less exact, and its
  scores depend, a little, on what a sentence is batched with. `OnnxTagger(".", graph="model_int8.onnx")` runs it.
- `tagger.json` holds the labels and, where a task's labels are found as a sequence, the scores of transitions
  (`between[i][j]`: of label j after label i; −1e30 stands for never).
- `vocabulary.json` and `tokenizer_config.json` are the tokenizer's; `onnx_tagger.py` finds ids and labels.
"""


def read_me(tasks: Sequence[Mapping[str, Any]]) -> str:
    """The text of ``README.md``, for tasks as a configuration describes them."""
    return _TEXT.format(tasks=", ".join(f"`{task['name']}`" for task in tasks))
