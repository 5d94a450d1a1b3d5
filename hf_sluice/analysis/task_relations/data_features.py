"""The seven features of a task that its sentences alone tell (Bingel & Søgaard 2017, Tables 1 and 2).

The definitions are those that the authors' notebook computes, where it can be told apart from the paper's text, so that
values can be held against the ones that the published predictor was fitted on. Words are lower-cased.

Shape letters: B sentences, N words, F different words, T terms.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.data.chosen_tasks import keep_tasks
from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.statistics import describe
from hf_sluice.data.word_arrays import layer_arrays, word_arrays
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Collection

    from datasets import Dataset
    from numpy.typing import NDArray

    from hf_sluice.data.statistics import GroupStatistics
    from hf_sluice.data.word_arrays import WordArrays
    from hf_sluice.tasks import Task

_TERM = re.compile(r"\b\w\w+\b")  # as the notebook counts them: scikit-learn's CountVectorizer with its defaults


@dataclass(frozen=True, slots=True)
class _Bag:
    """How often each of some words occurs, in the order of the words."""

    forms: tuple[str, ...]
    counts: NDArray[np.int64]


def data_features(
    corpus: TaggingCorpus, task: str, known_words: Collection[str] | None = None
) -> dict[str, float | None]:
    """The data features of a task, of the training sentences that carry it.

    - ``sentences``: how many there are.
    - ``labels``: how many different labels occur; None for regression.
    - ``tokens_per_type``: words per different word.
    - ``oov_rate``: words that are none of ``known_words``, in per cent of all words, repetitions included.
    - ``label_entropy``: of the labels of words, in nats. (The paper does not name the unit; the 22 labels of CoNLL-2000
      have 1.84 nats, as in its Table 1.)
    - ``frobenius_norm``: of the matrix (B, T) of how often term T occurs in sentence B. A term is a run of at least two
      letters, digits or underscores within a word, which leaves out punctuation and words of one letter: the notebook's
      terms. (Of 3,312 review sentences of the English Web Treebank, which the paper's MWE data are, the norm is 219
      with these terms and 244 with all words; Table 1 says 217.)
    - ``jsd``: Jensen–Shannon divergence between the bags of words of ``train`` and ``validation``, in nats, 0 to ln 2.
      The paper's text says test data; its notebook reads development data, as is right where the test split is to be
      read once. The notebook then overwrites their words by label ids, so that the values of Table 1 compare words
      with labels: they are no measure for what is computed here.

    Args:
        corpus: has a split ``train``; its other tasks are left out of account.
        task: one of its tasks.
        known_words: those that have a pretrained vector, in whichever case; None where there are no vectors.

    Returns:
        By name, in the paper's order; None for what is not known or not defined: without known words ``oov_rate``,
        without sentences in ``validation`` that carry the task ``jsd``.

    Raises:
        UserError: the corpus lacks the task or the split, or no training sentence carries it.
    """
    found = _find_task(corpus, task)
    train = _carrying(corpus, "train", task)
    if train is None:
        raise UserError(f"task {task!r}: no training sentence carries it; its data have no features")
    group = describe(keep_tasks(TaggingCorpus({"train": train}, corpus.tasks), [found])).groups[0]
    words = word_arrays(train)
    validation = _carrying(corpus, "validation", task)
    return {
        "sentences": float(group.sentences),
        "labels": _num_labels(group),
        "tokens_per_type": group.words / group.types if group.types else None,
        "oov_rate": None if known_words is None else _oov_rate(words, known_words),
        "label_entropy": _entropy_in_nats(group),
        "frobenius_norm": _frobenius_norm(words),
        "jsd": None if validation is None else _divergence(_bag(words), _bag(word_arrays(validation))),
    }


def _find_task(corpus: TaggingCorpus, name: str) -> Task:
    for task in corpus.tasks:
        if task.name == name:
            return task
    raise UserError(f"there is no task {name!r} in the data; there is {', '.join(task.name for task in corpus.tasks)}")


def _carrying(corpus: TaggingCorpus, split: str, task: str) -> Dataset | None:
    """The sentences of a split that have a layer; None where there are none."""
    if split not in corpus:
        return None
    rows = np.flatnonzero(~layer_arrays(corpus[split], task).is_missing)
    return corpus[split].select(rows) if len(rows) else None


def _num_labels(group: GroupStatistics) -> float | None:
    (layer,) = group.layers
    return float(sum(count > 0 for count in layer.labels.values())) if layer.labels else None


def _entropy_in_nats(group: GroupStatistics) -> float | None:
    (layer,) = group.layers
    return None if layer.entropy is None else layer.entropy * math.log(2)


def _oov_rate(words: WordArrays, known_words: Collection[str]) -> float | None:
    known = {word.lower() for word in known_words}
    unknown_F = np.array([form not in known for form in words.forms], dtype=bool)
    return 100 * float(unknown_F[words.form_ids].mean()) if len(words.form_ids) else None


def _frobenius_norm(words: WordArrays) -> float:
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import norm

    terms: dict[str, int] = {}
    terms_of_forms = [(f, term) for f, form in enumerate(words.forms) for term in _TERM.findall(form)]
    columns = [terms.setdefault(term, len(terms)) for _, term in terms_of_forms]
    if not columns:
        return 0.0
    shape_BF = (words.sentences[-1] + 1, len(words.forms))
    forms_BF = csr_array((np.ones(len(words.form_ids)), (words.sentences, words.form_ids)), shape_BF)
    rows = [f for f, _ in terms_of_forms]
    terms_FT = csr_array((np.ones(len(columns)), (rows, columns)), (len(words.forms), len(terms)))
    return float(norm(forms_BF @ terms_FT))


def _bag(words: WordArrays) -> _Bag:
    return _Bag(words.forms, np.bincount(words.form_ids, minlength=len(words.forms)))


def _divergence(first: _Bag, second: _Bag) -> float | None:
    """Jensen and Shannon's, in nats; None for a bag without words."""
    from scipy.special import rel_entr

    if not first.counts.sum() or not second.counts.sum():
        return None
    places = {form: place for place, form in enumerate(dict.fromkeys((*first.forms, *second.forms)))}
    shares = np.zeros((2, len(places)))
    for row, bag in zip(shares, (first, second), strict=True):
        row[[places[form] for form in bag.forms]] = bag.counts / bag.counts.sum()
    return float(max(0.0, rel_entr(shares, shares.mean(axis=0)).sum() / 2))
