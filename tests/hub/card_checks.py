"""What every card has to be, whatever it is of; and its text without the numbers that differ from run to run."""

from __future__ import annotations

import re

import yaml
from huggingface_hub import ModelCard
from markdown_it import MarkdownIt

SECTIONS = ("Use", "Tasks", "Data", "Results", "What it shares", "Size and cost", "Limits", "Citation")
_TAG = re.compile(r"</?\w[^>]*>")
_LINK = re.compile(r"https?://(?:arxiv\.org|github\.com|huggingface\.co|catalog\.ldc\.upenn\.edu|www\.anc\.org)/")
_SCORE = re.compile(r"\d+\.\d\d(?= %)|[−+]\d+\.\d\d")
_NUMBER = re.compile(r"(?<![A-Za-z0-9/])[−+-]?\d[\d,]*(?:\.\d+)?")


def assert_well_formed(folder):
    """Checks the card in a folder and returns it."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    card = ModelCard.load(folder / "README.md")
    assert str(card) == text
    _, block, _ = text.split("---\n", 2)
    assert card.data.to_dict() == yaml.safe_load(block)
    _check_metadata(card.data.to_dict())
    _check_page(card.text, folder)
    return card


def _check_metadata(data):
    assert (data["library_name"], data["pipeline_tag"]) == ("transformers", "token-classification")
    assert {"hf_sluice", "multi-task-learning"} <= set(data["tags"])
    for index in data.get("model-index", ()):
        assert index["name"]
        for result in index["results"]:
            assert set(result) == {"task", "dataset", "metrics"}
            assert set(result["task"]) == {"type", "name"}
            assert {"name", "type", "config", "split"} <= set(result["dataset"])
            for metric in result["metrics"]:
                assert metric["type"] in {"accuracy", "f1", "precision", "recall", "mse", "spearmanr"}
                assert type(metric["value"]) is float
            types = [metric["type"] for metric in result["metrics"]]
            assert len(set(types)) == len(types)  # else results of several tasks were taken for one


def _check_page(page, folder):
    tokens = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").parse(page)
    headings = [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
    assert [heading for heading in headings if heading in SECTIONS] == list(SECTIONS)
    assert headings[0] not in SECTIONS
    tags = [tag for token in _all(tokens) if token.type.startswith("html_") for tag in _TAG.findall(token.content)]
    assert set(tags) <= {"<details>", "</details>", "<summary>", "</summary>"}
    assert tags.count("<details>") == tags.count("</details>") == tags.count("<summary>") == tags.count("</summary>")
    for token in _all(tokens):
        if token.type == "link_open":
            assert _LINK.match(token.attrs["href"])
        if token.type == "image":
            assert (folder / token.attrs["src"]).is_file()
    assert not re.search(r"\b(?:None|nan|inf)\b|\{[{%] [a-z]|Markdown\(", page)
    _check_tables(page)


def _all(tokens):
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def _check_tables(page):
    """All rows of a table have as many cells as its head."""
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1


def snippets(page):
    """The examples of a page: language and text of each."""
    tokens = MarkdownIt("commonmark").parse(page)
    return [(token.info, token.content) for token in tokens if token.type == "fence" and token.info in {"python", "sh"}]


def pattern_of(text, results, sharing):
    """The text of a card with ``#`` for numbers that come of training, and without what differs between machines.

    Args:
        text: the card.
        results: of its run.
        sharing: the sentences on what was learned to share, which depend on it.
    """
    assert " ".join(sharing) in text
    text = text.replace(" ".join(sharing), "WHAT IT SHARES")
    text = text.replace(f"| hardware | {results['machine']['processor']} |\n", "")
    text = text.replace(f"| commit of hf_sluice | {results['commit']} |\n", "")
    for name, version in results["versions"].items():
        assert f"| {name} | {version} |\n" in text
        text = text.replace(f"| {name} | {version} |\n", f"| {name} | # |\n")
    beginning, use, results_and_more = text.partition("## Use\n")
    data, heading, scores = results_and_more.partition("## Results\n")
    made, settings, rest = scores.partition("<summary>All settings</summary>\n")
    made = re.sub(r"\*\*([^*\n]+)\*\*", r"\1", made).replace("| ◀ |", "|  |")
    made = re.sub(r"\| –(?= \|)", "| #", _NUMBER.sub("#", made)).replace("threads each", "thread each")
    beginning = re.sub(r"value: \S+", "value: #", beginning)
    return "".join((_SCORE.sub("#", beginning), use, data, heading, made, settings, rest))
