"""The data of a model: sources, licences and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.hub.cards.markdown import Markdown, listed, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.sources import Sources


def source_lines(sources: Sources) -> Iterator[Markdown]:
    """One line per corpus: what it is called, where it is, under which licence."""
    for source in sources.corpora:
        title = written("[{title}]({url})", title=source.title, url=Markdown(source.url)) if source.url else None
        yield written("{title}. Licence: {licence}", title=title or source.title, licence=Markdown(source.licence_text))
    for name in map(Markdown, sources.hub_ids):  # checked to be what the Hub admits as names
        yield written("[{name}](https://huggingface.co/datasets/{name}): its page says its licence.", name=name)
    unknown = [name for name in sources.unknown if not (name == "datasets" and sources.hub_ids)]
    if unknown:
        yield written(
            "Files of those who trained it (read as {formats}). Their licence is not on record.",
            formats=listed(unknown),
        )


def licence_words(sources: Sources) -> Markdown:
    """What follows for the licence of the model, stated no more than it is known."""
    if sources.licence is None or sources.unknown:
        weights = "Who uses the weights has to ask those who trained them for the licence of the data."
    elif sources.licence == "other":
        weights = "The weights were learned from these data: see to it that your use fits their licences."
    elif "sa" in sources.licence.split("-"):
        weights = (
            "The licence of the data asks that what is made of them be shared alike, so the weights are under the same "
            f"(`{sources.licence}`)."
        )
    else:
        weights = f"The weights are under the licence of the data (`{sources.licence}`)."
    return Markdown(f"{weights} The code of the package is under the Apache License 2.0.")


def sizes_table(record: CardRecord) -> TextTable | None:
    """Sentences and words per split and domain; None where they are not on record."""
    if not record.groups:
        return None
    splits = list(dict.fromkeys(group["split"] for group in record.groups))
    domains = list(dict.fromkeys(group["domain"] for group in record.groups if group["domain"] is not None))
    sizes = {(group["split"], group["domain"]): group for group in record.groups}
    rows = [(domain, *(_size(sizes.get((split, domain))) for split in splits)) for domain in domains]
    rows.append((Markdown("*all*"), *(_size(sizes.get((split, None))) for split in splits)))
    return TextTable("Sentences (words)", ("domain", *splits), tuple(rows), num_names=1)


def _size(group: Mapping[str, Any] | None) -> str:
    return NOTHING if group is None else f"{group['sentences']:,} ({group['words']:,})"
