"""Which of the Hub's endpoints, as its client calls them, a request is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

from tests import hub_reading as reading
from tests import hub_writing as writing
from tests.hub_requests import Answer, Asked, Hub, RefusedError, check_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REPOSITORY = r"/api/(?P<kind>models|datasets)/(?P<name>[^/]+/[^/]+)"
_WITHOUT_KIND = r"/(?:(?P<kind>datasets)/)?(?P<name>[^/]+/[^/]+)"
_REVISION = r"(?P<revision>[^/]+)"

_ENDPOINTS: tuple[tuple[str, str, Callable[[Hub, Asked], Answer]], ...] = (
    ("GET", r"/api/whoami-v2", reading.who_am_i),
    ("POST", r"/api/validate-yaml", reading.validate_card),
    ("GET", _REPOSITORY, reading.information),
    ("GET", rf"{_REPOSITORY}/revision/{_REVISION}", reading.information),
    ("GET", rf"{_REPOSITORY}/refs", reading.references),
    ("GET", rf"{_REPOSITORY}/commits/{_REVISION}", reading.commits),
    ("GET", rf"{_REPOSITORY}/tree/{_REVISION}(?:/(?P<path>.+))?", reading.tree),
    ("POST", rf"{_REPOSITORY}/paths-info/{_REVISION}", reading.paths),
    ("GET|HEAD", rf"{_WITHOUT_KIND}/resolve/{_REVISION}/(?P<path>.+)", reading.resolve),
    ("POST", r"/api/repos/create", writing.create),
    ("DELETE", r"/api/repos/delete", writing.delete),
    ("POST", rf"{_REPOSITORY}/preupload/{_REVISION}", writing.preupload),
    ("POST", rf"{_WITHOUT_KIND}\.git/info/lfs/objects/batch", writing.large_files),
    ("PUT", r"/large/(?P<oid>[0-9a-f]{64})", writing.store),
    ("POST", r"/verify", writing.verify),
    ("POST", rf"{_REPOSITORY}/commit/{_REVISION}", writing.make_commit),
    ("POST", rf"{_REPOSITORY}/branch/{_REVISION}", writing.make_branch),
    ("DELETE", rf"{_REPOSITORY}/branch/{_REVISION}", writing.delete_branch),
    ("POST", rf"{_REPOSITORY}/tag/{_REVISION}", writing.make_tag),
    ("DELETE", rf"{_REPOSITORY}/tag/{_REVISION}", writing.delete_tag),
)


def answer(hub: Hub, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """What the Hub says to a request."""
    for methods, pattern, endpoint in _ENDPOINTS:
        found = re.fullmatch(pattern, path)
        if found and re.fullmatch(methods, method):
            parts = {name: unquote(part) for name, part in found.groupdict().items() if part is not None}
            asked = Asked({name: of[-1] for name, of in parse_qs(query).items()}, headers, parts, body)
            try:
                check_token(hub, asked)
                return endpoint(hub, asked)
            except RefusedError as refused:
                return refused.answer
    return RefusedError(404, f"no such endpoint: {method} {path}").answer
