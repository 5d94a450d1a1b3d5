"""What can be asked of the pipeline, checked once."""

from __future__ import annotations

from dataclasses import dataclass

AGGREGATION_STRATEGIES = ("none", "simple")


@dataclass(frozen=True)
class TaggingOptions:
    """How texts are tagged.

    Args:
        tasks: names, in the order of the answer.
        aggregation_strategy: ``simple`` for words and spans, ``none`` for words alone.
        is_split_into_words: whether texts are given as lists of words.
        split_lines: whether each line of a raw text is a sentence of its own.
        top_k: so many of the most probable labels are given for each word; None for none beside the decoded one.
        window_size: words that are read together at most.
        overlap: words that neighbouring windows have in common at least; None for a quarter of a window.
        batch_size: windows in a batch.

    Raises:
        ValueError: a value is out of range, or two contradict each other.
    """

    tasks: tuple[str, ...]
    aggregation_strategy: str = "simple"
    is_split_into_words: bool = False
    split_lines: bool = False
    top_k: int | None = None
    window_size: int = 512
    overlap: int | None = None
    batch_size: int = 32

    def __post_init__(self) -> None:
        if self.aggregation_strategy not in AGGREGATION_STRATEGIES:
            raise ValueError(
                f"aggregation_strategy {str(self.aggregation_strategy)!r} is none of "
                f"{', '.join(AGGREGATION_STRATEGIES)}; every word is one token, which leaves nothing else to choose"
            )
        for name in ("window_size", "batch_size", "top_k"):
            value = getattr(self, name)
            if not (_is_whole(value) and value >= 1) and not (name == "top_k" and value is None):
                raise ValueError(f"{name} should be a whole number of at least 1, not {value!r}")
        if self.overlap is not None and not (_is_whole(self.overlap) and 0 <= self.overlap < self.window_size):
            raise ValueError(
                f"overlap should be from 0 to window_size - 1 = {self.window_size - 1}, not {self.overlap!r}"
            )
        if self.split_lines and self.is_split_into_words:
            raise ValueError("split_lines is for raw text; give each sentence of words as a list of its own")

    @property
    def common_words(self) -> int:
        """Words that neighbouring windows have in common at least."""
        return self.window_size // 4 if self.overlap is None else self.overlap


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
