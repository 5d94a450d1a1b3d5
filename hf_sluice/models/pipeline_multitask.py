"""``pipeline("multitask-token-classification")``: texts in, per task labelled words and spans out."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from transformers import AutoModelForTokenClassification, Pipeline
from transformers.pipelines import PIPELINE_REGISTRY

from .prepared_text import PreparedText, is_one_text, iterate_texts, prepare_raw_text, prepare_words
from .sentence_tagger import SentenceTagger, WordValues
from .tagging_options import TaggingOptions
from .tagging_results import TaggedText, task_result
from .word_features import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PIPELINE_TASK = "multitask-token-classification"

# How much is read ahead and sorted by length: enough for batches without much padding, little enough for memory.
_BATCHES_AT_ONCE = 32
_WORDS_AT_ONCE = 1 << 16


class MultiTaskTaggingPipeline(Pipeline):
    """Tags texts with all tasks of a tagger at once, or with some.

    A text gives a dict with an entry per task, ``{"words": […], "spans": […]}``, as
    :class:`TaggedText` and the types that it is made of describe it; an empty or blank text gives empty lists. One text
    gives one such dict, a list of texts a list, and anything else that texts can be read from (a generator, a column of
    a data set, a ``KeyDataset``) an iterator that reads ahead by some tens of batches.

    A raw text is one sentence, split into words by the tokenizer: the models were trained on sentences, so text that
    holds several is better cut before. ``split_lines=True`` takes each line as a sentence; nothing guesses at where
    sentences end. With ``is_split_into_words=True`` a text is a list of words.

    No text is cut. A sentence of more than ``window_size`` words is read in overlapping windows of that size, each word
    from the window in which it stands furthest from an edge, and decoded as a whole; see :class:`SentenceTagger`.
    Shorter ones get exactly what the model decodes in its evaluation. Memory grows with the longest text by its logits
    alone.

    All options can be given here or in a call, which goes before.

    Args:
        model: a tagger of this package.
        tokenizer: its tokenizer.
        tasks: names, in the order of the answer, or one name; by default all. Only what they need is computed.
        aggregation_strategy: ``simple`` (the default) gives words and, of tasks with a tagging scheme, the spans;
            ``none`` words alone.
        is_split_into_words: whether texts are given as lists of words.
        split_lines: whether each line of a raw text is a sentence.
        top_k: gives so many of the most probable labels for each word, with their scores.
        window_size: words that are read together at most, 512 by default.
        overlap: words that neighbouring windows have in common at least; by default a quarter of a window.
        batch_size: windows in a batch, 32 by default; speed and memory alone.
        **kwargs: what every pipeline takes: ``device`` and so on.

    Raises:
        ValueError: the model is no tagger, the tokenizer another model's, a task is unknown, or an option out of range;
            in a call also a text that is none, which the message names.
    """

    model: Any  # a tagger, but perhaps of a separately loaded copy of this code
    tokenizer: Any

    _load_processor: Any = False
    _load_image_processor: Any = False
    _load_video_processor: Any = False
    _load_feature_extractor: Any = False
    _load_tokenizer: Any = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._check_parts()
        self._options({})

    def __call__(self, inputs: Any, *, batch_size: int | None = None, **options: Any) -> Any:  # type: ignore[override]
        """Tags one text or several.

        Args:
            inputs: a text, or what texts can be read from.
            batch_size: see the class.
            **options: see the class.

        Returns:
            A :class:`TaggedText`, a list of them, or an iterator.

        Raises:
            ValueError: see the class.
        """
        _, given, _ = self._sanitize_parameters(**options)
        chosen = self._options({**given, **({} if batch_size is None else {"batch_size": batch_size})})
        if is_one_text(inputs, is_split_into_words=chosen.is_split_into_words):
            return next(self._results([inputs], chosen))
        results = self._results(iterate_texts(inputs), chosen)
        return list(results) if isinstance(inputs, list | tuple) else results

    def preprocess(self, inputs: Any, number: int, options: TaggingOptions) -> PreparedText:  # type: ignore[override]
        """The sentences of a text; ``number`` is what messages call it."""
        if options.is_split_into_words:
            return prepare_words(inputs, number)
        return prepare_raw_text(inputs, number, self.tokenizer.split, split_lines=options.split_lines)

    def _forward(  # type: ignore[override]
        self, texts: Sequence[PreparedText], options: TaggingOptions
    ) -> list[tuple[dict[str, WordValues], ...]]:
        """Per text and sentence what each task says."""
        tagger = SentenceTagger(self.model, self.tokenizer, options)
        tagged = iter(tagger.tag([sentence for text in texts for sentence in text.sentences]))
        return [tuple(islice(tagged, len(text.sentences))) for text in texts]

    def postprocess(  # type: ignore[override]
        self, text: PreparedText, sentences: Sequence[dict[str, WordValues]], options: TaggingOptions
    ) -> TaggedText:
        """The answer for one text."""
        config = self.model.config
        return {
            task: task_result(
                config.tasks[config.task_index(task)],
                text,
                [sentence[task] for sentence in sentences],
                with_spans=options.aggregation_strategy == "simple",
            )
            for task in options.tasks
        }

    def _sanitize_parameters(  # type: ignore[override]
        self,
        tasks: Sequence[str] | str | None = None,
        aggregation_strategy: str | None = None,
        is_split_into_words: bool | None = None,
        split_lines: bool | None = None,
        top_k: int | None = None,
        window_size: int | None = None,
        overlap: int | None = None,
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """What was given, all as options of the model's part."""
        given = {
            "tasks": tasks,
            "aggregation_strategy": aggregation_strategy,
            "is_split_into_words": is_split_into_words,
            "split_lines": split_lines,
            "top_k": top_k,
            "window_size": window_size,
            "overlap": overlap,
        }
        return {}, {name: value for name, value in given.items() if value is not None}, {}

    def _options(self, given: dict[str, Any]) -> TaggingOptions:
        chosen = {**self._forward_params, **given}
        if "batch_size" not in chosen and self._batch_size is not None:
            chosen["batch_size"] = self._batch_size
        tasks = chosen.pop("tasks", self.model.config.task_names)
        names = tuple(dict.fromkeys([tasks] if isinstance(tasks, str) else tasks))
        if not names:
            raise ValueError(f"tasks: name at least one of {', '.join(self.model.config.task_names)}")
        for name in names:
            self.model.config.task_index(name)
        return TaggingOptions(names, **chosen)

    def _results(self, texts: Iterable[Any], options: TaggingOptions) -> Iterator[TaggedText]:
        pool: list[PreparedText] = []
        num_words = 0
        for number, text in enumerate(texts):
            pool.append(self.preprocess(text, number, options))
            num_words += len(pool[-1].offsets)
            if len(pool) == _BATCHES_AT_ONCE * options.batch_size or num_words >= _WORDS_AT_ONCE:
                yield from self._tagged(pool, options)
                pool, num_words = [], 0
        yield from self._tagged(pool, options)

    def _tagged(self, pool: Sequence[PreparedText], options: TaggingOptions) -> Iterator[TaggedText]:
        for text, sentences in zip(pool, self.forward(pool, options=options), strict=True):
            yield self.postprocess(text, sentences, options)

    def _check_parts(self) -> None:
        config = self.model.config
        # Not by its class, of which there may be several copies.
        if not hasattr(self.model, "log_probabilities") or not hasattr(config, "task_names"):
            raise ValueError(f"model: {type(self.model).__name__} is no multi-task tagger")
        for name in ("vocab_size", "char_vocab_size"):
            of_tokenizer = getattr(self.tokenizer, name, None)
            if of_tokenizer != getattr(config, name):
                raise ValueError(
                    f"tokenizer: not this model's; its {name} is {of_tokenizer}, the model's {getattr(config, name)}"
                )
        told = tuple(self.tokenizer.word_features)
        if told != tuple(config.word_features):
            raise ValueError(
                f"tokenizer: not this model's; it tells {listed(told)} of words, the model reads "
                f"{listed(config.word_features)}"
            )


if PIPELINE_TASK not in PIPELINE_REGISTRY.supported_tasks:
    PIPELINE_REGISTRY.register_pipeline(
        PIPELINE_TASK, pipeline_class=MultiTaskTaggingPipeline, pt_model=AutoModelForTokenClassification
    )
