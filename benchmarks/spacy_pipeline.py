"""A spaCy pipeline for the same tasks: one shared tok2vec, a tagger, a second tagger for chunks, NER."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.tagging import convert, repair
from hf_sluice.tasks import TaggingScheme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hf_sluice.data.corpus import TaggingCorpus

_SENTENCES, _PASSES = 300, 2
_WIDTH = 96


def spacy_version() -> str | None:
    """The version that is there, if any."""
    try:
        import spacy
    except ImportError:
        return None
    return spacy.__version__


def spacy_prediction(corpus: TaggingCorpus, sentences: Sequence[Sequence[str]]) -> Callable[[], object]:
    """What a round of predicting with spaCy does: from words to labels.

    The pipeline has learned a little, so that its entity recogniser does about what one that is trained does.
    """
    from spacy.tokens import Doc

    pipeline = _make(corpus)

    def predict() -> list[tuple[list[str], list[str]]]:
        docs = (Doc(pipeline.vocab, words=list(words)) for words in sentences)
        return [([token.tag_ for token in doc], [token.ent_iob_ for token in doc]) for doc in pipeline.pipe(docs)]

    return predict


def _make(corpus: TaggingCorpus) -> Any:
    """``spacy init config --pipeline tagger,ner`` has these sizes, too (``-o efficiency``)."""
    import spacy

    pipeline = spacy.blank("en")
    embedding = {
        "@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": _WIDTH, "depth": 4,
        "embed_size": 2000, "window_size": 1, "maxout_pieces": 3, "subword_features": True,
    }  # fmt: skip
    pipeline.add_pipe("tok2vec", config={"model": embedding})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": _WIDTH, "upstream": "tok2vec"}
    for name in ("tagger", "chunker"):
        pipeline.add_pipe(
            "tagger", name=name, config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}}
        )
    parser = {
        "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False,
        "hidden_width": 64, "maxout_pieces": 2, "use_upper": True, "nO": None, "tok2vec": listener,
    }  # fmt: skip
    pipeline.add_pipe("ner", config={"model": parser})
    examples = _examples(pipeline, corpus)
    chunks = next(task for task in corpus.tasks if task.name == "chunk")
    pipeline.config["initialize"]["components"]["chunker"] = {"labels": list(chunks.labels)}
    pipeline.initialize(lambda: examples)
    with pipeline.select_pipes(disable="chunker"):  # a document has tags of one kind to learn from
        for _ in range(_PASSES):
            for start in range(0, len(examples), 32):
                pipeline.update(examples[start : start + 32])
    return pipeline


def _examples(pipeline: Any, corpus: TaggingCorpus) -> list[Any]:
    from spacy.tokens import Doc
    from spacy.training import Example

    rows = corpus["train"][:_SENTENCES]
    tasks = {task.name: task for task in corpus.tasks}
    examples = []
    for words, pos, ner in zip(rows["tokens"], rows["pos"], rows["ner"], strict=True):
        tags = ["" if label is None else tasks["pos"].labels[label] for label in pos or [None] * len(words)]
        spans = ["O" if label is None else tasks["ner"].labels[label] for label in ner or [None] * len(words)]
        entities = convert(repair(spans, tasks["ner"].scheme), tasks["ner"].scheme, TaggingScheme.IOB2)
        reference = Doc(pipeline.vocab, words=words, tags=tags, ents=entities)
        examples.append(Example(Doc(pipeline.vocab, words=words), reference))
    return examples
