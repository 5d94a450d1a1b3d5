"""The card of a model of which nothing is known but itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huggingface_hub import ModelCardData

from .generated_card import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .configuration_tagger import TaggerConfig

_TAGS = ("hf_sluice", "multi-task-learning")
_TEXT = """---
{metadata}
---

# {name}

A multi-task tagger of the type `{kind}`. One pass over a sentence labels each word for {tasks}.

```python
from transformers import AutoModelForTokenClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("{repo_id}", trust_remote_code=True)
model = AutoModelForTokenClassification.from_pretrained("{repo_id}", trust_remote_code=True)
inputs = tokenizer("The old bank raised the price .", return_tensors="pt")
predicted = model.decode(model(**inputs).logits)  # per task the ids of the words' labels
```

With the package `hf_sluice` installed and imported, `trust_remote_code` is not needed.
"""


def short_card(config: TaggerConfig, repo_id: str, tags: Sequence[str] = ()) -> str:
    """A card that says what a tagger labels and how it is loaded.

    Args:
        config: the tagger's configuration.
        repo_id: where it is published.
        tags: for the Hub's search, besides those that every tagger has.
    """
    data = ModelCardData(
        library_name="transformers",
        pipeline_tag="token-classification",
        tags=list(dict.fromkeys([*_TAGS, config.model_type.replace("_", "-"), *tags])),
    )
    tasks = ", ".join(f"`{name}`" for name in config.task_names)
    name = repo_id.rpartition("/")[2]
    return signed(
        _TEXT.format(metadata=data.to_yaml().strip(), name=name, kind=config.model_type, tasks=tasks, repo_id=repo_id)
    )
