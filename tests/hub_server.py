"""A small Hub on the loopback address, which the real client pushes to and loads from over real HTTP.

The test's own process (the fixture ``hub``, tests/conftest.py, points this process at a new Hub)::

    def test_a_push(hub):
        HfApi().create_repo("user/repo")          # or model.push_to_hub("user/repo"), load_dataset("user/repo"), ...
        hub.repository("user/repo").files()       # {".gitattributes": b"..."}; what is on the Hub now
        hub.repository("user/repo").put({"a.txt": b"..."})   # what somebody else puts there
        [request.path for request in hub.requests]           # what was asked; .received and .sent are bytes of bodies
        hub.faults.append(Fault("500", "POST", "/commit/"))  # from now on the Hub fails; .clear() mends it
        hub.namespaces["hf_other"] = ["other", "their-organisation"]   # another token and what it may write to

Another process: its settings are read when the libraries are imported, so they are given as its environment::

    subprocess.run([sys.executable, "-c", script], env=environment(hub.url, tmp_path / "home"))

Names of repositories have two parts, ``user/repo``; the token ``hf_test`` may write those of ``user``.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from tests.hub_endpoints import answer
from tests.hub_requests import Answer, Hub

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["500", "429", "hang", "cut", "lost"]
_NOT_COUNTED = "/api/agent-harnesses"  # asked for once a day by some clients


@dataclass(frozen=True)
class Request:
    """One request as it was served.

    Args:
        method: of HTTP.
        path: without the query.
        received: bytes of its body.
        sent: bytes of the answer's body.
        status: of the answer; 0 where there was none.
    """

    method: str
    path: str
    received: int
    sent: int
    status: int


@dataclass
class Fault:
    """What goes wrong.

    Args:
        kind: ``500`` and ``429`` are answers; ``hang`` is none, until the client goes away; ``cut`` ends the connection
            in the middle of the request's body or else of the answer's; ``lost`` does what was asked and says nothing.
        method: of the requests that fail; by default any.
        path: a part of theirs.
        skip: so many of them succeed before.
        times: so many of them fail then; by default all.
    """

    kind: Kind
    method: str = ""
    path: str = ""
    skip: int = 0
    times: int | None = None

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request fails; counts it."""
        if self.method not in {"", method} or self.path not in path or self.times == 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class HubServer(Hub):
    """A Hub that is reached at ``url``.

    Args:
        requests: what was asked of it.
        faults: what goes wrong; the first that fits a request strikes.
        lock: held while one of them is answered.
    """

    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, method: str, path: str) -> Kind | None:
        """What goes wrong with a request."""
        with self.lock:
            return next((fault.kind for fault in self.faults if fault.strikes(method, path)), None)


@contextmanager
def hub_server() -> Iterator[HubServer]:
    """A new Hub on a free port, gone when the block ends."""
    hub = HubServer()
    handler = type("Handler", (_Handler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        hub.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield hub
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hub: HubServer

    def _serve(self) -> None:
        path = urlsplit(self.path).path
        if path == _NOT_COUNTED:
            return self._send(Answer(404))
        fault = self.hub.fault(self.command, path)
        length = int(self.headers.get("Content-Length", 0))
        if fault == "cut" and length:
            received = len(self.rfile.read(length // 2))
            return self._hang_up(path, received)
        body = self._body(length)
        if fault == "hang":
            self._hang_up(path, len(body))
            with suppress(OSError):
                self.rfile.read(1)  # returns when the client goes away
            return None
        given = Answer(int(fault)) if fault in {"500", "429"} else self._answer(path, body)
        if fault == "lost":
            return self._hang_up(path, len(body))
        whole = 0 if self.command == "HEAD" else len(given.body)
        sent = whole // 2 if fault == "cut" else whole
        self._log(path, len(body), sent, given.status)
        self._send(given, sent)
        if fault == "cut":
            self.close_connection = True
        return None

    def _answer(self, path: str, body: bytes) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.hub.lock:
            return answer(self.hub, self.command, path, urlsplit(self.path).query, headers, body)

    def _body(self, length: int) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(length)
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, given: Answer, sent: int = 0) -> None:
        with suppress(OSError):  # a client that went away
            self.send_response(given.status)
            for name, value in given.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(given.body)))
            self.end_headers()
            self.wfile.write(given.body[:sent])

    def _hang_up(self, path: str, received: int) -> None:
        self._log(path, received, 0, 0)
        self.close_connection = True

    def _log(self, path: str, received: int, sent: int, status: int) -> None:
        with self.hub.lock:
            self.hub.requests.append(Request(self.command, path, received, sent, status))

    def log_message(self, *_: object) -> None:
        pass

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815
