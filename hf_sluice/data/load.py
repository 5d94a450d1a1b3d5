"""The one entry to annotated data: a corpus by its name."""

from __future__ import annotations

import inspect
import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_sluice.data.domains import keep_domains
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.tasks import Task

ROOT_VARIABLE = "HF_SLUICE_DATA"
"""The environment variable that names the folder of the corpora."""

FORMATS = ("columns", "conllu", "datasets")
"""Names of corpora that are mere file formats: they know no tasks of their own."""

MAY_KNOW_TASKS = "datasets"
"""The format whose data sets may say which tasks they have: those that ``hf-sluice data`` saved."""

_COMBINED = "combined"  # the corpus whose tasks, and what it needs, depend on its options

_NEEDS_ROOT = {
    "broad_twitter": True,
    "combined": False,
    "columns": False,
    "conllu": False,
    "datasets": False,
    "demo": False,
    "ewt": True,
    "gum": True,
    "masc": True,
    "ontonotes": True,
    "semcor": True,
    "streusle": True,
    "wnut17": True,
}
"""Every corpus, and whether it is looked for in the root folder. Each is a module of `hf_sluice.data.corpora`."""


def load_corpus(
    name: str,
    *,
    tasks: Sequence[str | Task | Mapping[str, Any]] | None = None,
    domains: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
    root: Path | str | None = None,
    **options: Any,
) -> TaggingCorpus:
    """Loads a corpus.

    Args:
        name: ``broad_twitter``, ``demo``, ``ewt``, ``gum``, ``masc``, ``ontonotes``, ``semcor``,
            ``streusle``, ``wnut17``, a format (``columns``, ``conllu``, ``datasets``), or ``combined``, which is made
            of several others.
        tasks: the names of the tasks wanted, all by default. A format knows no tasks: there each is a
            :class:`Task`, or a mapping of its fields with ``column``, where its labels stand (by default the column
            of its name). A data set that ``hf-sluice data`` saved knows its tasks, though.
        domains: keep only these domains, in all splits or per split.
        root: the folder that holds the folders of the corpora; by default the environment variable HF_SLUICE_DATA
            names it. For a format, the folder that relative paths start from.
        options: those of the corpus; see the ``load`` function of its module in ``hf_sluice.data.corpora``.

    Raises:
        UserError: an unknown name, option, task, domain or split, no root where one is needed, or data that is not
            what it should be (then a DataError).
    """
    load: Callable[..., TaggingCorpus] = _module(name).load
    _check_options(name, load, options)
    corpus = load(tasks=tasks, root=_root(name, root), **options)
    return corpus if domains is None else keep_domains(corpus, domains)


def check_corpus(name: str, root: Path | str | None, options: Mapping[str, Any]) -> None:
    """Checks what can be checked of a corpus without reading it.

    Raises:
        UserError: an unknown name or option, or no root where one is needed.
    """
    _check_options(name, _module(name).load, options)
    _root(name, root)
    if name == _COMBINED:
        _module(name).check(root, **options)


def task_names(name: str, options: Mapping[str, Any]) -> list[str]:
    """The tasks that a corpus is annotated for; a mere format has none.

    Args:
        name: of the corpus.
        options: its own; only those of a combined corpus have a say.

    Raises:
        UserError: an unknown corpus, or a combined one whose options make no sense.
    """
    if name in FORMATS:
        return []
    if name == _COMBINED:
        _check_options(name, _module(name).load, options)
        names: list[str] = _module(name).names_of_tasks(options["parts"])
        return names
    return [task.name for task in _module(name).TASKS]


def _module(name: str) -> ModuleType:
    if name not in _NEEDS_ROOT:
        raise UserError(f"corpus {name!r} is unknown; choose one of {', '.join(_NEEDS_ROOT)}")
    return import_module(f"hf_sluice.data.corpora.{name}")


def _check_options(name: str, load: Callable[..., TaggingCorpus], options: Mapping[str, Any]) -> None:
    parameters = inspect.signature(load).parameters
    known = [option for option in parameters if option not in ("tasks", "root")]
    for option, value in options.items():
        if option not in known:
            raise UserError(f"corpus {name!r}: unknown option {option!r}; it takes {', '.join(known) or 'no options'}")
        _check_kind(name, parameters[option], value)
    for option in known:
        if parameters[option].default is inspect.Parameter.empty and option not in options:
            raise UserError(f"corpus {name!r}: option {option!r} is missing")


def _check_kind(name: str, parameter: inspect.Parameter, value: Any) -> None:
    """Holds plain options to the kind of their default: a recipe may say anything."""
    if value is None and "None" in str(parameter.annotation):
        return
    for kind, wanted in ((bool, "true or false"), (int, "a whole number"), (str, "a text")):
        if type(parameter.default) is kind and type(value) is not kind:
            raise UserError(f"corpus {name!r}: option {parameter.name!r} should be {wanted}, not {value!r}")


def _root(name: str, root: Path | str | None) -> Path | None:
    if root is not None:
        return _existing_folder(Path(root), "root")
    if not _NEEDS_ROOT[name]:
        return None
    if not os.environ.get(ROOT_VARIABLE):
        raise UserError(
            f"corpus {name!r}: set {ROOT_VARIABLE} (or root) to the folder that holds the folders of the corpora"
        )
    return _existing_folder(Path(os.environ[ROOT_VARIABLE]), ROOT_VARIABLE)


def _existing_folder(root: Path, source: str) -> Path:
    if not root.is_dir():
        raise UserError(f"{source} {str(root)!r} is not a folder; the folder that holds the corpora is expected")
    return root
