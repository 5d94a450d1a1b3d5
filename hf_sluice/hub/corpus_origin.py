"""Where the sentences of a recipe come from, through corpora that were saved or pushed before, too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.data.formats.hf_task_file import find_task_file
from hf_sluice.hub.cards.sources import Sources
from hf_sluice.hub.harmless_records import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hf_sluice.data.task_file import TaskFile
    from hf_sluice.recipe import Recipe

_COMBINED = "combined"
_DATASETS = "datasets"


@dataclass(frozen=True, slots=True)
class CorpusOrigin:
    """What a corpus was made of, and how.

    Args:
        sources: the corpora.
        settings: the ``data`` and ``tasks`` of the recipe, without what is particular to this machine.
    """

    sources: Sources
    settings: dict[str, Any]

    @classmethod
    def of(cls, recipe: Recipe) -> CorpusOrigin:
        """That of the corpus that a recipe describes."""
        said = recipe.data.model_dump(mode="json", exclude_defaults=True, exclude={"root"})
        data = {"corpus": recipe.data.corpus, **said}
        return cls(_sources(recipe), harmless({"data": data, "tasks": recipe.data_tasks}))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the corpora that something is known of."""
        return tuple(source.name for source in self.sources.corpora)

    @property
    def may_be_published(self) -> bool:
        """Whether no licence forbids to give a copy to anyone."""
        return all(source.may_be_published for source in self.sources.corpora)


def _sources(recipe: Recipe) -> Sources:
    sources = Sources.of_recipe(recipe)
    saved = list(_task_files(recipe.data.corpus, recipe.data.root, recipe.data.options))
    names = dict.fromkeys(name for file in saved if file is not None for name in file.sources)
    found = {source.name: source for source in sources.corpora}
    found |= {name: source for name in names if (source := source_of(name)) is not None}
    all_told = all(file is not None and file.sources for file in saved)
    unknown = tuple(name for name in sources.unknown if not (name == _DATASETS and all_told))
    return replace(sources, corpora=tuple(found.values()), unknown=unknown)


def _task_files(corpus: str, root: str | None, options: Mapping[str, Any]) -> Iterator[TaskFile | None]:
    """What each of the data sets read says of itself."""
    if corpus == _COMBINED:
        for name, fields in options.get("parts", {}).items():
            part = fields or {}
            yield from _task_files(part.get("corpus", name), part.get("root") or root, part.get("options") or {})
    elif corpus == _DATASETS:
        path = options.get("path")
        local = Path(root or "", path or "")
        found = local if local.is_dir() else str(path)
        yield None if path is None else find_task_file(found, options.get("revision"), is_needed=False)
