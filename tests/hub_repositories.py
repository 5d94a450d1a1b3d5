"""What the Hub for tests holds: repositories with commits, branches, tags and pull requests, all in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAIN = "refs/heads/main"
_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"


@dataclass(frozen=True)
class StoredFile:
    """A file of a repository; large ones are stored apart, git having a pointer to them alone."""

    content: bytes
    is_large: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def pointer(self) -> bytes:
        return _POINTER.format(oid=self.sha256, size=len(self.content)).encode()

    @property
    def blob_id(self) -> str:
        """The name that git gives to what it stores."""
        blob = self.pointer if self.is_large else self.content
        return hashlib.sha1(b"blob %d\0" % len(blob) + blob, usedforsecurity=False).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.is_large else self.blob_id


@dataclass(frozen=True)
class Commit:
    """All files of a repository at one time."""

    title: str
    description: str
    parent: str | None
    files: Mapping[str, StoredFile]

    @property
    def oid(self) -> str:
        listing = [f"{name} {file.blob_id}" for name, file in sorted(self.files.items())]
        text = "\n".join([self.title, self.description, str(self.parent), *listing])
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass
class Repository:
    """One repository; a new one has one commit, as on the Hub."""

    private: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        attributes = StoredFile(b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
        self.refs[_MAIN] = self._keep(Commit("initial commit", "", None, {".gitattributes": attributes}))

    def oid(self, revision: str) -> str:
        """The commit of a branch, a tag, a pull request or a commit's own name; raises KeyError where there is none."""
        for name in (revision, f"refs/heads/{revision}", f"refs/tags/{revision}"):
            if name in self.refs:
                return self.refs[name]
        return self.commits[revision].oid

    def files(self, revision: str = "main") -> dict[str, bytes]:
        """What is in the files at a revision, by path."""
        return {name: file.content for name, file in self.commits[self.oid(revision)].files.items()}

    def history(self, revision: str = "main") -> list[Commit]:
        """The commits of a revision, the last one first."""
        found = [self.commits[self.oid(revision)]]
        while found[-1].parent is not None:
            found.append(self.commits[found[-1].parent])
        return found

    def commit(
        self,
        added: Mapping[str, StoredFile],
        deleted: Iterable[str] = (),
        *,
        revision: str = "main",
        title: str = "change",
        description: str = "",
        as_pull_request: bool = False,
    ) -> str:
        """Adds a commit to a branch, or to a new pull request; returns the name of the ref that has it."""
        parent = self.oid(revision)
        gone = set(deleted)
        kept = {name: file for name, file in self.commits[parent].files.items() if name not in gone}
        oid = self._keep(Commit(title, description, parent, {**kept, **added}))
        target = f"refs/pr/{len(self.pull_requests) + 1}" if as_pull_request else self.branch(revision)
        self.refs[target] = oid
        return target

    def branch(self, revision: str) -> str:
        """The full name of a branch or a pull request; raises KeyError where there is none."""
        name = revision if revision.startswith("refs/") else f"refs/heads/{revision}"
        self.refs[name]
        return name

    @property
    def pull_requests(self) -> list[str]:
        return [name for name in self.refs if name.startswith("refs/pr/")]

    def put(self, files: Mapping[str, bytes], revision: str = "main") -> None:
        """Puts files there as somebody else would who has a right to, whatever their names."""
        self.commit({name: StoredFile(content) for name, content in files.items()}, revision=revision)

    def _keep(self, commit: Commit) -> str:
        self.commits[commit.oid] = commit
        return commit.oid
