"""Publishing a run or a saved model: staged, tried out, then sent in one commit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.hub.staged_folder import stage
from hf_sluice.models.hub_errors import HubError
from hf_sluice.models.hub_publishing import full_name, publish
from hf_sluice.new_folder import new_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from hf_sluice.models.hub_publishing import Published, Target


def push(name: str, target: Target, tell: Callable[[str], None] = lambda _line: None) -> Published:
    """Publishes a model with all that belongs to it.

    Args:
        name: the folder of a finished run or of a model, or a model's name on the Hub.
        target: where to; its ``repo_id`` may be a name among the user's own repositories.
        tell: called with a line for each step.

    Raises:
        UserError: the model cannot be published as it is, or the Hub did not take it; then nothing was published.
    """
    try:
        target = replace(target, repo_id=full_name(target.repo_id, target.token))
        with TemporaryDirectory() as path:
            tell(f"Putting {name} together and trying it out")
            stage(name, Path(path), target.repo_id)
            return publish(Path(path), target, tell=tell)
    except HubError as error:
        raise UserError(str(error)) from error


def write_staged(name: str, repo_id: str, folder: Path) -> dict[str, int]:
    """Writes what would be published into a new folder, and asks nobody.

    Args:
        name: as for :func:`push`.
        repo_id: ``user/name``.
        folder: it may be there if it is empty.

    Returns:
        The bytes of each file, by its path in there.

    Raises:
        UserError: the model cannot be published as it is, or the folder cannot be written.
    """
    with new_folder(folder) as aside:
        stage(name, aside, repo_id)
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()
    }
