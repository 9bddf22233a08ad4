"""Which functions take connections, read packets, and make and write responses: the accelerator's, or those in pure Python."""

from __future__ import annotations

from typing import Any

from loomgate_worker.direct import native, packet
from loomgate_worker.wsgi import heads

chosen: Any = packet
"""What has `take`, `read` and `reply`, with the same results."""


def accelerate() -> None:
    """For the zygote, once: its workers have it by the fork."""
    global chosen
    accelerator = native.load()
    if accelerator is not None:
        chosen = accelerator
        heads.joined = accelerator.join_head
        heads.is_whole = accelerator.is_whole
        accelerator.keep_chunks()
