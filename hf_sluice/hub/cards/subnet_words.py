"""What the masks of a sparse-sharing model came to, in sentences that the numbers bear out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from hf_sluice.hub.cards.markdown import Markdown, listed, written
from hf_sluice.models.mask_measures import num_kept
from hf_sluice.training.learned_sharing import mask_values
from hf_sluice.training.pruning.search_recipe import mask_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hf_sluice.analysis.recorded_search import RecordedSearch
    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

_ALIKE = 0.02
"""Ratios that differ by less than two hundredths are called alike."""


def subnet_words(record: CardRecord) -> list[Markdown]:
    """Sentences about the masks of a record's model."""
    model: Any = record.tagger.model
    measures = mask_values(model.masks)
    return [*_kept(model, measures), *_overlap(measures), *_origin(record)]


def _kept(model: SparseSharingForTokenClassification, measures: Mapping[str, Any]) -> Iterator[Markdown]:
    sparsity, total = measures["sparsity"], f"{measures['masked_weights']:,}"
    if all(share == 1 for share in sparsity.values()):
        yield written("The masks keep all {total} weights for every task: it is hard sharing.", total=total)
        return
    of_tasks = listed(written("{task} {share}", task=task, share=_percent(share)) for task, share in sparsity.items())
    yield written("Of the {total} weights that are masked, these shares remain: {of}.", total=total, of=of_tasks)
    if len(sparsity) > 1:
        masks = model.masks.values()
        names = next(iter(masks))
        union = num_kept({name: torch.stack([mask[name] for mask in masks]).any(0) for name in names})
        used = _percent(union / measures["masked_weights"])
        yield written("Together the tasks use {used} of them.", used=used)


def _overlap(measures: Mapping[str, Any]) -> Iterator[Markdown]:
    pairs = sorted(measures["pairs"], key=lambda pair: pair[2])
    if not pairs or all(share == 1 for share in measures["sparsity"].values()):
        return
    meaning = Markdown("of the weights that either of them uses, so many are used by both")
    (low_first, low_second, low), (first, second, high) = pairs[0], pairs[-1]
    if len(pairs) == 1:
        yield written("The masks of {a} and {b} overlap by {high}{possible} ({meaning}).", a=first, b=second,
                      high=_percent(high), meaning=meaning, possible=_possible(measures, first, second))  # fmt: skip
        yield _by_chance(measures, first, second)
        return
    if high - low < _ALIKE:
        yield written("The masks of every two tasks overlap by about {high} ({meaning}).", high=_percent(high),
                      meaning=meaning)  # fmt: skip
    else:
        yield written(
            "The masks of {a} and {b} overlap most, by {high} ({meaning}), those of {c} and {d} least, by "
            "{low}{possible}.",
            a=first, b=second, high=_percent(high), meaning=meaning, c=low_first, d=low_second, low=_percent(low),
            possible=_possible(measures, low_first, low_second),
        )  # fmt: skip
    yield _by_chance(measures, first, second)
    number = len(measures["sparsity"])
    yield written("All {number} overlap by {of_all}.", number=number, of_all=_percent(measures["overlap"]))


def _by_chance(measures: Mapping[str, Any], *tasks: str) -> Markdown:
    """How far the masks of two tasks would overlap, were each drawn at random."""
    one, other = (measures["sparsity"][task] for task in tasks)
    both = one * other
    return written("Drawn at random, masks of the sizes of {pair} would overlap by about {ratio}.",
                   pair=listed(tasks), ratio=_percent(both / (one + other - both)))  # fmt: skip


def _possible(measures: Mapping[str, Any], *tasks: str) -> Markdown:
    """The most by which two tasks could overlap, where they keep unequal numbers of weights."""
    few, many = sorted(measures["weights"][task] for task in tasks)
    if 1 - few / many < _ALIKE:
        return Markdown("")
    return written(" (of {possible} that are possible, one keeping fewer)", possible=_percent(few / many))


def _origin(record: CardRecord) -> Iterator[Markdown]:
    """How the masks were come by, where that is known."""
    if record.recipe is None:
        return
    settings = mask_settings(record.recipe)
    if settings.method == "random":
        yield Markdown("The masks were drawn at random, as many weights of each parameter as a search had kept.")
    if record.search is None or settings.method == "random":
        return
    rounds = [written("{task} after {n}", task=task, n=one.round) for task, one in record.search.chosen.items()]
    number = max(len(of_task) for of_task in record.search.candidates.values()) - 1
    yield written(
        "A search pruned {rate} of the remaining weights a round, up to {number} times, and the candidate {rule} was "
        "taken: {rounds}.",
        rate=_percent(settings.pruning_rate), number=number, rounds=listed(rounds),
        rule=Markdown("with the best development score" if settings.choice == "best" else "that the recipe asks for"),
    )  # fmt: skip
    spreads = list(_spreads(record.search))
    if spreads:
        yield written("The development scores of a task's candidates lie within {spreads}.", spreads=listed(spreads))


def _spreads(search: RecordedSearch) -> Iterator[Markdown]:
    """How far the candidates of each task are from each other."""
    for task, candidates in search.candidates.items():
        values = [one.value for one in candidates if one.value is not None]
        if values:
            yield written("{spread} ({task})", spread=Markdown(f"{max(values) - min(values):.3f}"), task=task)


def _percent(share: float) -> Markdown:
    return Markdown(f"{100 * share:.0f} %")
