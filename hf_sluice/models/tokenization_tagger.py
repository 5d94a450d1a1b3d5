"""The tokenizer of the taggers: every word one token, with its characters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from transformers import BatchEncoding, PreTrainedTokenizer
from transformers.tokenization_utils_base import TruncationStrategy
from transformers.utils import PaddingStrategy, to_py_obj

from .corpus_encoding import CorpusEncoder
from .form_table import merge_form_tables
from .hub_pushing import PushedTokenizer
from .sentence_encoding import SentenceEncoding
from .tagger_inputs import as_lists, as_tensors, check_texts, is_batch, tensor_kind, tokens_per_sentence
from .tagger_vocabulary import PAD, UNKNOWN, UNKNOWN_ID, WORD_SYMBOLS, TaggerVocabulary
from .word_characters import write_word_chars
from .word_checks import check_words
from .word_features import check_word_features
from .word_splitting import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .encoded_words import EncodedWords

_VOCABULARY_FILE = "vocabulary.json"
# What a caller may ask for beyond the inputs: how it is asked, its name in the result, where it stands in an encoding.
_EXTRAS = {
    "return_special_tokens_mask": ("special_tokens_mask", "special_tokens_mask"),
    "return_offsets_mapping": ("offset_mapping", "offsets"),
    "return_token_type_ids": ("token_type_ids", "type_ids"),
    "return_length": ("length", "num_tokens"),
}


class TaggerTokenizer(PushedTokenizer, PreTrainedTokenizer):  # type: ignore[misc]
    """Turns words, or raw text, into the inputs of the taggers.

    ``input_ids`` and ``attention_mask`` are (B, T), padded on the right. ``char_ids`` (U, C) holds each distinct word
    form of the call once, so it has no batch dimension; ``char_index`` (B, T) is the row of each token's form. Ids 0, 1
    and 2 are padding, the unknown word and the number symbol; characters 0 and 1 padding and the unknown character.
    Words are looked up in lower case and numbers as one symbol (Ruder et al. 2019), characters as they are written.
    Where there are ``word_features``, their keys stand before the characters in each row of ``char_ids``.

    Given words (``is_split_into_words=True``) are one token each, whatever they hold. Raw text is split by
    :meth:`split`. No sentence is ever cut: ``model_max_length`` has no effect, and a ``max_length`` that would cut is
    an error.

    Tensors with ``return_offsets_mapping=True`` come with ``word_chars`` (B, F), the characters of each sentence's
    words, each closed by a 0: pipelines of ``transformers`` ask for offsets, and cut the batch into its sentences.

    Sentences encoded one by one are put together by :meth:`pad`, so ``DataCollatorForTokenClassification`` works.
    ``datasets.Dataset.map`` must be called without ``batched=True``: no column can hold the ``char_ids`` of a batch.

    Args:
        vocab_file: a file written by :meth:`save_pretrained`.
        vocabulary: the words and characters, in place of a file.
        max_word_length: of a longer word the character encoder sees the first and the last half of so many characters.
        word_features: what else is told of each word's spelling, keys of ``word_features.FEATURES``; those that the
            model's configuration names.
        **kwargs: what every tokenizer of ``transformers`` takes.

    Raises:
        ValueError: no vocabulary is given, or the file is damaged, or ``max_word_length`` is below 2, or a feature is
            unknown.
    """

    vocab_files_names = {"vocab_file": _VOCABULARY_FILE}  # noqa: RUF012 - the name and form transformers reads
    model_input_names = ["input_ids", "attention_mask", "char_ids", "char_index"]  # noqa: RUF012 - likewise

    def __init__(
        self,
        vocab_file: str | None = None,
        *,
        vocabulary: TaggerVocabulary | None = None,
        max_word_length: int = 64,
        word_features: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        if max_word_length < 2:  # noqa: PLR2004 - a half of at least one character at either end
            raise ValueError(f"max_word_length={max_word_length} should be at least 2")
        self.vocabulary = vocabulary or _load_vocabulary(vocab_file)
        self.max_word_length = max_word_length
        self.word_features = check_word_features(word_features)
        self._encoder = CorpusEncoder(self.vocabulary, max_word_length, self.word_features)
        if self.word_features:
            kwargs["word_features"] = list(self.word_features)
        kwargs = {"pad_token": PAD, "unk_token": UNKNOWN} | kwargs
        super().__init__(max_word_length=max_word_length, **kwargs)

    @classmethod
    def train_from_words(
        cls,
        sentences: Iterable[Sequence[str]],
        *,
        min_count: int = 1,
        max_words: int | None = None,
        lowercase: bool = True,
        number_symbol: bool = True,
        max_word_length: int = 64,
        word_features: Sequence[str] = (),
    ) -> Self:
        """A tokenizer that knows the words and characters of a text; the same text gives the same ids.

        Args:
            sentences: the words of each sentence.
            min_count: words seen less often, after lower-casing, are unknown; at least 1.
            max_words: at most so many words are known, the three symbols not counted.
            lowercase: words are looked up in lower case.
            number_symbol: numbers are looked up as one symbol.
            max_word_length: as in the class.
            word_features: as in the class.

        Raises:
            ValueError: there are no words, one is empty, a limit is too small, or a feature is unknown.
        """
        vocabulary = TaggerVocabulary.count(
            sentences, min_count=min_count, max_words=max_words, lowercase=lowercase, number_symbol=number_symbol
        )
        return cls(vocabulary=vocabulary, max_word_length=max_word_length, word_features=word_features)

    @property
    def vocab_size(self) -> int:
        """Word ids, the three symbols among them."""
        return len(self.vocabulary.words)

    @property
    def char_vocab_size(self) -> int:
        """Character ids, the two symbols among them."""
        return len(self.vocabulary.characters)

    @property
    def is_fast(self) -> bool:
        """True: by this name pipelines and collators ask whether ``word_ids()`` and offsets are there."""
        return True

    def get_vocab(self) -> dict[str, int]:
        """Every word id by its entry in the vocabulary, symbols included."""
        return {word: i for i, word in enumerate(self.vocabulary.words)}

    def split(self, text: str) -> list[tuple[str, int, int]]:
        """Splits raw text into words: triples of word, first character, and the one after the last."""
        return split_words(text)

    def encode_words(self, sentences: Sequence[Sequence[str]]) -> EncodedWords:
        """Encodes a whole corpus of given words, once, for :meth:`EncodedWords.batch`.

        ``encode_words(sentences).batch(indices)`` equals the result of calling the tokenizer on these sentences with
        ``is_split_into_words=True, padding=True, return_tensors="pt"``.

        Raises:
            ValueError: a word is empty or no text; the message says which word of which sentence.
        """
        return self._encoder.encode(sentences)

    def tokenize(self, text: str, **_: Any) -> list[str]:  # type: ignore[override]
        """The vocabulary's entries for the words of a raw text, ``[UNK]`` and ``[NUM]`` among them."""
        return [self.vocabulary.words[self.vocabulary.word_id(word)] for word, _, _ in self.split(text)]

    def save_vocabulary(self, save_directory: str, filename_prefix: str | None = None) -> tuple[str]:
        """Writes the vocabulary alone and returns its path."""
        path = Path(save_directory) / "-".join(filter(None, (filename_prefix, _VOCABULARY_FILE)))
        self.vocabulary.save(path)
        return (str(path),)

    def _add_tokens(self, new_tokens: Any, special_tokens: bool = False) -> int:
        unknown = [str(token) for token in new_tokens if str(token) not in self.vocabulary.words]
        if unknown:
            raise ValueError(f"{unknown[0]!r} cannot be added: a tagger knows the words that it was trained on")
        return super()._add_tokens(new_tokens, special_tokens=special_tokens)

    def _convert_token_to_id(self, token: str) -> int:
        return WORD_SYMBOLS.index(token) if token in WORD_SYMBOLS else self.vocabulary.ids.get(token, UNKNOWN_ID)

    def _convert_id_to_token(self, index: int) -> str:
        if not 0 <= index < self.vocab_size:
            raise ValueError(f"word id {index} should be in 0 to {self.vocab_size - 1}")
        return self.vocabulary.words[index]

    def pad(  # type: ignore[override]
        self,
        encoded_inputs: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        padding: bool | str | PaddingStrategy = True,
        *,
        return_tensors: str | None = None,
        **options: Any,
    ) -> BatchEncoding:
        """Puts separately encoded sentences together, their character tables becoming one.

        Args:
            encoded_inputs: results of calling the tokenizer on one sentence each, or one result for a batch.
            padding: as in ``transformers``.
            return_tensors: ``"pt"``, ``"np"``, or None for what the sentences are given as.
            **options: ``max_length``, ``pad_to_multiple_of`` and so on, as in ``transformers``.
        """
        self._check_padding_side(options.get("padding_side"))
        columns, char_ids = _columns(encoded_inputs)
        batch = super().pad(columns, padding=padding, **options)
        kind = return_tensors or tensor_kind(encoded_inputs)
        return BatchEncoding({**batch, "char_ids": char_ids}, tensor_type=kind)

    def _pad(self, encoded_inputs: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        padded = super()._pad(encoded_inputs, *args, **kwargs)
        missing = len(padded["input_ids"]) - len(padded["char_index"])
        return {**padded, "char_index": [*padded["char_index"], *[0] * missing]}

    def _encode_plus(  # type: ignore[override]
        self,
        text: str | Sequence[Any],
        text_pair: Any = None,
        *,
        padding_strategy: PaddingStrategy = PaddingStrategy.DO_NOT_PAD,
        truncation_strategy: TruncationStrategy = TruncationStrategy.DO_NOT_TRUNCATE,
        max_length: int | None = None,
        is_split_into_words: bool = False,
        pad_to_multiple_of: int | None = None,
        padding_side: str | None = None,
        return_tensors: str | None = None,
        **wishes: Any,
    ) -> BatchEncoding:
        if text_pair is not None:
            raise ValueError("a tagger takes single sentences, no pairs")
        self._check_padding_side(padding_side)
        batched = is_batch(text, is_split_into_words=is_split_into_words)
        texts = list(text) if batched else [text]
        words, spans = self._given_words(texts) if is_split_into_words else self._split_texts(texts)
        if truncation_strategy is not TruncationStrategy.DO_NOT_TRUNCATE:
            self._check_uncut(words, max_length)
        encoded = self.encode_words(words)
        lengths = tokens_per_sentence(
            encoded.lengths.tolist(), padding_strategy, max_length=max_length, pad_to_multiple_of=pad_to_multiple_of
        )
        inputs = encoded.batch(range(len(encoded)), num_tokens=max(lengths, default=0))
        encodings = self._encodings(inputs["input_ids"].tolist(), lengths, spans)
        extras = {
            name: [getattr(encoding, field) for encoding in encodings]
            for wish, (name, field) in _EXTRAS.items()
            if wishes.get(wish)
        }
        if return_tensors is not None:
            if wishes.get("return_offsets_mapping"):
                inputs["word_chars"] = write_word_chars(
                    inputs["char_ids"], inputs["char_index"], inputs["attention_mask"]
                )
            return as_tensors(inputs, encodings, extras, str(return_tensors))
        return as_lists(inputs, encodings, extras, batched=batched)

    def _split_texts(self, texts: Sequence[Any]) -> tuple[list[list[str]], list[list[tuple[int, int]]]]:
        check_texts(texts)
        split = [self.split(text) for text in texts]
        words = [[word for word, _, _ in sentence] for sentence in split]
        return words, [[(start, end) for _, start, end in sentence] for sentence in split]

    @staticmethod
    def _given_words(sentences: Sequence[Any]) -> tuple[Sequence[Sequence[str]], list[list[tuple[int, int]]]]:
        check_words(sentences)
        return sentences, [[(0, len(word)) for word in sentence] for sentence in sentences]

    def _encodings(
        self, rows: Sequence[list[int]], lengths: Sequence[int], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> list[SentenceEncoding]:
        entries = self.vocabulary.words
        return [
            SentenceEncoding(row[:length], [entries[i] for i in row[:length]], sentence)
            for row, length, sentence in zip(rows, lengths, spans, strict=True)
        ]

    def _check_padding_side(self, padding_side: str | None) -> None:
        side = padding_side or self.padding_side
        if side != "right":
            raise ValueError(f"padding_side={side!r}: the taggers take sentences that are padded on the right")

    def _check_uncut(self, sentences: Sequence[Sequence[str]], max_length: int | None) -> None:
        """Refuses to cut, but passes over a length that stems from ``model_max_length``: no caller asked for it."""
        if max_length is None or max_length == self.model_max_length:
            return
        for number, sentence in enumerate(sentences):
            if len(sentence) > max_length:
                raise ValueError(
                    f"sentence {number} has {len(sentence)} words, max_length={max_length}: a tagger cuts no sentence"
                )


def _load_vocabulary(path: str | None) -> TaggerVocabulary:
    if path is None:
        raise ValueError(
            f"no vocabulary: train one with train_from_words, or load a folder that has {_VOCABULARY_FILE}"
        )
    return TaggerVocabulary.load(Path(path))


def _columns(encoded: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[list[int]]]:
    """Encoded sentences as lists by name, and the one character table of them all."""
    if not isinstance(encoded, Mapping):
        columns = {name: [to_py_obj(example[name]) for example in encoded] for name in encoded[0]}
        char_ids, columns["char_index"] = merge_form_tables(columns.pop("char_ids"), columns["char_index"])
        return columns, char_ids
    columns = {name: to_py_obj(values) for name, values in encoded.items()}
    return columns, columns.pop("char_ids")
