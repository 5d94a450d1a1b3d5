"""Taggers of the papers' sizes that predict parts of speech, chunks and entities; untrained, which costs the same."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from hf_sluice.data.load import load_corpus
from hf_sluice.data.sentence import Place
from hf_sluice.errors import UserError
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.prediction.model_folder import SavedTagger
from hf_sluice.prediction.number_type import NumberType, compute_in
from hf_sluice.prediction.sentences import UntaggedSentence
from hf_sluice.prediction.tagging import tag_sentences
from hf_sluice.recipe import DataRecipe, load_recipe
from hf_sluice.training.building import build_model, build_tokenizer
from hf_sluice.training.recipe_corpus import choose_from_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.recipe import Recipe
    from hf_sluice.tasks import Task

TASKS = ("pos", "chunk", "ner")
_SHARE_KEPT = 0.5


def load_sentences(corpus_name: str, number: int) -> tuple[TaggingCorpus, list[Task], list[list[str]]]:
    """A corpus, its tasks that are predicted, and test sentences, from the first on, as many as asked for."""
    corpus = load_corpus(corpus_name)
    tasks = [task for task in corpus.tasks if task.name in TASKS]
    sentences = [words for split in ("test", "validation", "train") for words in corpus[split]["tokens"][:]]
    return corpus, tasks, sentences[:number]


def make_taggers(corpus: TaggingCorpus, tasks: Sequence[Task]) -> dict[str, SavedTagger]:
    """Hard sharing and sluice of Ruder et al.'s sizes, and sparse sharing of Sun et al.'s, half of its weights kept."""
    tokenizer = TaggerTokenizer.train_from_words(corpus["train"]["tokens"][:], min_count=2)
    described = [task.to_dict() for task in tasks]
    torch.manual_seed(0)
    models: dict[str, TaggerForTokenClassification] = {
        "hard sharing, K = 3": SluiceForTokenClassification(_sluice(described, tokenizer, "hard_sharing")),
        "sluice, M = 3, K = 3": SluiceForTokenClassification(_sluice(described, tokenizer, "sluice")),
    }
    config = SparseSharingConfig(
        tasks=described,
        vocab_size=tokenizer.vocab_size,
        char_vocab_size=tokenizer.char_vocab_size,
        constrained_decoding=True,
    )
    sparse = SparseSharingForTokenClassification(config)
    shapes = config.masked_shapes().items()
    sparse.set_masks({task.name: {name: torch.rand(shape) < _SHARE_KEPT for name, shape in shapes} for task in tasks})
    models["sparse sharing, T = 3, K = 1"] = sparse
    return {name: SavedTagger(model.eval(), tokenizer, Path(name)) for name, model in models.items()}


def in_bfloat16(taggers: Mapping[str, SavedTagger]) -> dict[str, SavedTagger]:
    """The same taggers as ``hf-sluice predict --dtype bfloat16`` has them; none where the processor has no bfloat16."""
    copies = {f"{name}, bfloat16": replace(tagger, model=deepcopy(tagger.model)) for name, tagger in taggers.items()}
    try:
        for copy in copies.values():
            compute_in(copy.model, NumberType.BFLOAT16)
    except UserError as error:
        print(error)
        return {}
    return copies


def recipe_tagger(path: Path, corpus: TaggingCorpus) -> SavedTagger:
    """The tagger that a recipe describes, for a corpus, untrained."""
    recipe = three_tasks(load_recipe(path))
    chosen = choose_from_corpus(corpus, DataRecipe(), recipe.tasks)
    tokenizer = build_tokenizer(recipe.tokenizer, chosen, recipe.model.get("word_features", ()))
    return SavedTagger(build_model(recipe, chosen.tasks, tokenizer, seed=0).eval(), tokenizer, path)


def three_tasks(recipe: Recipe) -> Recipe:
    """A recipe without the tasks that are not compared."""
    kept = [task for task, name in zip(recipe.tasks, recipe.task_names, strict=True) if name in TASKS]
    return recipe.model_copy(update={"tasks": kept})


def tagging(
    tagger: SavedTagger,
    sentences: Sequence[Sequence[str]],
    tasks: Sequence[str] | None = None,
    batch_size: int | None = None,
) -> Callable[[], object]:
    """What a round of predicting does: from words to labels."""
    untagged = [UntaggedSentence(words, Place("", None)) for words in sentences]
    return lambda: list(tag_sentences(tagger.model, tagger.tokenizer, untagged, tasks, batch_size))


def _sluice(tasks: list[dict[str, Any]], tokenizer: TaggerTokenizer, sharing: str) -> SluiceConfig:
    return SluiceConfig(
        tasks=tasks,
        vocab_size=tokenizer.vocab_size,
        char_vocab_size=tokenizer.char_vocab_size,
        sharing=sharing,
        constrained_decoding=True,
    )
