"""Tags sentences with an exported model: onnxruntime, numpy and the standard library are all that it needs.

This file lies in every exported folder, too, so that a program can use it without the package it comes from.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

FORMAT, VERSION = "hf_sluice.onnx_tagger", 1
DESCRIPTION, VOCABULARY = "tagger.json", "vocabulary.json"
GRAPH, CHARACTERS = "model.onnx", "characters.onnx"
UNKNOWN, NUMBER, NUM_SYMBOLS = 1, 2, {"words": 3, "characters": 2}
_NUMBER = re.compile(r"[-+\u2212]?[.,]?\d+(?:[-.,:/\u2013]\d+)*")
_SENTENCES_AT_ONCE, _CELLS_OF_A_BATCH = 1024, 1024
_FORMS_OF_A_BATCH = 64
_MOST_FORMS, _BYTES_OF_FORMS = 2**15, 16 * 2**20  # that are remembered


class OnnxTagger:
    """An exported tagger.

    Args:
        folder: what ``hf-sluice export --onnx`` has written.
        graph: which of its graphs to run: ``model.onnx``, or ``model_int8.onnx`` where there is one.
        threads: that a sentence's arithmetic is spread over; 0 for as many as there are processors.

    Raises:
        ValueError: a file of the folder is missing or damaged; the message names it.
    """

    def __init__(self, folder: str | Path, graph: str = GRAPH, threads: int = 1) -> None:
        folder = Path(folder)
        description = _read(folder / DESCRIPTION)
        self.tasks = {task["name"]: _Task(folder / DESCRIPTION, task) for task in description["tasks"]}
        self._words = _Words(folder / VOCABULARY, description["max_word_length"])
        self._session = _open(folder / graph, threads)
        reads_characters = "form_states" in {value.name for value in self._session.get_inputs()}
        self._forms = _Forms(_open(folder / CHARACTERS, threads), self._words) if reads_characters else None

    def tag(
        self, sentences: Iterable[Sequence[str]], tasks: Sequence[str] | None = None
    ) -> Iterator[dict[str, list[Any]]]:
        """Tags any number of sentences in constant memory.

        Args:
            sentences: of words; about a thousand are read ahead, and put together with others of their length.
            tasks: names; by default all. What others need is computed all the same: a graph that was exported for some
                tasks alone is quicker.

        Yields:
            Per sentence, in order, and per task a label, or a number, for each word.

        Raises:
            ValueError: an unknown task, or a sentence that is no list of words, or an empty word.
        """
        names = list(self.tasks if tasks is None else tasks)
        for name in names:
            if name not in self.tasks:
                raise ValueError(f"task {name!r} is none of {', '.join(self.tasks)}")
        stream = iter(sentences)
        while chunk := [_checked(sentence) for sentence in islice(stream, _SENTENCES_AT_ONCE)]:
            found: list[dict[str, list[Any]]] = [{name: [] for name in names} for _ in chunk]
            for batch in _batches([len(sentence) for sentence in chunk]):
                lengths = [len(chunk[i]) for i in batch]
                for name, logits_BTL in self.logits([chunk[i] for i in batch], names).items():
                    for i, values in zip(batch, self.tasks[name].decode(logits_BTL, lengths), strict=True):
                        found[i][name] = values
            yield from found

    def logits(self, sentences: Sequence[Sequence[str]], tasks: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Per task (B, T, L) of B sentences of at least one word; what stands at padding means nothing."""
        inputs, forms = self._words.encode(sentences)
        if self._forms is None:
            del inputs["char_index"]
        else:
            inputs["form_states"] = self._forms.encode(forms)
        values = self._session.run([output_name(name) for name in tasks], inputs)
        return dict(zip(tasks, values, strict=True))


def _open(path: Path, threads: int) -> Any:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as problems

    if not path.is_file():
        raise ValueError(f"{path}: there is no such graph")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (problems.Fail, problems.InvalidProtobuf, problems.InvalidGraph, problems.InvalidArgument) as error:
        raise ValueError(f"{path}: damaged, no graph that can be run ({str(error).splitlines()[0]})") from None


def output_name(task: str) -> str:
    """What the logits of a task are called in a graph."""
    return f"logits_{task}"


class _Words:
    """Words and characters, and their ids."""

    def __init__(self, path: Path, max_word_length: int) -> None:
        fields = _read_object(path)
        entries: dict[str, dict[str, int]] = {}
        for name, symbols in NUM_SYMBOLS.items():
            values = fields.get(name)
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise ValueError(f"{path}: {name} should be a list of texts")
            entries[name] = {value: i for i, value in enumerate(values) if i >= symbols}
        self._ids, self._character_ids = entries["words"], entries["characters"]
        self._lowercase, self._number_symbol = (bool(fields.get(name)) for name in ("lowercase", "number_symbol"))
        self._max_word_length = max_word_length

    def encode(self, sentences: Sequence[Sequence[str]]) -> tuple[dict[str, NDArray[Any]], list[str]]:
        """What the graph reads of B sentences but for ``form_states``, and the words of which these are."""
        rows: dict[str, int] = {}
        shape = len(sentences), max(map(len, sentences))
        inputs = {name: np.zeros(shape, dtype=np.int64) for name in ("input_ids", "attention_mask", "char_index")}
        for number, words in enumerate(sentences):
            inputs["input_ids"][number, : len(words)] = [self._word_id(word) for word in words]
            inputs["attention_mask"][number, : len(words)] = 1
            inputs["char_index"][number, : len(words)] = [rows.setdefault(word, len(rows)) for word in words]
        return inputs, list(rows)

    def characters(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Character ids (U, C) of U words."""
        forms = [self._form(word) for word in words]
        char_ids = np.zeros((len(forms), max(map(len, forms))), dtype=np.int64)
        for row, form in enumerate(forms):
            char_ids[row, : len(form)] = form
        return char_ids

    def _word_id(self, word: str) -> int:
        if self._number_symbol and _NUMBER.fullmatch(word):
            return NUMBER
        return self._ids.get(word.lower() if self._lowercase else word, UNKNOWN)

    def _form(self, word: str) -> list[int]:
        last = self._max_word_length // 2
        if len(word) > self._max_word_length:
            word = word[: self._max_word_length - last] + word[-last:]
        return [self._character_ids.get(character, UNKNOWN) for character in word]


class _Forms:
    """What characters come to, remembered as long as there is room; then all is forgotten."""

    def __init__(self, session: Any, words: _Words) -> None:
        self._session, self._words = session, words
        self._width = session.get_outputs()[0].shape[1]
        self._most = max(1, min(_MOST_FORMS, _BYTES_OF_FORMS // (4 * self._width)))
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, words: Sequence[str]) -> NDArray[np.float32]:
        """(U, F) of U distinct words."""
        found = {word: self._known[word] for word in words if word in self._known}
        missing = sorted((word for word in words if word not in found), key=len)
        for start in range(0, len(missing), _FORMS_OF_A_BATCH):  # those of a length together: little padding
            batch = missing[start : start + _FORMS_OF_A_BATCH]
            (states,) = self._session.run(None, {"char_ids": self._words.characters(batch)})
            found |= zip(batch, states, strict=True)
        if len(self._known) + len(missing) > self._most:
            self._known.clear()
        if len(missing) <= self._most:
            self._known |= {word: found[word].copy() for word in missing}
        return np.stack([found[word] for word in words])


class _Task:
    """A task, and how its labels are found."""

    def __init__(self, path: Path, task: Mapping[str, Any]) -> None:
        self.labels: list[str] = task.get("labels") or []
        chain = task.get("transitions")
        size = len(self.labels)
        shapes = {"between": (size, size), "start": (size,), "end": (size,)}
        self._chain = None if chain is None else {n: _array(path, chain.get(n), shape) for n, shape in shapes.items()}

    def decode(self, logits_BTL: NDArray[np.float32], lengths: Sequence[int]) -> list[list[Any]]:
        """Per sentence a label, or a number of six digits, for each word."""
        if not self.labels:
            return [
                [float(f"{value:.6g}") for value in row[:length, 0]]
                for row, length in zip(logits_BTL, lengths, strict=True)
            ]
        ids_BT = (
            logits_BTL.argmax(-1) if self._chain is None else _best_paths(logits_BTL, np.array(lengths), self._chain)
        )
        return [[self.labels[i] for i in row[:n]] for row, n in zip(ids_BT.tolist(), lengths, strict=True)]


def _best_paths(
    emissions_BTL: NDArray[np.float32], lengths_B: NDArray[np.int64], chain: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.int64]:
    """The label sequences of the highest score (Viterbi 1967), the first of the best ones where several are."""
    into_LL = np.ascontiguousarray(chain["between"].T)  # row = label after
    best_BL = chain["start"] + emissions_BTL[:, 0]
    stay_BL = np.broadcast_to(np.arange(best_BL.shape[1]), best_BL.shape)
    origins = []
    for step in range(1, emissions_BTL.shape[1]):
        scores_BLL = best_BL[:, None, :] + into_LL
        origin_BL = scores_BLL.argmax(-1)
        following_BL = np.take_along_axis(scores_BLL, origin_BL[..., None], -1)[..., 0] + emissions_BTL[:, step]
        goes_on_B1 = (step < lengths_B)[:, None]
        best_BL = np.where(goes_on_B1, following_BL, best_BL)
        origins.append(np.where(goes_on_B1, origin_BL, stay_BL))
    path = [(best_BL + chain["end"]).argmax(-1)]
    for origin_BL in reversed(origins):
        path.append(np.take_along_axis(origin_BL, path[-1][:, None], -1)[:, 0])
    return np.stack(path[::-1], axis=1)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Sentences of similar length, no more than fit into a batch, or one."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[i] > _CELLS_OF_A_BATCH:
            yield batch
            batch = []
        batch.append(i)
    yield batch


def _checked(sentence: Sequence[str]) -> list[str]:
    words = [] if isinstance(sentence, str) else list(sentence)
    if not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"{sentence!r:.80} should be a list of words, each of at least one character")
    return words


def _read(path: Path) -> dict[str, Any]:
    """The description of a tagger, if it is one."""
    values = _read_object(path)
    if values.get("format") != FORMAT or values.get("version") != VERSION:
        found = f"{values.get('format')!r:.60}, version {values.get('version')!r:.20}"
        raise ValueError(f"{path}: should be of format {FORMAT!r}, version {VERSION}, not {found}")
    tasks, length = values.get("tasks"), values.get("max_word_length")
    if not isinstance(tasks, list) or not tasks or not all(map(_is_task, tasks)):
        raise ValueError(f"{path}: tasks should be a list of objects with a name and a list of labels")
    if isinstance(length, bool) or not isinstance(length, int) or length < len(NUM_SYMBOLS):
        raise ValueError(f"{path}: max_word_length should be a whole number of at least 2, not {length!r:.20}")
    return values


def _is_task(task: Any) -> bool:
    if not isinstance(task, dict) or not isinstance(task.get("name"), str):
        return False
    labels = task.get("labels", [])
    return isinstance(labels, list) and all(isinstance(label, str) for label in labels)


def _read_object(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: damaged, no JSON ({error})") from None
    if not isinstance(values, dict):
        raise ValueError(f"{path}: damaged; an object is expected, not {type(values).__name__}")
    return values


def _array(path: Path, values: Any, shape: tuple[int, ...]) -> NDArray[np.float32]:
    try:
        array = np.array(values, dtype=np.float32)
    except (ValueError, TypeError):
        array = np.array(np.nan, dtype=np.float32)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"{path}: transitions should be finite numbers of shape {shape}")
    return array
