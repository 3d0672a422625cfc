"""Server: a small HTTP server on loopback that answers JSON with JSON."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple, Self

BODY_BYTES_MAX: Final = 65_536


class Asked(NamedTuple):
    """A request."""

    body: bytes
    headers: Mapping[str, str]
    """Names in lower case."""


class Said(NamedTuple):
    """An answer. Status 0: hang up without one."""

    status: int
    body: Any


class Server:
    """Answers requests on a free port of 127.0.0.1 until it is closed."""

    def __init__(self, answer: Callable[[Asked], Said], port: int = 0):
        """Start to listen; port 0 takes a free one."""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(answer))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Stop and wait until it has stopped."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _handler(answer: Callable[[Asked], Said]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Reads one request, writes one answer, logs nothing."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if length > BODY_BYTES_MAX:
                self.send_error(413)
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = answer(Asked(self.rfile.read(length), headers))
            if said.status == 0:
                self.close_connection = True
                return
            body = json.dumps(said.body).encode()
            self.send_response(said.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Log nothing: a request holds a number."""

    return Handler
