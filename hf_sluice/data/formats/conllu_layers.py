"""Label layers out of CoNLL-U: which column, or which key of FEATS or MISC, labels the words."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Self

from hf_sluice.data.sentence import Sentence
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.data.domains import DomainRule
    from hf_sluice.data.formats.conllu import ConlluSentence, ConlluWord

_COLUMNS = ("lemma", "upos", "xpos", "feats", "deprel", "deps", "misc")
_KEYED = ("feats", "misc")


@dataclass(frozen=True, slots=True)
class ConlluLayer:
    """The address of a label layer, written ``upos`` or ``feats:Number``.

    Args:
        column: one of ``lemma``, ``upos``, ``xpos``, ``feats``, ``deprel``, ``deps``, ``misc``. ``_`` there means
            that the word is not annotated (None), but in ``feats``, where it says that the word has no features.
        key: for ``feats`` and ``misc`` the key whose value is the label; a word without the key has the label ``_``,
            and one whose key has no value has the key as its label. Empty for the whole column.
        numeric: whether the labels are numbers (regression); ``_`` is then None.
    """

    column: str
    key: str = ""
    numeric: bool = False

    @classmethod
    def parse(cls, address: str, *, numeric: bool = False) -> Self:
        """Reads an address; raises UserError for one that names nothing."""
        column, colon, key = address.partition(":")
        if column not in _COLUMNS or (colon and (column not in _KEYED or not key)):
            raise UserError(
                f"CoNLL-U layer {address!r}: expected one of {', '.join(_COLUMNS)}, or feats:<key>, misc:<key>"
            )
        return cls(column, key, numeric)

    def label(self, word: ConlluWord, path: str) -> str | float | None:
        """The label of one word.

        Args:
            word: the word.
            path: its file, for messages.

        Raises:
            DataError: the key stands twice, or a numeric label is not a number.
        """
        cell: str = attrgetter(self.column)(word)
        value = self._value_of_key(cell, word, path) if self.key else cell
        if self.numeric:
            return None if value == "_" else self._number(value, word, path)
        return None if value == "_" and not self._underscore_is_label(word) else value

    def _underscore_is_label(self, word: ConlluWord) -> bool:
        return bool(self.key) or self.column == "feats" or (self.column == "lemma" and word.form == "_")

    def _value_of_key(self, cell: str, word: ConlluWord, path: str) -> str:
        items = [item.partition("=") for item in cell.split("|")]
        values = [value if equals else key for key, equals, value in items if key == self.key]
        if len(values) > 1:
            raise DataError(path, word.line, f"key {self.key!r} stands twice in {self.column.upper()} {cell!r}")
        return values[0] if values else "_"

    def _number(self, value: str, word: ConlluWord, path: str) -> float:
        try:
            return float(value)
        except ValueError:
            where = f"{self.column}:{self.key}" if self.key else self.column
            raise DataError(path, word.line, f"{where}: {value!r} is not a number") from None


def to_sentence(read: ConlluSentence, layers: Mapping[str, ConlluLayer], domain: DomainRule | None = None) -> Sentence:
    """Turns what a CoNLL-U file says of a sentence into words with labels.

    Args:
        read: the sentence.
        layers: per task name its layer.
        domain: may search ``file``, ``sent_id``, any other key of the sentence's metadata, and any key of the
            metadata of the document's first sentence (the sentence's own come first).

    Raises:
        DataError: see :meth:`ConlluLayer.label` and :meth:`DomainRule.domain`.
    """
    texts = {"file": read.place.path, **read.document, **read.metadata, "sent_id": read.sent_id}
    return Sentence(
        tokens=[word.form for word in read.words],
        layers={task: [layer.label(word, read.place.path) for word in read.words] for task, layer in layers.items()},
        sent_id=read.sent_id,
        domain=None if domain is None else domain.domain(texts, read.place),
        place=read.place,
    )
