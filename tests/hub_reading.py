"""What the Hub of the tests answers to those who read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import yaml

from tests.hub_requests import Answer, Asked, Hub, RefusedError, commit_of, find, json_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.hub_repositories import StoredFile

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---", re.DOTALL)


def who_am_i(hub: Hub, asked: Asked) -> Answer:
    if asked.token is None:
        raise RefusedError(401, "Invalid username or password.")
    user, *organisations = hub.namespaces[asked.token]
    return json_answer(
        {
            "type": "user",
            "name": user,
            "orgs": [{"name": name} for name in organisations],
            "auth": {"accessToken": {"role": "write"}},
        }
    )


def validate_card(_: Hub, asked: Asked) -> Answer:
    matter = _FRONT_MATTER.match(asked.json["content"])
    errors = []
    try:
        yaml.safe_load(matter[1] if matter else "")
    except yaml.YAMLError as error:
        errors = [{"message": str(error)}]
    return json_answer({"errors": errors, "warnings": []}, 400 if errors else 200)


def information(hub: Hub, asked: Asked) -> Answer:
    repository = find(hub, asked)
    commit = commit_of(repository, asked.parts.get("revision", "main"))
    siblings = [{"rfilename": name} for name in sorted(commit.files)]
    return json_answer(
        {
            "id": asked.place[1],
            "sha": commit.oid,
            "private": repository.private,
            "siblings": siblings,
            "tags": [],
            "downloads": 0,
            "likes": 0,
        }
    )


def references(hub: Hub, asked: Asked) -> Answer:
    refs = find(hub, asked).refs.items()

    def under(prefix: str) -> list[dict[str, str]]:
        return [
            {"name": ref.removeprefix(prefix), "ref": ref, "targetCommit": oid}
            for ref, oid in refs
            if ref.startswith(prefix)
        ]

    requests = [{**ref, "name": ref["ref"]} for ref in under("refs/pr/")]
    return json_answer(
        {"branches": under("refs/heads/"), "tags": under("refs/tags/"), "converts": [], "pullRequests": requests}
    )


def commits(hub: Hub, asked: Asked) -> Answer:
    history = find(hub, asked).history(commit_of(find(hub, asked), asked.parts["revision"]).oid)
    return json_answer(
        [
            {
                "id": commit.oid,
                "title": commit.title,
                "message": commit.description,
                "authors": [],
                "date": "2020-01-01T00:00:00.000Z",
            }
            for commit in history
        ]
    )


def tree(hub: Hub, asked: Asked) -> Answer:
    commit = commit_of(find(hub, asked), asked.parts["revision"])
    folder = f"{asked.parts['path'].rstrip('/')}/" if "path" in asked.parts else ""
    inside = {name: file for name, file in commit.files.items() if name.startswith(folder)}
    if folder and not inside:
        raise RefusedError(404, f"{folder} does not exist on {asked.parts['revision']}", "EntryNotFound")
    if asked.query.get("recursive", "").lower() == "true":
        return json_answer(_entries(inside))
    here = {name: file for name, file in inside.items() if "/" not in name.removeprefix(folder)}
    folders = {folder + name.removeprefix(folder).partition("/")[0] for name in inside.keys() - here.keys()}
    return json_answer(
        [{"type": "directory", "path": name, "oid": "0" * 40} for name in sorted(folders)] + _entries(here)
    )


def paths(hub: Hub, asked: Asked) -> Answer:
    commit = commit_of(find(hub, asked), asked.parts["revision"])
    is_json = "json" in asked.headers.get("content-type", "")
    wanted = asked.json["paths"] if is_json else parse_qs(asked.body.decode()).get("paths", [])
    return json_answer(_entries({name: commit.files[name] for name in wanted if name in commit.files}))


def _entries(files: Mapping[str, StoredFile]) -> list[dict[str, Any]]:
    return [
        {"type": "file", "path": name, "size": len(file.content), "oid": file.blob_id, **_large(file)}
        for name, file in sorted(files.items())
    ]


def _large(file: StoredFile) -> dict[str, Any]:
    if not file.is_large:
        return {}
    return {"lfs": {"oid": file.sha256, "size": len(file.content), "pointerSize": len(file.pointer)}}


def resolve(hub: Hub, asked: Asked) -> Answer:
    commit = commit_of(find(hub, asked), asked.parts["revision"])
    headers = {"X-Repo-Commit": commit.oid, "Accept-Ranges": "bytes"}
    file = commit.files.get(asked.parts["path"])
    if file is None:
        missing = RefusedError(404, "Entry not found", "EntryNotFound").answer
        return Answer(missing.status, {**missing.headers, **headers}, missing.body)
    headers["ETag"] = f'"{file.etag}"'
    if file.is_large:
        headers |= {"X-Linked-Etag": f'"{file.sha256}"', "X-Linked-Size": str(len(file.content))}
    return _part(file.content, asked.headers.get("range"), headers)


def _part(content: bytes, wanted: str | None, headers: Mapping[str, str]) -> Answer:
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted or "")
    if not found:
        return Answer(200, headers, content)
    first, last = (int(number) if number else None for number in found.groups())
    begin = max(len(content) - (last or 0), 0) if first is None else first
    end = len(content) if first is None or last is None else min(last + 1, len(content))
    if begin >= end:
        return Answer(416, {**headers, "Content-Range": f"bytes */{len(content)}"})
    return Answer(206, {**headers, "Content-Range": f"bytes {begin}-{end - 1}/{len(content)}"}, content[begin:end])
