"""The functions of the `uwsgi` module that have to do with mules. As in uWSGI, they are there without mules, too."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Optional, Union

from loomgate_worker.process import settings
from loomgate_worker.uwsgi.messages import Mules

Text = Union[str, bytes]


class MuleFunctions:
    """The public methods are the module's functions.

    :param module: the program's `uwsgi`
    """

    def __init__(self, mules: Mules, module: ModuleType) -> None:
        self._mules = mules
        self._module = module
        self._process: Any = None

    def _attach(self, process: Any) -> None:
        """This is a mule."""
        self._process = process

    def mule_id(self) -> int:
        """The number of this mule, from 1; 0 in other processes."""
        return int(self._process.number) if self._process is not None else 0

    def in_farm(self, farm: Optional[Text] = None) -> Optional[bool]:
        """True in a mule of that farm, or of any; else None."""
        farms = self._mules.farms_of(self.mule_id())
        return True if any(farm is None or each.name == _name(farm) for each in farms) else None

    def mule_msg(self, message: Text, mule: Union[int, Text, None] = None) -> bool:
        """Sends a message to a mule by its number, to one of a farm by its name, or else to whichever mule comes first.

        False if there is no room for it, which is logged. `ValueError` if there is no such mule or farm.
        """
        if not self._mules.count:
            raise ValueError(f"no mule configured ({settings.name('mules')})")
        if isinstance(mule, (str, bytes)):
            farm = self._mules.farm(_name(mule))
            if farm is None:
                raise ValueError("unknown farm")
            queue = farm.queue
        elif mule is None or isinstance(mule, int):
            found = self._mules.queue(mule or 0)
            if found is None:
                raise ValueError("invalid mule number")
            queue = found
        else:
            raise ValueError("invalid mule")
        return queue.put(_message(message))

    def farm_msg(self, farm: Text, message: Text) -> None:
        """Sends a message to one of a farm's mules. As in uWSGI, one to a farm that isn't there is dropped."""
        found = self._mules.farm(_name(farm))
        if found is not None:
            found.queue.put(_message(message))

    def mule_get_msg(
        self, signals: Any = True, farms: Any = True, buffer_size: int = 65536, timeout: int = -1
    ) -> Optional[bytes]:
        """Waits for the next message to this mule, to all of them, or, with `farms`, to one of its farms.

        Handlers of signals that come meanwhile are run, unless `signals` is false. At most `buffer_size` bytes of it are returned, and the rest is lost. `timeout` is in seconds; after that, b"" is
        returned. Negative: no limit. Only in a mule; else `ValueError`.
        """
        if self._process is None:
            raise ValueError("you can receive mule messages only in a mule !!!")
        seconds = float(timeout) if timeout >= 0 else None
        found: Optional[bytes] = self._process.message(
            False, bool(farms), buffer_size, seconds, bool(signals)
        )
        return b"" if found is None else found

    def farm_get_msg(self) -> Optional[bytes]:
        """Waits for the next message to one of this mule's farms. Only in a mule; else `ValueError`."""
        if self._process is None:
            raise ValueError("you can receive farm messages only in a mule !!!")
        found: Optional[bytes] = self._process.message(True, True, 65536, None, False)
        return found

    def install_mule_msg_hook(self, hook: Any) -> None:
        """Sets `mule_msg_hook`: a function that mules without a program call for each message, with its bytes."""
        vars(self._module)["mule_msg_hook"] = hook


def _name(farm: Text) -> str:
    return farm.decode("utf-8", "backslashreplace") if isinstance(farm, bytes) else farm


def _message(message: Text) -> bytes:
    if isinstance(message, str):
        return message.encode()
    if isinstance(message, (bytes, bytearray, memoryview)):
        return bytes(message)
    raise TypeError(f"a message is bytes, not {type(message).__name__}")
