"""Where the tokens of an encoded sentence stand in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class SentenceEncoding:
    """What ``transformers.BatchEncoding`` asks of a ``tokenizers.Encoding``, for sentences in which a word is a token.

    So ``word_ids()``, ``char_to_token()`` and the like answer as they do for the library's own fast tokenizers.

    Args:
        ids: T word ids, padding included.
        tokens: T entries of the vocabulary.
        spans: per word the first character and the one after the last: in the text, or in the word itself where the
            words were given.
    """

    ids: Sequence[int]
    tokens: Sequence[str]
    spans: Sequence[tuple[int, int]]

    n_sequences = 1
    overflowing = ()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def num_tokens(self) -> int:
        """T."""
        return len(self.ids)

    @property
    def _padding(self) -> int:
        return len(self.ids) - len(self.spans)

    @property
    def word_ids(self) -> list[int | None]:
        """Per token the number of its word, None at padding."""
        return [*range(len(self.spans)), *[None] * self._padding]

    @property
    def sequence_ids(self) -> list[int | None]:
        """Per token 0, None at padding."""
        return [*[0] * len(self.spans), *[None] * self._padding]

    @property
    def offsets(self) -> list[tuple[int, int]]:
        """Per token its span, (0, 0) at padding."""
        return [*self.spans, *[(0, 0)] * self._padding]

    @property
    def type_ids(self) -> list[int]:
        """Per token 0."""
        return [0] * len(self.ids)

    @property
    def attention_mask(self) -> list[int]:
        """Per token 1, 0 at padding."""
        return [*[1] * len(self.spans), *[0] * self._padding]

    @property
    def special_tokens_mask(self) -> list[int]:
        """Per token 0, 1 at padding."""
        return [*[0] * len(self.spans), *[1] * self._padding]

    def token_to_sequence(self, token_index: int) -> int | None:
        """0, None at padding."""
        return 0 if token_index < len(self.spans) else None

    def token_to_word(self, token_index: int) -> int | None:
        """The number of the token's word, which is the token's own; None at padding."""
        return token_index if token_index < len(self.spans) else None

    def token_to_chars(self, token_index: int) -> tuple[int, int] | None:
        """The span of a token, None at padding."""
        return self.spans[token_index] if token_index < len(self.spans) else None

    def word_to_tokens(self, word_index: int, sequence_index: int = 0) -> tuple[int, int] | None:
        """The first token of a word and the one after its last, None where there is no such word."""
        known = sequence_index == 0 and word_index < len(self.spans)
        return (word_index, word_index + 1) if known else None

    def word_to_chars(self, word_index: int, sequence_index: int = 0) -> tuple[int, int] | None:
        """The span of a word, None where there is no such word."""
        return self.spans[word_index] if sequence_index == 0 and word_index < len(self.spans) else None

    def char_to_token(self, char_pos: int, sequence_index: int = 0) -> int | None:
        """The first token whose span holds the character, None where none does."""
        if sequence_index != 0:
            return None
        return next((token for token, (start, end) in enumerate(self.spans) if start <= char_pos < end), None)

    def char_to_word(self, char_pos: int, sequence_index: int = 0) -> int | None:
        """The first word whose span holds the character, None where none does."""
        return self.char_to_token(char_pos, sequence_index)
