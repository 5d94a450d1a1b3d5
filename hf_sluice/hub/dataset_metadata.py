"""The metadata of a data-set card, by which the Hub and ``datasets`` find splits and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from datasets import DatasetInfo, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCardData

from hf_sluice.hub.harmless_text import in_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.hub.cards.sources import Sources

_CONFIGURATION = "default"
_TAGS = ("hf_sluice", "multi-task-learning", "sequence-tagging")
# Of sentences, as the Hub groups data sets: https://huggingface.co/docs/hub/datasets-cards.
_SIZES = {"n<1K": 10**3, "1K<n<10K": 10**4, "10K<n<100K": 10**5, "100K<n<1M": 10**6, "1M<n<10M": 10**7}
_LARGEST = "n>10M"


def data_file(split: str) -> str:
    """The path of a split's file in the folder of a corpus, named as ``datasets`` names such files."""
    return f"data/{split}-00000-of-00001.parquet"


def dataset_metadata(corpus: TaggingCorpus, sources: Sources, title: str, folder: Path) -> DatasetCardData:
    """The metadata.

    Args:
        corpus: the corpus.
        sources: what it was made of.
        title: of the card.
        folder: holds the files of its splits.
    """
    sentences = sum(map(len, corpus.values()))
    is_other = sources.licence == "other"
    links = [source.url for source in sources.corpora if source.licence == "other"]
    data = DatasetCardData(
        language=sources.languages or None,
        license=sources.licence,
        pretty_name=in_markdown(title),
        size_categories=[next((name for name, size in _SIZES.items() if sentences < size), _LARGEST)],
        task_categories=["token-classification"],
        tags=list(_TAGS),
        license_name="licences-of-the-sources" if is_other else None,
        license_link=links[0] if is_other and len(links) == 1 else None,
        configs=[
            {
                "config_name": _CONFIGURATION,
                "data_files": [{"split": split, "path": f"data/{split}-*"} for split in corpus],
            }
        ],
    )
    DatasetInfosDict({_CONFIGURATION: _info(corpus, folder)}).to_dataset_card_data(data)
    return data


def _info(corpus: TaggingCorpus, folder: Path) -> DatasetInfo:
    """Columns, and sizes of the splits."""
    features = next(iter(corpus.values())).features
    splits = SplitDict()
    for split, data in corpus.items():
        splits.add(SplitInfo(split, num_bytes=pq.read_table(folder / data_file(split)).nbytes, num_examples=len(data)))
    return DatasetInfo(
        features=features,
        splits=splits,
        download_size=sum((folder / data_file(split)).stat().st_size for split in corpus),
        dataset_size=sum(split.num_bytes for split in splits.values()),
    )
