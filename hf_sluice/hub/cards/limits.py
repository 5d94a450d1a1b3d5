"""What a model cannot do and what its scores do not say, as far as its record tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.hub.cards.markdown import Markdown, listed, written
from hf_sluice.tasks import TaggingScheme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.scores import CardScores
    from hf_sluice.hub.cards.sources import Sources
    from hf_sluice.models.configuration_tagger import TaggerConfig
    from hf_sluice.tasks import Task

_RARE = 10
_BETWEEN = " · "  # a comma may be a label
_SHOWN = 12
_FEW = 100
_LANGUAGES = {"en": "English"}


def limits(record: CardRecord, sources: Sources, scores: CardScores | None) -> list[Markdown]:
    """One limit each."""
    return [
        *_vocabulary(record),
        *_texts(record, sources),
        *_labels(record),
        *_sequences(record),
        *_sample(record),
        *_of_scores(record, scores),
    ]


def _vocabulary(record: CardRecord) -> Iterator[Markdown]:
    tagger = record.tagger
    config = tagger.model.config
    yield written(
        "It has a vocabulary of {words} words and no pretrained language model behind it; of other words it sees "
        "{others}, and characters beyond the {characters} that it knows are all the same to it.",
        words=f"{config.vocab_size:,}", characters=f"{config.char_vocab_size:,}", others=_seen_of_unknown_words(config),
    )  # fmt: skip
    rates = _unknown_rates(record)
    if rates:
        yield written("Of the words in test {rates} do not occur in training.", rates=listed(rates))


def _seen_of_unknown_words(config: TaggerConfig) -> Markdown:
    seen = [] if config.char_encoder == "none" else [Markdown("their characters")]
    if config.word_features:
        seen.append(written("features of their spelling ({names})", names=", ".join(config.word_features)))
    return written("{seen} alone", seen=listed(seen)) if seen else Markdown("nothing at all")


def _unknown_rates(record: CardRecord) -> list[Markdown]:
    """Shares of unknown words, in the domains trained on and in those held out, or in all of the test sentences."""
    tested = [group for group in record.groups if group["split"] == "test"]
    of_domains = [group for group in tested if group["domain"] is not None]
    trained = record.trained_domains or frozenset()
    kinds = [
        ("{rate} in domains trained on", [group for group in of_domains if group["domain"] in trained]),
        ("{rate} in domains held out", [group for group in of_domains if group["domain"] not in trained]),
    ]
    if not of_domains:
        kinds = [("{rate}", tested)]
    found = []
    for pattern, groups in kinds:
        words, unknown = (sum(group[of] or 0 for group in groups) for of in ("words", "unknown_words"))
        if words and all(group["unknown_words"] is not None for group in groups):
            found.append(written(pattern, rate=Markdown(f"{100 * unknown / words:.1f} %")))
    return found


def _texts(record: CardRecord, sources: Sources) -> Iterator[Markdown]:
    trained = record.trained_domains
    kinds = written(" ({names})", names=listed(sorted(trained))) if trained else ""
    languages = sources.languages
    named = [_LANGUAGES.get(code, code) for code in languages]
    language = written(" in other languages than {names},", names=listed(named, "or")) if named else ""
    yield written(
        "Texts unlike those of its training data{kinds},{language} of other subjects, places or times, may be labelled "
        "much worse than the scores say.",
        kinds=Markdown(kinds), language=Markdown(language),
    )  # fmt: skip


def _labels(record: CardRecord) -> Iterator[Markdown]:
    """Labels that training could not teach, or hardly."""
    for task in record.tasks:
        counts = record.training_labels.get(task.name, {})
        never = [label for label in task.labels if counts.get(label) == 0]
        rare = [label for label in task.labels if 0 < counts.get(label, _RARE) < _RARE]
        clauses = [
            written("not once {some}", some=_some(never, len(task.labels))) if never else None,
            written("less than {n} times {some}", some=_some(rare, len(task.labels)), n=_RARE) if rare else None,
        ]
        if any(clauses):
            yield written(
                "Of the labels of {task} there are in training {clauses}.",
                task=task.name, clauses=listed(filter(None, clauses)),
            )  # fmt: skip


def _some(labels: Sequence[str], number: int) -> Markdown:
    """How many of how many, and which."""
    shown = _BETWEEN.join(written("{label}", label=label) for label in labels[:_SHOWN])
    return Markdown(f"{len(labels)} of {number} ({shown}{_BETWEEN + '…' if len(labels) > _SHOWN else ''})")


def _sequences(record: CardRecord) -> Iterator[Markdown]:
    config = record.tagger.model.config
    with_scheme = [task.name for task in record.tasks if task.scheme is not TaggingScheme.NONE]
    if with_scheme and not config.constrained_decoding:
        yield written(
            "Its labels of {tasks} may follow each other in ways that the tagging scheme does not allow (an I- without "
            "a beginning).",
            tasks=listed(with_scheme),
        )  # fmt: skip


def _sample(record: CardRecord) -> Iterator[Markdown]:
    if record.recipe is not None and "train" in record.recipe.data.max_sentences:
        number = record.recipe.data.max_sentences["train"]
        yield written(
            "It was trained on no more than {number} sentences, drawn at random from all that there are.",
            number=f"{number:,}",
        )  # fmt: skip


def _of_scores(record: CardRecord, scores: CardScores | None) -> Iterator[Markdown]:
    if scores is None or record.results is None:
        yield Markdown("No scores of it are on record.")
        return
    yield written(
        "The scores are those of one run with one seed ({seed}): how far another run would differ was not measured, "
        "and small differences, also between tasks, domains and what was learned to share, may be chance.",
        seed=record.results["seed"],
    )  # fmt: skip
    yield Markdown(
        "They are scores on words as the corpus divides them. Raw text is divided by rules, and where these divide it "
        "otherwise, labels suffer."
    )
    small = [task.name for task in record.tasks if _support(scores, task) < _FEW]
    if small:
        yield written(
            "Fewer than {n} words or spans of {tasks} were scored, so these scores are rough.",
            n=_FEW, tasks=listed(small),
        )  # fmt: skip


def _support(scores: CardScores, task: Task) -> int:
    row = scores.row(scores.system, task)
    return 0 if row is None else row.support
