"""One file of a repository on the Hub, or of a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

if TYPE_CHECKING:
    import os

_CONNECTION_ERROR: type[Exception] = HfHubHTTPError.__bases__[
    0
]  # of the library that the client uses for HTTP, which has changed


@dataclass(frozen=True)
class FileSource:
    """Where files are read: a folder, or a repository on the Hub.

    Args:
        name: the folder, or the repository's name (``user/repo``).
        revision: branch, tag or commit; by default the main branch.
        cache_dir: where files of the Hub are kept.
        token: for repositories that are not everybody's; True for the one that was given to the Hub's client.
        local_files_only: whether to look at what has been fetched before, and at nothing else.
        subfolder: of the folder or repository.
        kind: of the repository: ``model`` or ``dataset``.
    """

    name: str | os.PathLike[str]
    revision: str | None = None
    cache_dir: str | Path | None = None
    token: str | bool | None = None
    local_files_only: bool = False
    subfolder: str = ""
    kind: str = "model"

    @property
    def is_folder(self) -> bool:
        """Whether the files lie here."""
        return Path(self.name).is_dir()

    def file(self, name: str) -> Path:
        """The path of a file, fetched if need be; no other file is.

        Raises:
            FileNotFoundError: there is no such file.
            OSError: the repository, or its revision, is not there or cannot be read, or the Hub cannot be reached.
        """
        if self.is_folder:
            path = Path(self.name) / self.subfolder / name
            if not path.is_file():
                raise FileNotFoundError(f"{self.name}: holds no file {name}")
            return path
        try:
            return Path(
                hf_hub_download(
                    str(self.name),
                    name,
                    subfolder=self.subfolder or None,
                    repo_type=self.kind,
                    revision=self.revision,
                    cache_dir=self.cache_dir,
                    token=self.token,
                    local_files_only=self.local_files_only,
                )
            )
        except LocalEntryNotFoundError as error:
            cause = _first_line(error.__cause__ or error)
            raise OSError(f"{self.name}: {name} has not been fetched before, and cannot be now ({cause})") from error
        except EntryNotFoundError as error:
            raise FileNotFoundError(f"{self.name}: holds no file {name}") from error
        except GatedRepoError as error:
            raise OSError(f"{self.name}: access has to be asked for on the Hub ({_first_line(error)})") from error
        except RevisionNotFoundError as error:
            raise OSError(f"{self.name}: there is no revision {self.revision!r}") from error
        except RepositoryNotFoundError as error:
            raise OSError(
                f"{self.name}: no such folder, and no repository of this name on the Hub that this token may read"
            ) from error
        except (_CONNECTION_ERROR, ValueError) as error:  # ValueError: no name of a repository
            raise OSError(f"{self.name}: {name} cannot be fetched ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".:") if lines else type(error).__name__
