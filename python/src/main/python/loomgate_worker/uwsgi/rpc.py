"""`uwsgi.register_rpc`, `rpc` and `call`: functions by name, in this process.

What the import registers, every worker has. Other servers are neither called nor answered.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Tuple

from loomgate_worker.process import log
from loomgate_worker.process.tracebacks import describe
from loomgate_worker.uwsgi.missing import NotOffered
from loomgate_worker.uwsgi.texts import Text, text

_LONGEST_NAME = 255


class Rpc:
    """The public methods are functions of the module."""

    def __init__(self) -> None:
        self._functions: Dict[str, Callable[..., Any]] = {}

    def register_rpc(self, name: str, function: Callable[..., Any], argc: int = 0) -> bool:
        """Makes a function known. It gets bytes, and returns bytes; how many isn't looked at.

        As in uWSGI, `ValueError` if the name has more than 255 bytes.
        """
        if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
            raise ValueError("unable to register rpc function: its name has more than 255 bytes")
        self._functions[name] = function
        return True

    def rpc_list(self) -> Tuple[bytes, ...]:
        """The names, in the order of their registration."""
        return tuple(name.encode("utf-8", "surrogateescape") for name in self._functions)

    def rpc(self, node: Optional[Text], *name_and_arguments: bytes) -> Optional[bytes]:
        """Calls a function. None if there is none, or it fails or returns something else than bytes.

        :param node: empty or None for this process
        """
        if text(node):
            raise NotOffered(
                "uwsgi.rpc() with a server's address is a part of uWSGI's that Loomgate doesn't offer; use HTTP"
            )
        return self.call(*name_and_arguments)

    def call(self, *name_and_arguments: bytes) -> Optional[bytes]:
        """The same, in this process."""
        if not name_and_arguments or not all(isinstance(each, bytes) for each in name_and_arguments):
            raise ValueError("unable to call rpc function: its name and its arguments are bytes")
        name, *arguments = name_and_arguments
        function = self._functions.get(name.decode("utf-8", "surrogateescape"))
        if function is None:
            return None
        try:
            result = function(*arguments)
        except Exception as e:
            log.say(f"loomgate: uwsgi.rpc: {text(name)} has failed:\n{describe(e)}")
            return None
        return result if isinstance(result, bytes) and result else None
