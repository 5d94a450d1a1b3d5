"""From a recipe's ``data`` section to sentences: the corpus as it is, and what the recipe chooses and makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from hf_sluice.data.chosen_tasks import keep_labelled, keep_tasks
from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.derived_tasks import add_derived_task
from hf_sluice.data.disjoint_sentences import separate_sentences
from hf_sluice.data.domain_tasks import split_by_domain
from hf_sluice.data.domains import keep_domains
from hf_sluice.data.load import FORMATS, MAY_KNOW_TASKS, load_corpus, task_names
from hf_sluice.data.sampling import limit_sentences
from hf_sluice.data.scheme_conversion import convert_scheme
from hf_sluice.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.recipe import DataRecipe
    from hf_sluice.tasks import Task

Described: TypeAlias = str | dict[str, Any]

_SETTABLE = ("weight", "decoder")
"""The fields of a task described by its corpus that a recipe may set, besides the scheme, which changes the labels."""


def load_source_corpus(data: DataRecipe, tasks: Sequence[Described]) -> TaggingCorpus:
    """Loads the corpus as it is, all domains and sentences, with the annotated tasks that a recipe's tasks come from.

    Args:
        data: the recipe's section.
        tasks: the recipe's tasks.

    Raises:
        UserError: a wrong name, option or task; or a DataError.
    """
    return load_corpus(data.corpus, tasks=source_tasks(data, tasks), root=data.root, **data.options)


def source_tasks(data: DataRecipe, tasks: Sequence[Described]) -> list[Described]:
    """The annotated tasks that a recipe's tasks are or come from: as described for a mere format, else named.

    Which tasks a data set knows by itself is seen when it is read.

    Raises:
        RecipeError: the section names a task that there is not, or gives a new one a name that is taken.
    """
    annotated = {_name(task): task if data.corpus in FORMATS else _name(task) for task in tasks}
    annotated = {name: task for name, task in annotated.items() if not _is_made(data, name)}
    if data.corpus != MAY_KNOW_TASKS:
        _check_names(data, annotated if data.corpus in FORMATS else task_names(data.corpus, data.options))
    needed = [*map(_name, tasks), *data.disjoint_sentences, *([data.domain_tasks] if data.domain_tasks else [])]
    for name in needed:
        source = data.derived_tasks[name].source if name in data.derived_tasks else name
        if not _is_made(data, source):
            annotated.setdefault(source, source)
    return list(annotated.values())


def choose_from_corpus(corpus: TaggingCorpus, data: DataRecipe, tasks: Sequence[Described]) -> TaggingCorpus:
    """Makes the tasks and chooses the sentences that a recipe asks for.

    Args:
        corpus: what :func:`load_source_corpus` gave, possibly with more tasks; left as it is.
        data: the recipe's section.
        tasks: the recipe's tasks; those of the result, in this order.

    Raises:
        UserError: a domain, task or split that the corpus lacks, or fewer sentences than asked for.
    """
    # First, so that a sentence's random labels do not depend on which other sentences are chosen.
    for name in data.derived_tasks:
        if name in {*map(_name, tasks), *data.disjoint_sentences, data.domain_tasks}:
            derived = data.derived_tasks[name]
            corpus = add_derived_task(corpus, name, derived.source, derived.labels, data.sampling_seed)
    corpus = keep_domains(corpus, data.domains())
    corpus = limit_sentences(corpus, {str(split): n for split, n in data.max_sentences.items()}, data.sampling_seed)
    if data.domain_tasks is not None:
        corpus = split_by_domain(corpus, data.domain_tasks)
    if data.disjoint_sentences:
        corpus = separate_sentences(corpus, data.disjoint_sentences, data.sampling_seed)
    chosen = keep_tasks(corpus, [_chosen(corpus.tasks, task, data) for task in tasks])
    if data.domain_tasks is not None or data.disjoint_sentences:
        chosen = keep_labelled(chosen)
    for name, scheme in _schemes(data, tasks).items():
        chosen = convert_scheme(chosen, name, scheme)
    if data.validate_on_train:
        notes = (*chosen.notes, "validation: the training sentences, in place of those of development")
        chosen = TaggingCorpus({**chosen, "validation": chosen["train"]}, chosen.tasks, notes)
    return chosen


def _name(task: Described) -> str:
    return task if isinstance(task, str) else task["name"]


def _is_made(data: DataRecipe, name: str) -> bool:
    """Whether a task is none of the corpus but made from one."""
    return name in data.derived_tasks or (data.domain_tasks is not None and name.startswith(f"{data.domain_tasks}_"))


def _check_names(data: DataRecipe, annotated: Iterable[str]) -> None:
    annotated = list(annotated)
    for name, derived in data.derived_tasks.items():
        if name in annotated:
            raise RecipeError(f"data.derived_tasks.{name}: an annotated task has this name; choose another one")
        _check_known(f"data.derived_tasks.{name}.source", derived.source, annotated)
    known = [*annotated, *data.derived_tasks]
    if data.domain_tasks is not None:
        _check_known("data.domain_tasks", data.domain_tasks, known)
    for name in data.disjoint_sentences:
        if not _is_made(data, name):
            _check_known("data.disjoint_sentences", name, known)


def _check_known(field: str, name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise RecipeError(f"{field}: there is no task {name!r}; there is {', '.join(known) or 'none'}")


def _chosen(known: Iterable[Task], described: Described, data: DataRecipe) -> Task:
    name, values = (described, {}) if isinstance(described, str) else (described["name"], dict(described))
    by_name = {task.name: task for task in known}
    if name not in by_name:
        raise RecipeError(f"tasks: there is no task {name!r}; there is {', '.join(by_name)}")
    if _is_described(data, name):
        return by_name[name]
    fields = {field: value for field, value in values.items() if field not in ("name", "scheme")}
    for field in fields:
        if field not in _SETTABLE:
            settable = f"{', '.join(_SETTABLE)} or scheme"
            raise RecipeError(
                f"tasks: {name!r} is described by its corpus; only its {settable} can be set, not {field}"
            )
    return replace(by_name[name], **fields)


def _is_described(data: DataRecipe, name: str) -> bool:
    """Whether a task is all that the recipe says of it, its file format knowing none."""
    return data.corpus in FORMATS and not _is_made(data, name)


def _schemes(data: DataRecipe, tasks: Sequence[Described]) -> dict[str, Any]:
    """Per task that its corpus describes the scheme that the recipe wants, where it wants one."""
    return {
        task["name"]: task["scheme"]
        for task in tasks
        if isinstance(task, dict) and "scheme" in task and not _is_described(data, task["name"])
    }
