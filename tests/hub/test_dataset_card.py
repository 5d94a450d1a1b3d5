from __future__ import annotations

import re
from pathlib import Path

import pytest
from datasets import load_dataset
from huggingface_hub import DatasetCard
from markdown_it import MarkdownIt

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpus_sources import source_of
from hf_sluice.data.load import load_corpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.corpus_folder import fill_folder, save_corpus
from hf_sluice.hub.corpus_origin import CorpusOrigin
from hf_sluice.models.generated_card import is_untouched
from hf_sluice.tasks import Task
from hf_sluice.version import __version__
from tests.data.layered_corpus import layered_corpus

WHOLE = Path(__file__).with_name("dataset_card.md")
SIZES = re.compile(r"(num_bytes|download_size|dataset_size): \d+")
HOSTILE = (
    *("</td><script>alert(1)</script>", "a|b", "``` \n# x", "[x](https://y.example)", "---", "../../x"),
    *("\u202e", "{{ x }}"),
)
TAGS = {*("h1", "h2", "p", "ul", "li", "em", "code", "pre", "details", "summary")}
TAGS |= {*("table", "thead", "tbody", "tr", "th", "td")}


@pytest.fixture
def card(tmp_path):
    def make(corpus, origin):
        save_corpus(corpus, tmp_path / "saved", origin)
        return (tmp_path / "saved" / "README.md").read_text(encoding="utf-8")

    return make


def test_the_whole_text(tmp_path):
    settings = {"data": {"corpus": "demo"}, "tasks": ["pos", "chunk", "length"]}
    origin = CorpusOrigin(Sources((source_of("wnut17"),), ("columns",)), settings)
    fill_folder(layered_corpus(), tmp_path, origin, "user/corpus", is_published=True)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert is_untouched(text)
    shown = SIZES.sub(r"\1: 0", text[: text.index("<!-- Generated")]).replace(__version__, "VERSION")
    assert shown.rstrip() == WHOLE.read_text(encoding="utf-8").rstrip()


def test_what_is_published_nowhere_is_loaded_from_its_folder(card, tmp_path, monkeypatch, capsys):
    text = card(layered_corpus(), CorpusOrigin(Sources(), {}))
    assert "- Nothing is on record." in text
    assert "## Citation" not in text
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path / "cache"))
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for example in examples:
        exec(example, {})  # noqa: S102
    assert len(examples) == 2
    assert capsys.readouterr().out.startswith("['w00', 'w01']\n(Task(name='pos'")


def test_a_notice_that_the_licence_asks_for_stands_in_the_card(card):
    semcor = source_of("semcor")
    assert f"```text\n{semcor.notice}\n```" in card(layered_corpus(), CorpusOrigin(Sources((semcor,)), {}))


def test_names_from_elsewhere_are_harmless(card, tmp_path):
    pairs = zip(HOSTILE, reversed(HOSTILE), strict=True)
    sentences = [Sentence(["a"], {"x": [label]}, "s", domain) for label, domain in pairs]
    corpus = assemble({"train": sentences[:2], "test": sentences}, [Task("x", HOSTILE)], [*HOSTILE])
    text = card(corpus, CorpusOrigin(Sources(unknown=HOSTILE), {"data": {"domains": [*HOSTILE]}}))

    loaded = load_corpus("datasets", path=tmp_path / "saved")
    assert loaded.tasks == corpus.tasks
    assert loaded["test"][:] == corpus["test"][:]
    data = load_dataset(str(tmp_path / "saved"), cache_dir=str(tmp_path / "cache"))
    assert data["test"].features == corpus["test"].features
    parsed = DatasetCard(text)
    assert parsed.data.to_dict()["configs"][0]["data_files"][1] == {"split": "test", "path": "data/test-*"}

    rendered = MarkdownIt("commonmark").enable("table").render(parsed.text)
    tags = set(re.findall(r"<(\w+)", re.sub(r"(?s)<!--.*?-->", "", rendered)))
    assert tags == TAGS
    headings = re.findall(r"<h[12]>(.*?)</h[12]>", rendered)
    assert headings == ["A corpus for sequence tagging", "Use", "Columns", "Tasks", "Sizes", *headings[5:]]
    assert headings[5:] == ["Where the data come from", "Limits"]
    assert "\u202e" not in parsed.text
