"""What the Hub of the tests holds, and what is asked of it and answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.hub_repositories import Commit, Repository

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "hf_test"  # noqa: S105 - it opens nothing but the Hub of the tests
USER = "user"


@dataclass
class Hub:
    """All that is stored.

    Args:
        url: where it is reached.
        namespaces: per token the users and organisations whose repositories it may write, its owner first; a token
            that is not named is refused.
        repositories: by kind (``models``, ``datasets``) and name.
        objects: large files that were uploaded, by their sha256.
    """

    url: str = ""
    namespaces: dict[str, list[str]] = field(default_factory=lambda: {TOKEN: [USER]})
    repositories: dict[tuple[str, str], Repository] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)

    def repository(self, name: str, kind: str = "models") -> Repository:
        """A repository, made where it is not there yet."""
        return self.repositories.setdefault((kind, name), Repository())


@dataclass(frozen=True)
class Asked:
    """One request: its query and headers, the parts of its path by name, and its body."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    parts: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme == "Bearer" else None

    @property
    def place(self) -> tuple[str, str]:
        """Kind and name of the repository."""
        return self.parts.get("kind") or "models", self.parts["name"]


@dataclass(frozen=True)
class Answer:
    """Status, headers and body."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class RefusedError(Exception):
    """An answer that is no success.

    Args:
        status: of HTTP.
        message: what the client shows.
        code: the Hub's name for it.
        values: other fields of the body.
    """

    def __init__(self, status: int, message: str, code: str = "", **values: Any) -> None:
        super().__init__(message)
        headers = {"X-Error-Code": code, "X-Error-Message": message} if code else {"X-Error-Message": message}
        self.answer = json_answer({"error": message, **values}, status, headers)


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(value).encode())


def check_token(hub: Hub, asked: Asked) -> None:
    if asked.token is not None and asked.token not in hub.namespaces:
        raise RefusedError(401, "Invalid credentials in Authorization header")


def check_right(hub: Hub, asked: Asked, namespace: str) -> None:
    if asked.token is None:
        raise RefusedError(401, "Invalid username or password.")
    if namespace not in hub.namespaces[asked.token]:
        raise RefusedError(403, f"You don't have the rights to create or change a repository under {namespace!r}")


def find(hub: Hub, asked: Asked, *, to_write: bool = False) -> Repository:
    repository = hub.repositories.get(asked.place)
    namespace = asked.place[1].partition("/")[0]
    may_write = namespace in hub.namespaces.get(asked.token or "", ())
    if repository is None or (repository.private and not may_write):
        raise RefusedError(404 if asked.token else 401, "Repository not found", "RepoNotFound")
    if to_write:
        check_right(hub, asked, namespace)
    return repository


def commit_of(repository: Repository, revision: str) -> Commit:
    try:
        return repository.commits[repository.oid(revision)]
    except KeyError:
        raise RefusedError(404, f"Invalid rev id: {revision}", "RevisionNotFound") from None
