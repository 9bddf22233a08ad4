"""What tests of the accelerator's functions that read HTTP have in common: a connection on which bytes lie."""

import socket
from typing import Any, Callable

SECONDS = 30


class OverTcp:
    """For a class that has `module`, the functions in Python or in C, and is a `unittest.TestCase`.

    :ivar client: what is sent here is read at `server`
    """

    module: Any
    assertEqual: Callable[..., None]
    assertRaises: Callable[..., Any]
    assertTrue: Callable[..., None]
    assertIs: Callable[..., None]
    subTest: Callable[..., Any]
    addCleanup: Callable[..., None]

    def setUp(self) -> None:
        """A connection from one end to the other."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.client = socket.create_connection(listener.getsockname())
            self.server = listener.accept()[0]
        self.client.settimeout(SECONDS)
        self.server.settimeout(SECONDS)
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)

    def send(self, data: bytes) -> None:
        """Returns when all of it can be read: loopback may bring it in pieces."""
        self.client.sendall(data)
        while data and len(self.server.recv(len(data), socket.MSG_PEEK)) < len(data):
            pass
