"""The corpora behind a model: what a recipe names, with licences and languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huggingface_hub.utils import HFValidationError, validate_repo_id

from hf_sluice.data.corpus_sources import CorpusSource, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hf_sluice.recipe import Recipe

_COMBINED = "combined"
_DATASETS = "datasets"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the data of a model come from.

    Args:
        corpora: those that something is known of, each once.
        unknown: names of the others: mere file formats, whose content only who trained the model knows.
        hub_ids: data sets on the Hub among them.
        revision: of the data set on the Hub, where one alone was read and a revision was asked for.
    """

    corpora: tuple[CorpusSource, ...] = ()
    unknown: tuple[str, ...] = ()
    hub_ids: tuple[str, ...] = ()
    revision: str | None = None

    @classmethod
    def of_recipe(cls, recipe: Recipe | None) -> Sources:
        """Those that a recipe names; none without a recipe."""
        if recipe is None:
            return cls()
        used = list(_used(recipe.data.corpus, recipe.data.options))
        known = {name: source for name, options in used if (source := source_of(name, options)) is not None}
        unknown = dict.fromkeys(name for name, _ in used if name not in known)
        root = Path(recipe.data.root or "")
        hub = {options["path"]: options.get("revision") for name, options in used if _is_on_hub(name, options, root)}
        revision = next(iter(hub.values())) if len(hub) == 1 else None
        return cls(tuple(known.values()), tuple(unknown), tuple(hub), revision)

    @property
    def title(self) -> str:
        """What they are called together; empty where nothing is known."""
        return "; ".join([*(source.title for source in self.corpora), *self.hub_ids])

    @property
    def languages(self) -> list[str]:
        """Codes of their languages; nothing where one of them is unknown."""
        if self.unknown:
            return []
        return list(dict.fromkeys(language for source in self.corpora for language in source.languages))

    @property
    def licence(self) -> str | None:
        """The Hub's identifier of a licence that a model of these data can be given; None where nothing is known.

        All corpora have to be under one and the same licence that has an identifier; else it is ``other``.
        """
        if not self.corpora:
            return None
        licences = {source.licence for source in self.corpora}
        return licences.pop() if len(licences) == 1 and not self.unknown else "other"


def _used(corpus: str, options: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Names of corpora with their options; those of its parts in place of a combined one."""
    if corpus != _COMBINED:
        yield corpus, options
        return
    for name, described in options.get("parts", {}).items():
        part = described or {}
        yield from _used(part.get("corpus", name), part.get("options") or {})


def _is_on_hub(corpus: str, options: Mapping[str, Any], root: Path) -> bool:
    """Whether a data set is one of the Hub, ``user/name``, and no folder of this machine."""
    path = options.get("path")
    if corpus != _DATASETS or not isinstance(path, str) or path.count("/") != 1 or (root / path).exists():
        return False
    try:
        validate_repo_id(path)
    except HFValidationError:
        return False
    return True
