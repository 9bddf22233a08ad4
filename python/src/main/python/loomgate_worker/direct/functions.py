"""Which functions take connections, read packets and write responses: the accelerator's, or those in pure Python."""

from __future__ import annotations

from typing import Any

from loomgate_worker.direct import native, packet

chosen: Any = packet
"""What has `take`, `read` and `reply`, with the same results."""


def choose(accelerate: bool) -> None:
    """For the zygote, once: its workers have it by the fork."""
    global chosen
    if accelerate:
        chosen = native.load() or packet
