"""Models on the Hub by the name that a user gives, ``user/repo`` or ``user/repo@revision``, and their files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from huggingface_hub import snapshot_download
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.hub_repository import limited_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = re.compile(r"(?P<repository>[\w.-]+(?:/[\w.-]+)?)(?:@(?P<revision>\w[\w./+-]*))?")


@dataclass(frozen=True)
class HubModel:
    """A model on the Hub.

    Args:
        repository: its name.
        revision: a branch, a tag or a commit; None for the main branch.
    """

    repository: str
    revision: str | None = None

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Reads ``user/repo`` or ``user/repo@revision``; None for what can be neither."""
        found = _NAME.fullmatch(name)
        return None if found is None else cls(found["repository"], found["revision"])

    def fetch(self, files: Sequence[str]) -> Path:
        """The folder that holds some files of it, in the Hub client's cache; the files are fetched if need be.

        Args:
            files: names; no others are asked for, and it is no error if one is not there.

        Raises:
            ModelFolderError: there is no such model or revision, or it cannot be fetched.
        """
        name = self.repository if self.revision is None else f"{self.repository}@{self.revision}"
        try:
            with limited_waiting():
                return Path(snapshot_download(self.repository, revision=self.revision, allow_patterns=list(files)))
        except RevisionNotFoundError:
            raise ModelFolderError(f"{name}: the model on the Hub has no revision {self.revision!r}") from None
        except RepositoryNotFoundError:
            reason = "or it is not for everybody and the token, if any, is not let in"
            raise ModelFolderError(f"{name}: no such folder, and no model of this name on the Hub, {reason}") from None
        except (OSError, ValueError) as error:
            reason = str(error).strip().split("\n")[0].rstrip(".")
            raise ModelFolderError(f"{name}: no such folder, and no model of this name on the Hub ({reason})") from None
