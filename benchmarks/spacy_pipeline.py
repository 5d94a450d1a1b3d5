"""A spaCy pipeline for parts of speech, chunks and entities: one shared tok2vec, a tagger, a second tagger, NER.

Everything is as ``spacy init config --lang en --pipeline tagger,ner`` says, but that parameters are averaged: spaCy
offers it, and is better for it here. A ``Doc`` has one layer of tags; so the second tagger learns from tags of a
document of its own, and writes what it finds beside the document. All three learn in the same passes through the
tok2vec, which is how spaCy trains quickest.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from spacy_labels import CHUNK, NER, POS, entities_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.tasks import Task

_FACTORY = "tagger_of_chunks"
_CHUNKS = "chunks"  # of a document's user data: what the second tagger learns from, and what it finds
_SENTENCES, _PASSES = 300, 2  # that a pipeline learns from before its speed is measured
_BATCH_SIZE = 32


def spacy_version() -> str | None:
    """The version that is there, if any."""
    try:
        import spacy
    except ImportError:
        return None
    return spacy.__version__


def make_pipeline(seed: int = 0) -> Any:
    """A blank pipeline with the sizes and the settings of training that spaCy recommends for a CPU."""
    from spacy.cli.init_config import init_config
    from spacy.util import fix_random_seed, load_model_from_config

    _register_second_tagger()
    fix_random_seed(seed)
    config = init_config(lang="en", pipeline=["tagger", "ner"], optimize="efficiency", gpu=False)
    config["components"]["chunker"] = {**config["components"]["tagger"], "factory": _FACTORY}
    config["nlp"]["pipeline"] = ["tok2vec", "tagger", "chunker", "ner"]
    config["training"]["optimizer"]["use_averages"] = True
    return load_model_from_config(config, auto_fill=True)


def initialize(pipeline: Any, examples: Sequence[Any], tasks: Sequence[Task]) -> Any:
    """Prepares a pipeline to learn from examples; returns the optimiser that its settings ask for."""
    chunk = next(task for task in tasks if task.name == CHUNK)
    pipeline.config["initialize"]["components"]["chunker"] = {"labels": list(chunk.labels)}
    return pipeline.initialize(lambda: examples)


def make_examples(
    pipeline: Any, tasks: Sequence[Task], sentences: Sequence[Sequence[str]], labels: dict[str, Sequence[Any]]
) -> list[Any]:
    """What a pipeline learns from; words, and layers of a sentence, without a label are missing to it.

    Args:
        pipeline: that learns.
        tasks: parts of speech, chunks and entities.
        sentences: words.
        labels: per task, per sentence, label ids or None.
    """
    from spacy.tokens import Doc
    from spacy.training import Example

    by_name = {task.name: task for task in tasks}
    examples = []
    for words, *ids in zip(sentences, *(labels[name] for name in (POS, CHUNK, NER)), strict=True):
        pos, chunks, ner = (
            texts_of(by_name[name], given, len(words)) for name, given in zip((POS, CHUNK, NER), ids, strict=True)
        )
        entities: Any = entities_of(by_name[NER], ner)  # spaCy's own annotation leaves out that one may be missing
        reference = Doc(pipeline.vocab, words=words, tags=pos, ents=entities)
        of_chunks = Example(Doc(pipeline.vocab, words=words), Doc(pipeline.vocab, words=words, tags=chunks))
        reference.user_data[_CHUNKS] = of_chunks
        examples.append(Example(Doc(pipeline.vocab, words=words), reference))
    return examples


def tag(pipeline: Any, sentences: Sequence[Sequence[str]]) -> list[dict[str, list[str]]]:
    """Labels of all words of all sentences, per task; entities in IOB2."""
    from spacy.tokens import Doc

    docs = (Doc(pipeline.vocab, words=list(words)) for words in sentences)
    return [
        {
            POS: [token.tag_ for token in doc],
            CHUNK: doc.user_data[_CHUNKS],
            NER: [f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O" for token in doc],
        }
        for doc in pipeline.pipe(docs)
    ]


def spacy_prediction(
    corpus: TaggingCorpus, tasks: Sequence[Task], sentences: Sequence[Sequence[str]]
) -> Callable[[], object]:
    """What a round of predicting with spaCy does: from words to labels.

    The pipeline has learned a little, so that its entity recogniser does about what one that is trained does.
    """
    rows = corpus["train"][:_SENTENCES]
    pipeline = make_pipeline()
    examples = make_examples(pipeline, tasks, rows["tokens"], {task.name: rows[task.name] for task in tasks})
    optimizer = initialize(pipeline, examples, tasks)
    for _ in range(_PASSES):
        for start in range(0, len(examples), _BATCH_SIZE):
            pipeline.update(examples[start : start + _BATCH_SIZE], sgd=optimizer)
    return lambda: tag(pipeline, sentences)


@cache
def _register_second_tagger() -> None:
    from spacy.language import Language
    from spacy.pipeline.tagger import DEFAULT_TAGGER_MODEL, Tagger

    class SecondTagger(Tagger):
        """Learns, and writes, a layer of tags of its own."""

        def get_loss(self, examples: Sequence[Any], scores: Any) -> Any:
            return super().get_loss([example.reference.user_data[_CHUNKS] for example in examples], scores)

        def set_annotations(self, docs: Sequence[Any], batch_tag_ids: Sequence[Any]) -> None:
            labels = self.labels  # made anew each time it is asked for
            for doc, ids in zip(docs, batch_tag_ids, strict=True):
                doc.user_data[_CHUNKS] = [labels[number] for number in ids.tolist()]

    @Language.factory(_FACTORY, default_config={"model": DEFAULT_TAGGER_MODEL})
    def make(
        nlp: Any,
        name: str,
        model: Any,
        overwrite: bool,
        scorer: Any,
        neg_prefix: str,
        label_smoothing: float,
    ) -> Any:
        return SecondTagger(
            nlp.vocab,
            model,
            name,
            overwrite=overwrite,
            scorer=scorer,
            neg_prefix=neg_prefix,
            label_smoothing=label_smoothing,
        )
