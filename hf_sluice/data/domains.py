"""Where the domain of a sentence comes from, and the choice of domains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets import Dataset

    from hf_sluice.data.sentence import Place


@dataclass(frozen=True, slots=True)
class DomainRule:
    """How a sentence gets its domain: one fixed name, or what a pattern finds in a text that goes with the sentence.

    Args:
        name: the fixed name; empty where a pattern is used.
        source: which text is searched: ``file`` (the path of the file or ``archive!member``), or what the format offers
            besides (``document``, the metadata keys of CoNLL-U such as ``sent_id``).
        pattern: a regular expression with one group, the domain.

    Raises:
        UserError: both or neither way is given, or the pattern is none or has not one group.
    """

    name: str = ""
    source: str = ""
    pattern: str = ""

    def __post_init__(self) -> None:
        if bool(self.name) == bool(self.source and self.pattern) or bool(self.source) != bool(self.pattern):
            raise UserError("domain: give a name, or both a source and a pattern with one group")
        try:
            groups = re.compile(self.pattern).groups
        except re.error as error:
            raise UserError(f"domain: pattern {self.pattern!r} is no regular expression ({error})") from None
        if self.pattern and groups != 1:
            raise UserError(f"domain: pattern {self.pattern!r} has {groups} groups; one, the domain, is needed")

    @classmethod
    def read(cls, value: str | Mapping[str, Any] | DomainRule | None) -> DomainRule | None:
        """Understands what an option may say: a name, a mapping with ``source`` and ``pattern``, a rule, or None."""
        if value is None or isinstance(value, DomainRule):
            return value
        if isinstance(value, str):
            return cls(name=value)
        unknown = set(value) - {"name", "source", "pattern"}
        if unknown:
            raise UserError(f"domain: unknown field {min(unknown)!r}; it takes name, or source and pattern")
        return cls(**value)

    def domain(self, texts: Mapping[str, str], place: Place) -> str:
        """The domain of one sentence.

        Args:
            texts: what can be searched, by source.
            place: the sentence's, for messages.

        Raises:
            DataError: the source is missing or the pattern does not match.
        """
        if self.name:
            return self.name
        if self.source not in texts:
            known = ", ".join(texts)
            raise DataError(place.path, place.line, f"domain: there is no {self.source!r} to search; there is {known}")
        found = re.search(self.pattern, texts[self.source])
        if not found or not found[1]:
            raise DataError(place.path, place.line, f"domain: {self.pattern!r} finds nothing in {texts[self.source]!r}")
        return found[1]


def keep_domains(
    corpus: TaggingCorpus, domains: str | Sequence[str] | Mapping[str, str | Sequence[str]]
) -> TaggingCorpus:
    """Keeps only the sentences of some domains; domain ids and label sets stay what they are.

    Args:
        corpus: what to choose from.
        domains: one or several names for all splits, or per split; a split that is not named is kept whole.

    Raises:
        UserError: an unknown domain or split, or a split of which nothing is left.
    """
    per_split = dict(domains) if isinstance(domains, Mapping) else dict.fromkeys(corpus, domains)
    unknown = set(per_split) - set(corpus)
    if unknown:
        raise UserError(f"domains: there is no split {min(unknown)!r}; there is {', '.join(corpus)}")
    kept = {
        split: _keep(data, split, per_split[split], corpus.domains) if split in per_split else data
        for split, data in corpus.items()
    }
    return TaggingCorpus(kept, corpus.tasks, corpus.notes)


def _keep(data: Dataset, split: str, domains: str | Sequence[str], known: Sequence[str]) -> Dataset:
    names = [domains] if isinstance(domains, str) else list(domains)
    for name in names:
        if name not in known:
            listed = ", ".join(known) or "none: the corpus tells no domains apart"
            raise UserError(f"domains: {name!r} is not one of the corpus; it has {listed}")
    ids = {known.index(name) for name in names}
    rows = [row for row, domain in enumerate(data["domain"]) if domain in ids]
    if not rows:
        raise UserError(f"domains: no sentence of split {split!r} is left of {', '.join(names) or 'no domains'}")
    return data.select(rows)
