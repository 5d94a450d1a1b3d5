"""A folder as one commit on the Hub: all of it or nothing, and nothing of what others put there is lost."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, get_token
from huggingface_hub.errors import LocalTokenNotFoundError
from huggingface_hub.utils import validate_repo_id

from .generated_card import is_untouched
from .hub_errors import HubError, explained
from .hub_repository import CARD, Repository, limited_waiting, new_branch, open_repository, standing
from .pushed_files import PUSHED_FILES, write_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from huggingface_hub import CommitInfo

    from .hub_repository import Standing

_LARGE = (".safetensors", ".parquet")


@dataclass(frozen=True)
class Target:
    """Where a push goes, and what is said of it.

    Args:
        repo_id: ``user/name``; :func:`full_name` gives it.
        message: the commit's title.
        description: and what else is said of it.
        private: whether a new repository is for those alone who are let in.
        token: by default what ``hf auth login`` or ``HF_TOKEN`` gave.
        branch: by default the main one; a new one begins with what the main one holds.
        as_pull_request: whether to propose the commit instead of making it.
        kind: of the repository: ``model`` or ``dataset``.
    """

    repo_id: str
    message: str
    description: str | None = None
    private: bool | None = None
    token: str | bool | None = None
    branch: str | None = None
    as_pull_request: bool = False
    kind: str = "model"


@dataclass(frozen=True)
class Published:
    """What a push came to.

    Args:
        repo_id: ``user/name``.
        commit: as the Hub's client describes it: the address of the commit, its id, of the pull request too.
        sizes: bytes of each file that was to be there.
        deleted: files of an earlier push that were removed.
        card: what became of ``README.md``.
        is_new: False where everything was there already, so that there is no commit.
    """

    repo_id: str
    commit: CommitInfo
    sizes: dict[str, int]
    deleted: tuple[str, ...]
    card: Literal["none", "new", "replaced", "kept"]
    is_new: bool


def publish(
    folder: Path,
    target: Target,
    *,
    spares: Callable[[str], bool] = lambda _name: False,
    tell: Callable[[str], None] = lambda _line: None,
) -> Published:
    """Makes a branch of a repository hold what a folder holds.

    Files that an earlier push left and this one lacks are deleted; those that others put there are kept, and so is a
    card that a person wrote or changed.

    Args:
        folder: all of its files are published.
        target: where to.
        spares: whether to keep a file of an earlier push that the folder lacks.
        tell: called with a line for each step.

    Raises:
        HubError: it did not work, and nothing was published; the message is one line.
    """
    with _talking_to_the_hub(target.repo_id, target.token) as api:
        _check_harmless(folder, str(api.token))
        return _publish(api, folder, target, spares, tell)


def full_name(repo_id: str, token: str | bool | None = None) -> str:
    """``user/name``, where the name alone is given for one of the user's own repositories.

    Raises:
        HubError: the Hub does not say whose the token is, or it is no name.
    """
    with _talking_to_the_hub(repo_id, token) as api:
        validate_repo_id(repo_id)
        return repo_id if "/" in repo_id else f"{api.whoami()['name']}/{repo_id}"


@contextmanager
def _talking_to_the_hub(repo_id: str, token: str | bool | None) -> Iterator[HfApi]:
    """A client for the block; what goes wrong there comes out as one line."""
    try:
        known = get_token() if token in {None, True} else token
        if not known:
            raise LocalTokenNotFoundError  # noqa: TRY301 - of all that is to come out as one line
        with limited_waiting():
            yield HfApi(token=known)
    except Exception as error:
        one_line = explained(error, repo_id)
        if one_line is None or one_line is error:
            raise
        raise one_line from error


def _publish(
    api: HfApi, folder: Path, target: Target, spares: Callable[[str], bool], tell: Callable[[str], None]
) -> Published:
    name = target.repo_id
    repository = Repository(api, name, target.kind)
    open_repository(repository, private=target.private)
    found = standing(repository, target.branch)
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    card = _fate_of_card(files, found)
    if card == "kept":
        del files[CARD]
    old = found.pushed - files.keys() - {CARD, PUSHED_FILES}
    deleted = tuple(sorted(path for path in old if not spares(path)))
    sizes = {path: file.stat().st_size for path, file in files.items()}
    listed = write_list({*files, *old, *(found.pushed & {CARD})} - {*deleted})
    additions = [CommitOperationAdd(path, _content(file)) for path, file in files.items()]
    additions.append(CommitOperationAdd(PUSHED_FILES, listed))
    tell(f"Uploading {len(sizes)} files, {sum(sizes.values()) / 1e6:.1f} MB, to {name}")
    if found.is_new:  # so that the branch is there for as short as possible before its commit
        api.preupload_lfs_files(name, additions, revision=None, free_memory=False, repo_type=target.kind)
    with new_branch(repository, found):
        commit = api.create_commit(
            name,
            [*additions, *(CommitOperationDelete(path, is_folder=False) for path in deleted)],
            commit_message=target.message,
            commit_description=target.description,
            revision=target.branch,
            create_pr=target.as_pull_request,
            parent_commit=found.commit,
            repo_type=target.kind,
        )
    return Published(name, commit, sizes, deleted, card, is_new=commit.oid != found.commit)


def _content(file: Path) -> str | bytes:
    """Large files are read when they are sent; the others are sent as they are now."""
    return str(file) if file.suffix in _LARGE else file.read_bytes()


def _fate_of_card(files: dict[str, Path], found: Standing) -> Literal["none", "new", "replaced", "kept"]:
    if CARD not in files:
        return "none"
    if found.card is None:
        return "new"
    return "replaced" if is_untouched(found.card) else "kept"


def _check_harmless(folder: Path, token: str) -> None:
    """Sees to it that no file gives the token away."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _LARGE and token.encode() in path.read_bytes():
            raise HubError(f"{path.name}: holds your token, which should stand in no file; nothing was published")
