"""What the Hub of the tests does for those who write."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from tests.hub_repositories import Commit, Repository, StoredFile
from tests.hub_requests import USER, Answer, Asked, Hub, RefusedError, check_right, commit_of, find, json_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LARGE = (".safetensors", ".parquet", ".png", ".bin", ".arrow")


def create(hub: Hub, asked: Asked) -> Answer:
    wanted = asked.json
    namespace = wanted.get("organization") or hub.namespaces.get(asked.token or "", [USER])[0]
    check_right(hub, asked, namespace)
    kind, name = f"{wanted.get('type', 'model')}s", f"{namespace}/{wanted['name']}"
    url = f"{hub.url}/{name}" if kind == "models" else f"{hub.url}/{kind}/{name}"
    if (kind, name) in hub.repositories:
        raise RefusedError(409, "You already created this repo", url=url)
    private = wanted.get("visibility") == "private" or bool(wanted.get("private"))
    hub.repositories[kind, name] = Repository(private)
    return json_answer({"url": url, "name": name, "id": name})


def delete(hub: Hub, asked: Asked) -> Answer:
    wanted = asked.json
    check_right(hub, asked, wanted["organization"])
    place = f"{wanted.get('type', 'model')}s", f"{wanted['organization']}/{wanted['name']}"
    if hub.repositories.pop(place, None) is None:
        raise RefusedError(404, "Repository not found", "RepoNotFound")
    return Answer()


def preupload(hub: Hub, asked: Asked) -> Answer:
    there = commit_of(find(hub, asked, to_write=True), asked.parts["revision"]).files
    return json_answer({"files": [_upload(file["path"], there) for file in asked.json["files"]]})


def _upload(path: str, there: Mapping[str, StoredFile]) -> dict[str, Any]:
    mode = "lfs" if path.endswith(_LARGE) else "regular"
    known = {"oid": there[path].etag} if path in there else {}
    return {"path": path, "uploadMode": mode, "shouldIgnore": False, **known}


def large_files(hub: Hub, asked: Asked) -> Answer:
    find(hub, asked, to_write=True)

    def actions(oid: str) -> dict[str, Any]:
        if oid in hub.objects:
            return {}
        return {"actions": {"upload": {"href": f"{hub.url}/large/{oid}"}, "verify": {"href": f"{hub.url}/verify"}}}

    return json_answer(
        {"transfer": "basic", "objects": [{**wanted, **actions(wanted["oid"])} for wanted in asked.json["objects"]]}
    )


def store(hub: Hub, asked: Asked) -> Answer:
    if StoredFile(asked.body).sha256 != asked.parts["oid"]:
        raise RefusedError(400, "the content is not that of its name")
    hub.objects[asked.parts["oid"]] = asked.body
    return Answer()


def verify(hub: Hub, asked: Asked) -> Answer:
    if len(hub.objects.get(asked.json["oid"], b"")) != asked.json["size"]:
        raise RefusedError(404, "the object is not there")
    return Answer()


def make_commit(hub: Hub, asked: Asked) -> Answer:
    repository = find(hub, asked, to_write=True)
    revision = asked.parts["revision"]
    parent = commit_of(repository, revision)
    header, *operations = [json.loads(line) for line in asked.body.splitlines()]
    expected = header["value"].get("parentCommit")
    if expected not in {None, parent.oid}:
        raise RefusedError(412, "The expected parent commit is not that of the branch any more; try again")
    added, deleted = _changes(hub, parent, operations)
    as_pull_request = asked.query.get("create_pr") == "1"
    if not as_pull_request:
        _check_is_branch(repository, revision)
    ref = repository.commit(
        added,
        deleted,
        revision=revision,
        title=header["value"]["summary"],
        description=header["value"].get("description", ""),
        as_pull_request=as_pull_request,
    )
    oid, name = repository.refs[ref], asked.place[1]
    values = {"commitOid": oid, "commitUrl": f"{hub.url}/{name}/commit/{oid}"}
    if as_pull_request:
        values["pullRequestUrl"] = f"{hub.url}/{name}/discussions/{ref.rpartition('/')[2]}"
    return json_answer(values)


def _check_is_branch(repository: Repository, revision: str) -> None:
    try:
        repository.branch(revision)
    except KeyError:
        raise RefusedError(400, f"{revision} is no branch") from None


def _changes(hub: Hub, parent: Commit, operations: Iterable[dict[str, Any]]) -> tuple[dict[str, StoredFile], set[str]]:
    added, deleted = {}, set()
    for operation in operations:
        value = operation["value"]
        path = value["path"]
        if ".." in path.split("/"):
            raise RefusedError(400, f"{path}: no path of a file")
        if operation["key"] == "file":
            added[path] = StoredFile(base64.b64decode(value["content"]))
        elif operation["key"] == "lfsFile":
            added[path] = _uploaded(hub, value["oid"])
        elif operation["key"] == "deletedFolder":
            deleted |= {name for name in parent.files if name.startswith(f"{path.rstrip('/')}/")}
        elif path in parent.files:
            deleted.add(path)
        else:
            raise RefusedError(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
    return added, deleted


def _uploaded(hub: Hub, oid: str) -> StoredFile:
    if oid not in hub.objects:
        raise RefusedError(400, f"the large file {oid} was not uploaded")
    return StoredFile(hub.objects[oid], is_large=True)


def make_branch(hub: Hub, asked: Asked) -> Answer:
    repository = find(hub, asked, to_write=True)
    start = asked.json.get("startingPoint", "main")
    return _make_reference(repository, f"refs/heads/{asked.parts['revision']}", commit_of(repository, start).oid)


def make_tag(hub: Hub, asked: Asked) -> Answer:
    repository = find(hub, asked, to_write=True)
    return _make_reference(
        repository, f"refs/tags/{asked.json['tag']}", commit_of(repository, asked.parts["revision"]).oid
    )


def _make_reference(repository: Repository, ref: str, oid: str) -> Answer:
    if ref in repository.refs:
        raise RefusedError(409, f"Reference already exists: {ref}")
    repository.refs[ref] = oid
    return Answer()


def delete_branch(hub: Hub, asked: Asked) -> Answer:
    return _delete_reference(find(hub, asked, to_write=True), f"refs/heads/{asked.parts['revision']}")


def delete_tag(hub: Hub, asked: Asked) -> Answer:
    return _delete_reference(find(hub, asked, to_write=True), f"refs/tags/{asked.parts['revision']}")


def _delete_reference(repository: Repository, ref: str) -> Answer:
    if repository.refs.pop(ref, None) is None:
        raise RefusedError(404, f"no such reference: {ref}", "RevisionNotFound")
    return Answer()
