"""Which functions take connections, read packets, and make and write responses: the accelerator's, or those in pure Python."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, List, Optional

from loomgate_worker.direct import messages, native, packet, request
from loomgate_worker.wsgi import heads

chosen: Any = packet
"""What has `take`, `read` and `reply`, with the same results."""

keeping: Any = request
"""What has `read_http` and `reply_http`, with the same results."""

lending: Any = messages
"""What has `read_messages`, `frame` and `write`, with the same results."""

_count_kinds: Optional[Callable[..., bool]] = None


def kinds_counter(bounds: List[int]) -> Optional[Callable[[int, int, int], bool]]:
    """What has `take`, `read` and `reply` count requests by kinds (`kinds.py`) in a scoreboard, of which it is given the
    descriptor, where the places begin, and how many there are. None where Python code is to do it, or nobody is.
    """
    return partial(_count_kinds, tuple(bounds)) if _count_kinds is not None and bounds else None


def accelerate() -> None:
    """For the zygote, once: its workers have it by the fork."""
    global chosen, keeping, lending, _count_kinds
    accelerator = native.load()
    if accelerator is not None:
        chosen = keeping = lending = accelerator
        _count_kinds = accelerator.count_kinds
        heads.joined = accelerator.join_head
        heads.is_whole = accelerator.is_whole
        accelerator.keep_chunks()
