"""Opening data sets with the `datasets` library: from the Hub, a folder, or single files."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa
from datasets import Dataset, IterableDataset, load_dataset, load_from_disk
from datasets.exceptions import DatasetsError

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Rows: TypeAlias = Dataset | IterableDataset

_FILE_BUILDERS = {".parquet": "parquet", ".json": "json", ".jsonl": "json"}
_SAVED_DICT, _SAVED_DATASET = "dataset_dict.json", "state.json"


def open_dataset(path: Path | str, config: str | None = None, revision: str | None = None) -> dict[str, Rows]:
    """Opens a data set by a Hub id, or a folder: of a saved DatasetDict, or of data files.

    Data files of a local folder are streamed, so no copy of them is cached; what comes from the Hub is cached as
    `datasets` does it. Code of a data set is never run.

    Args:
        path: the folder or the Hub id; a folder is preferred.
        config: the configuration, for data sets that have several.
        revision: branch, tag or commit on the Hub.

    Raises:
        UserError: there is no such data set, it has no splits, or it cannot be read.
    """
    folder = Path(path)
    if (folder / _SAVED_DATASET).is_file():
        raise UserError(
            f"data set {str(path)!r}: saved without splits; save a DatasetDict with train, validation, test"
        )
    with loading_errors(str(path)):
        if (folder / _SAVED_DICT).is_file():
            return _by_split(load_from_disk(path))
        if folder.is_dir():  # whose name "." does not tell
            return _by_split(load_dataset(str(folder.resolve()), config, streaming=True))
        return _by_split(load_dataset(str(path), config, revision=revision))


def open_files(files: Mapping[str, Sequence[Path]]) -> dict[str, Rows]:
    """Opens Parquet, JSON or JSON-lines files (also .gz, .xz), which are streamed.

    Args:
        files: per split its files, all of one type.

    Raises:
        UserError: a file is missing, damaged, or of another type.
    """
    builders = {_builder(path) for paths in files.values() for path in paths}
    if len(builders) != 1:
        raise UserError(f"files: files of one type are expected; there are {', '.join(sorted(builders)) or 'none'}")
    names = {split: [str(path) for path in paths] for split, paths in files.items()}
    with loading_errors(", ".join(name for paths in names.values() for name in paths)):
        return _by_split(load_dataset(builders.pop(), data_files=names, streaming=True))


@contextmanager
def loading_errors(source: str) -> Iterator[None]:
    """Turns what `datasets` raises for data that is missing or damaged into a UserError of one line."""
    try:
        yield
    except (DatasetsError, OSError, ValueError, pa.ArrowException) as error:
        reason = " ".join(str(error.__cause__ or error).split())
        raise UserError(f"data set {source!r} cannot be loaded: {reason}") from None


def _by_split(loaded: Any) -> dict[str, Rows]:
    return {str(split): rows for split, rows in loaded.items()}


def _builder(path: Path) -> str:
    suffixes = [suffix for suffix in path.suffixes if suffix not in (".gz", ".xz")]
    builder = _FILE_BUILDERS.get(suffixes[-1] if suffixes else "")
    if builder is None:
        raise UserError(f"files: {str(path)!r} is not one of {', '.join(_FILE_BUILDERS)} (also .gz, .xz)")
    return builder
