"""The accelerator, where it can be loaded; else the functions in pure Python."""

from __future__ import annotations

from typing import Any, Dict

from loomgate_worker.direct import packet


def functions(settings: Dict[str, Any]) -> Any:
    """What has `Listener`, `take`, `read` and `reply`."""
    return packet
