"""Tasks from different corpora, as in the third experiment of Sun et al. (2020): a corpus made of parts of others.

Each sentence carries the tasks of its own part alone; see :func:`hf_sluice.data.union.unite`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hf_sluice.data.chosen_tasks import keep_tasks
from hf_sluice.data.corpora.parts import Part, read_parts
from hf_sluice.data.corpora.selection import choose_tasks
from hf_sluice.data.corpora.task_columns import task_columns
from hf_sluice.data.load import FORMATS, MAY_KNOW_TASKS, check_corpus, load_corpus, task_names
from hf_sluice.data.sampling import limit_sentences
from hf_sluice.data.union import unite
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus


def load(
    *,
    tasks: Sequence[str] | None = None,
    root: Path | str | None = None,
    parts: Mapping[str, Any],
    sampling_seed: int = 0,
) -> TaggingCorpus:
    """Loads the parts that have one of the tasks asked for.

    Args:
        tasks: of those that the parts name; all by default.
        root: the folder that holds the corpora of the parts that name no other.
        parts: the corpora by name, each a mapping of the fields of :class:`Part`; the name is that of the corpus where
            these name no other.
        sampling_seed: at least 0, of the draws of ``max_sentences``.

    Raises:
        UserError: parts that cannot be loaded or do not fit together, or a task that none has.
    """
    check(root, parts=parts, sampling_seed=sampling_seed)
    chosen = choose_tasks(tasks, [Task(name) for name in names_of_tasks(parts)], "combined")
    names = [task.name for task in chosen]
    loaded = {}
    for name, part in read_parts(parts).items():
        described = {own: task for own, task in _tasks(part).items() if own in names}
        if described:
            with _naming(name):
                corpus = load_corpus(
                    part.corpus,
                    tasks=list(described.values()),
                    domains=part.domains,
                    root=part.root or root,
                    **part.options,
                )
                loaded[name] = limit_sentences(corpus, part.sizes, sampling_seed)
    united = unite(loaded)
    by_name = {task.name: task for task in united.tasks}
    return keep_tasks(united, [by_name[name] for name in names])


def check(root: Path | str | None, *, parts: Any, sampling_seed: int = 0) -> None:
    """Checks what can be checked of the options without reading a corpus.

    Raises:
        UserError: as :func:`load`, so far as this can be known.
    """
    if sampling_seed < 0:
        raise UserError(f"corpus 'combined': option 'sampling_seed' should be at least 0, not {sampling_seed}")
    for name, part in read_parts(parts).items():
        with _naming(name):
            check_corpus(part.corpus, part.root or root, part.options)
            _tasks(part)


def names_of_tasks(parts: Any) -> list[str]:
    """The tasks of all parts.

    Raises:
        UserError: parts that are none, or a task that a corpus does not have.
    """
    names: dict[str, None] = {}
    for name, part in read_parts(parts).items():
        with _naming(name):
            names.update(dict.fromkeys(_tasks(part)))
    return list(names)


def _tasks(part: Part) -> dict[str, str | Mapping[str, Any]]:
    """The tasks of a part, as its corpus is to be asked for them."""
    if part.corpus in FORMATS:
        if part.tasks is None:
            raise UserError("tasks: at least one is needed; the format alone tells none")
        return {_name_in_format(task, part.corpus): task for task in part.tasks}
    known = task_names(part.corpus, part.options)
    for task in part.tasks or ():
        if task not in known:
            raise UserError(f"corpus {part.corpus!r}: there is no task {task!r}; it has {', '.join(known)}")
    return {str(task): str(task) for task in part.tasks or known}


def _name_in_format(task: str | Mapping[str, Any], corpus: str) -> str:
    """The name of a task of a mere format, which is described, or else known to the data set itself."""
    if isinstance(task, str) and corpus == MAY_KNOW_TASKS:
        return task
    (described,), _ = task_columns([task])
    return described.name


@contextmanager
def _naming(part: str) -> Iterator[None]:
    """Says which part an error is about; one in a file names the file."""
    try:
        yield
    except DataError:
        raise
    except UserError as error:
        raise UserError(f"parts.{part}: {error}") from None
