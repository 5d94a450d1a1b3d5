"""From a recipe to corpus, tokenizer and model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from hf_sluice.errors import RecipeError
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.model_types import MODEL_TYPES
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.models.word_vectors import load_word_vectors
from hf_sluice.tasks import Task
from hf_sluice.training.given_architecture import given_architecture
from hf_sluice.training.recipe_corpus import choose_from_corpus, load_source_corpus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.models.configuration_tagger import TaggerConfig
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.recipe import DataRecipe, Recipe, TokenizerRecipe
    from hf_sluice.training.given_architecture import GivenArchitecture


def build_corpus(recipe: Recipe) -> TaggingCorpus:
    """Loads the recipe's sentences, domains and tasks, the tasks in the recipe's order.

    Where masks are searched for more tasks than are trained, these are there, too.

    Raises:
        UserError: a wrong name, option, domain or task; or a DataError.
    """
    tasks = recipe.data_tasks
    return choose_from_corpus(load_source_corpus(recipe.data, tasks), recipe.data, tasks)


def build_tokenizer(
    recipe: TokenizerRecipe, corpus: TaggingCorpus, word_features: Sequence[str] = ()
) -> TaggerTokenizer:
    """A tokenizer that knows the words of the training split, and tells a model's features."""
    return TaggerTokenizer.train_from_words(
        corpus["train"]["tokens"][:],
        min_count=recipe.min_count,
        max_words=recipe.max_words,
        lowercase=recipe.lowercase,
        number_symbol=recipe.number_symbol,
        word_features=word_features,
    )


def build_model(
    recipe: Recipe,
    tasks: Iterable[Task],
    tokenizer: TaggerTokenizer,
    seed: int,
    given: GivenArchitecture | None = None,
) -> TaggerForTokenClassification:
    """A fresh model, its initial values drawn from the seed; masks are still to be given to it.

    Args:
        recipe: what it is made of.
        tasks: that it is for.
        tokenizer: its vocabulary.
        seed: of the initial values.
        given: the architecture that the recipe asks for.

    Raises:
        RecipeError: the ``model`` section has an unknown field or a value out of range or one that the architecture
            does not go with, or the file of word vectors is not one.
    """
    config = _configuration(recipe, tasks, tokenizer.vocab_size, tokenizer.char_vocab_size, given)
    torch.manual_seed(seed)
    model = MODEL_TYPES[config.model_type].tagger(config)
    if recipe.tokenizer.word_vectors is not None:
        try:
            found = load_word_vectors(recipe.tokenizer.word_vectors, tokenizer.get_vocab(), config.word_embedding_size)
        except ValueError as error:
            raise RecipeError(f"tokenizer.word_vectors: {error}") from None
        model.base.set_word_vectors(*found)
    return model


def check_model_section(recipe: Recipe, given: GivenArchitecture | None = None) -> None:
    """Checks a recipe's ``model`` section without its data, so far as it can be: labels are not known yet.

    Args:
        recipe: the recipe.
        given: the architecture that it asks for; read, where there is to be one and it is not given.

    Raises:
        RecipeError: an unknown field, a value out of range, a sharing that the recipe's tasks make no sense with, or an
            architecture that cannot be read or that they do not go with.
    """
    given = given or given_architecture(recipe)
    tasks = [
        Task(name, labels=(_label_set(recipe.data, name),), decoder=_own_decoder(described))
        for name, described in zip(recipe.task_names, recipe.tasks, strict=True)
    ]
    _configuration(recipe, tasks, vocab_size=3, char_vocab_size=2, given=given)


def _own_decoder(described: str | dict[str, Any]) -> Any:
    return None if isinstance(described, str) else described.get("decoder")


def _label_set(data: DataRecipe, task: str) -> str:
    """The task that a task has its labels from."""
    if data.domain_tasks is not None and task.startswith(f"{data.domain_tasks}_"):
        task = data.domain_tasks
    derived = data.derived_tasks.get(task)
    return task if derived is None or derived.labels == "position" else derived.source


def _configuration(
    recipe: Recipe, tasks: Iterable[Task], vocab_size: int, char_vocab_size: int, given: GivenArchitecture | None
) -> TaggerConfig:
    fields = dict(recipe.model)
    model_type = fields.pop("model_type", SluiceConfig.model_type)
    if model_type not in MODEL_TYPES:
        raise RecipeError(f"model.model_type {model_type!r} is none of {', '.join(MODEL_TYPES)}")
    config_class = MODEL_TYPES[model_type].config
    known = config_class.recipe_fields()
    for name in fields:
        if name not in known:
            raise RecipeError(f"model.{name} is no field of a recipe; known are {', '.join(['model_type', *known])}")
    fields |= {"vocab_size": vocab_size, "char_vocab_size": char_vocab_size}
    described = [task.to_dict() for task in tasks]
    try:
        return config_class(tasks=described, **fields) if given is None else given.configuration(described, fields)
    except (ValueError, TypeError) as error:
        raise RecipeError(f"{'model' if given is None else 'architecture'}: {error}") from None
