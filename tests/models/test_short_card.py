import ast
import re

from huggingface_hub import ModelCard

from hf_sluice.models.generated_card import is_untouched
from hf_sluice.models.short_card import short_card
from tests.models.tiny_sluice import tiny_config
from tests.models.tiny_sparse_sharing import tiny_sparse_config


def test_the_metadata_is_what_the_hub_shows():
    card = ModelCard(short_card(tiny_sparse_config(), "user/repo", ["demo", "hf_sluice"]))
    assert card.data.library_name == "transformers"
    assert card.data.pipeline_tag == "token-classification"
    assert card.data.tags == ["hf_sluice", "multi-task-learning", "sparse-sharing", "demo"]


def test_the_text():
    text = short_card(tiny_config(2), "user/repo")
    assert is_untouched(text)
    assert "# repo\n" in text
    assert "labels each word for `task0`, `task1`." in text
    (snippet,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    ast.parse(snippet)
    assert snippet.count('from_pretrained("user/repo", trust_remote_code=True)') == 2
