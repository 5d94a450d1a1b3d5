"""A repository on the Hub as it stands before a push: its branches, its files, who wrote its card."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huggingface_hub import HfApi, get_session, hf_hub_url
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, validate_repo_id

from .hub_errors import HubError
from .pushed_files import PUSHED_FILES, read_list

if TYPE_CHECKING:
    from collections.abc import Iterator

CARD = "README.md"
_MAIN = "main"
_SECONDS = 120.0
_PHASES = ("connect", "read", "write", "pool")


@dataclass(frozen=True)
class Repository:
    """A repository, and who asks for it.

    Args:
        api: the Hub's client.
        name: ``user/name``.
        kind: ``model`` or ``dataset``.
    """

    api: HfApi
    name: str
    kind: str = "model"


@dataclass(frozen=True)
class Standing:
    """What a branch holds before a push.

    Args:
        branch: its name; None for the main one.
        is_new: whether it has to be made first.
        commit: its last commit, or the one at which it is to begin.
        files: paths.
        card: the text of its ``README.md``, None where it has none.
        pushed: files that an earlier push left.
    """

    branch: str | None
    is_new: bool
    commit: str
    files: frozenset[str]
    card: str | None
    pushed: frozenset[str]


def open_repository(repository: Repository, *, private: bool | None) -> None:
    """Makes a repository where there is none.

    Args:
        repository: which.
        private: whether a new one is for those alone who are let in.

    Raises:
        HubError: there is a public one, and a private one was asked for.
    """
    api, name, kind = repository.api, repository.name, repository.kind
    validate_repo_id(name)
    api.create_repo(name, private=private, exist_ok=True, repo_type=kind)
    if private and not api.repo_info(name, repo_type=kind).private:
        raise HubError(f"{name}: the repository is there already, and it is public; nothing was published")


def standing(repository: Repository, branch: str | None) -> Standing:
    """Looks at a branch.

    Args:
        repository: which.
        branch: by default the main one; ``refs/pr/1`` for a pull request.

    Raises:
        HubError: what should be a branch is a tag.
    """
    api, name, kind = repository.api, repository.name, repository.kind
    refs = api.list_repo_refs(name, include_pull_requests=True, repo_type=kind)
    if branch in {ref.name for ref in refs.tags}:
        raise HubError(f"{name}: {branch} is a tag; only branches can be pushed to")
    heads = {ref.name: ref.target_commit for ref in refs.branches}
    heads |= {ref.ref: ref.target_commit for ref in refs.pull_requests or ()}
    commit = heads.get(branch or _MAIN, heads[_MAIN])
    files = frozenset(api.list_repo_files(name, revision=commit, repo_type=kind))
    card = _read(repository, commit, CARD).decode("utf-8", "replace") if CARD in files else None
    pushed = read_list(_read(repository, commit, PUSHED_FILES)) if PUSHED_FILES in files else frozenset()
    return Standing(branch, (branch or _MAIN) not in heads, commit, files, card, pushed & files)


@contextmanager
def new_branch(repository: Repository, found: Standing) -> Iterator[None]:
    """A branch for what is done in the block, made if need be; it is gone again if the block fails.

    Args:
        repository: which.
        found: what there is.
    """
    if not found.is_new or found.branch is None:
        yield
        return
    try:
        repository.api.create_branch(
            repository.name, branch=found.branch, revision=found.commit, exist_ok=True, repo_type=repository.kind
        )
        yield
    except BaseException:
        _take_back(repository, found.branch, found.commit)
        raise


@contextmanager
def limited_waiting() -> Iterator[None]:
    """Lets the Hub's client wait for two minutes at most, wherever the Hub does not answer."""
    session = get_session()
    before = session.event_hooks
    session.event_hooks = {**before, "request": [*before["request"], _limit_waiting]}
    try:
        yield
    finally:
        session.event_hooks = before


def _limit_waiting(request: Any) -> None:
    """Sets limits where there are none; those of the session do not count where the client asks for none by name."""
    limits = request.extensions.get("timeout") or {}
    request.extensions["timeout"] = {phase: limits.get(phase) or _SECONDS for phase in _PHASES}


def _take_back(repository: Repository, branch: str, commit: str) -> None:
    """Removes a branch that still is what it began as: a commit may have come through though its answer was lost."""
    with suppress(Exception):  # of what went wrong first, the user has to be told
        api, name, kind = repository.api, repository.name, repository.kind
        heads = {ref.name: ref.target_commit for ref in api.list_repo_refs(name, repo_type=kind).branches}
        if heads.get(branch) == commit:
            api.delete_branch(name, branch=branch, repo_type=kind)


def _read(repository: Repository, commit: str, path: str) -> bytes:
    api = repository.api
    url = hf_hub_url(repository.name, path, revision=commit, endpoint=api.endpoint, repo_type=repository.kind)
    response = get_session().get(url, headers=build_hf_headers(token=api.token))
    hf_raise_for_status(response)
    return response.content
