"""``hf-sluice predict``."""

from __future__ import annotations

import io
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from hf_sluice.commands.options import ModelName, NumberTypeName
from hf_sluice.commands.terminal import console
from hf_sluice.data.formats.columns import Separator
from hf_sluice.prediction.chosen_tasks import choose_tasks
from hf_sluice.prediction.progress import count_on_terminal
from hf_sluice.prediction.reading import InputFormat, SentenceReader, format_of
from hf_sluice.prediction.writing import OutputFormat, write_sentences
from hf_sluice.quiet_libraries import quiet_transformers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from hf_sluice.prediction.number_type import NumberType
    from hf_sluice.prediction.sentences import TaggedSentence, UntaggedSentence

_STANDARD_INPUT = "-"


def predict(
    model: ModelName,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILES", help="Plain, .gz or .xz; - is standard input.")
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(metavar="SENTENCE", help="Tag this in place of files; can be given again.")
    ] = None,
    input_format: Annotated[
        InputFormat | None,
        typer.Option(
            metavar="FORMAT",
            help="text, tokens, columns, conllu or jsonl. By default what the name of a file tells (.txt .tok .conll "
            ".tsv .conllu .jsonl), and text on standard input.",
        ),
    ] = None,
    word_column: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN", help="Which column holds the words: a number from 1, or a name that the first line tells."
        ),
    ] = None,
    separator: Annotated[Separator, typer.Option(help="Between columns.")] = Separator.WHITESPACE,
    output_format: Annotated[OutputFormat, typer.Option(help="How to write.")] = OutputFormat.CONLL,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, once all is done.")
    ] = None,
    tasks: Annotated[str | None, typer.Option(metavar="NAMES", help="Only these tasks, separated by commas.")] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Sentences in a batch, which changes speed and memory alone; by default as many as have about two "
            "thousand words.",
        ),
    ] = None,
    dtype: NumberTypeName = None,
) -> None:
    r"""Tag sentences with a saved model.

    Reads text (a sentence per line), tokens (likewise, words separated by
    spaces), columns (a word per line), CoNLL-U, or JSON lines with "tokens".
    Writes columns (the word, then one per task) or JSON lines, in input order.

    Examples:
      hf-sluice predict runs/demo --text "The old bank raised the price ."
      hf-sluice predict runs/demo a.conll b.conll --word-column 2 -o tagged.conll
      hf-sluice predict runs/demo news.txt.gz --output-format jsonl > news.jsonl
      echo "She saw him ." | hf-sluice predict runs/demo --tasks pos,ner

    MODEL may also be a folder of hf-sluice export, or one of the graphs in it.
    """
    if text and files:
        raise typer.BadParameter("give either --text or files")
    if not text and not files and sys.stdin.isatty():
        raise typer.BadParameter("nothing to tag: give --text, files, or sentences on standard input")
    sources = files or [_STANDARD_INPUT]
    formats = [] if text else [input_format or _format_of(source) for source in sources]

    from hf_sluice.models.word_splitting import split_words
    from hf_sluice.prediction.exported_tagger import is_exported

    reader = SentenceReader(split_words, word_column, separator)
    sentences = _given(reader, text) if text else _read(reader, sources, formats)
    asked = None if tasks is None else [name.strip() for name in tasks.split(",")]
    if is_exported(model):
        if batch_size is not None or dtype is not None:
            raise typer.BadParameter("--batch-size and --dtype have no meaning for an exported tagger")
        names, tagged = _tag_exported(model, sentences, asked)
    else:
        names, tagged = _tag(model, sentences, asked, batch_size, dtype)
    if output is not None or not sys.stdout.isatty():
        tagged = count_on_terminal(tagged, console(stderr=True))
    with _open(output) as file:
        for piece in write_sentences(tagged, names, output_format):
            file.write(piece)


def _tag(
    model: str,
    sentences: Iterator[UntaggedSentence],
    tasks: list[str] | None,
    batch_size: int | None,
    dtype: NumberType | None,
) -> tuple[list[str], Iterator[TaggedSentence]]:
    """The tasks of the answer, and the tagged sentences."""
    from hf_sluice.prediction.kernel_cache import keep_few_kernels
    from hf_sluice.prediction.model_folder import load_tagger
    from hf_sluice.prediction.tagging import tag_sentences

    quiet_transformers()
    keep_few_kernels()
    tagger = load_tagger(model, dtype)
    names = choose_tasks(tagger.model.config.task_names, tasks)
    return names, tag_sentences(tagger.model, tagger.tokenizer, sentences, names, batch_size)


def _tag_exported(
    model: str, sentences: Iterator[UntaggedSentence], tasks: list[str] | None
) -> tuple[list[str], Iterator[TaggedSentence]]:
    """The same without the libraries that take long to load."""
    from hf_sluice.prediction.exported_tagger import load_exported, tag_with_exported

    tagger = load_exported(model)
    names = choose_tasks(list(tagger.tasks), tasks)
    return names, tag_with_exported(tagger, sentences, names)


def _format_of(source: str) -> InputFormat:
    return InputFormat.TEXT if source == _STANDARD_INPUT else format_of(Path(source))


def _given(reader: SentenceReader, texts: Sequence[str]) -> Iterator[UntaggedSentence]:
    return reader.read("--text", enumerate(texts, start=1), InputFormat.TEXT)


def _read(reader: SentenceReader, sources: Sequence[str], formats: Sequence[InputFormat]) -> Iterator[UntaggedSentence]:
    from hf_sluice.data.reading import decode_lines, iter_lines

    for source, form in zip(sources, formats, strict=True):
        if source == _STANDARD_INPUT:
            yield from reader.read("standard input", decode_lines(sys.stdin.buffer, "standard input"), form)
        else:
            yield from reader.read(source, iter_lines(source), form)


def _open(output: Path | None) -> AbstractContextManager[IO[str]]:
    from hf_sluice.whole_file import write_whole

    if output is not None:
        return write_whole(output)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    return nullcontext(sys.stdout)
