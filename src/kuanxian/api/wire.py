"""Wire: what is no HTTP at all is answered by a problem too.

Such a request never reaches the application: the server below refuses it, as a line of text.
"""

import json

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kuanxian.api.problem import MEDIA_TYPE, Problem


class Wire(H11Protocol):
    """HTTP as the server speaks it."""

    def send_400_response(self, msg: str) -> None:
        """Answer what cannot be read as a request, such as a control character in a header."""
        problem = Problem("http-refused", msg)
        headers = [("content-type", MEDIA_TYPE), ("connection", "close")]
        body = json.dumps(problem.as_json(), ensure_ascii=False).encode()
        for event in (
            h11.Response(status_code=problem.status, headers=headers),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
