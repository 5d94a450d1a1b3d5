"""Exported taggers at work on a stream of sentences, without torch."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from hf_sluice.errors import ModelFolderError
from hf_sluice.onnx_library import need_onnx
from hf_sluice.prediction.onnx_tagger import OnnxTagger
from hf_sluice.prediction.onnx_tagger.description import DESCRIPTION
from hf_sluice.prediction.onnx_tagger.graph_session import GRAPH
from hf_sluice.prediction.sentences import TaggedSentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hf_sluice.prediction.sentences import UntaggedSentence


def is_exported(name: str) -> bool:
    """Whether a model is one that was exported: its folder, or one of the graphs in it."""
    return (Path(name) / DESCRIPTION).is_file() or Path(name).suffix == ".onnx"


def load_exported(name: str) -> OnnxTagger:
    """Loads an exported tagger.

    Args:
        name: its folder, or a graph in it, ``exported/model_int8.onnx``.

    Raises:
        UserError: the package that runs it is not there, or a file is missing or damaged.
    """
    need_onnx("onnxruntime")
    path = Path(name)
    folder, graph = (path.parent, path.name) if path.suffix == ".onnx" else (path, GRAPH)
    try:
        return OnnxTagger(folder, graph)
    except ValueError as error:
        raise ModelFolderError(str(error)) from None


def tag_with_exported(
    tagger: OnnxTagger, sentences: Iterable[UntaggedSentence], tasks: Sequence[str]
) -> Iterator[TaggedSentence]:
    """Tags sentences, in their order.

    Args:
        tagger: the tagger.
        sentences: any number; about a thousand are held at a time.
        tasks: names, in the order of the answer.
    """
    waiting: deque[UntaggedSentence] = deque()

    def words() -> Iterator[Sequence[str]]:
        for sentence in sentences:
            waiting.append(sentence)
            yield sentence.words

    for predictions in tagger.tag(words(), tasks):
        yield TaggedSentence(waiting.popleft(), predictions)
