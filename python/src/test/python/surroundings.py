"""Where things are, how long a test waits, and which modes this interpreter can run."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from typing import Callable

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = os.path.join(HERE, "../../main/python")
APPLICATIONS = os.path.join(HERE, "applications")
SHARED_APPLICATIONS = os.path.join(
    HERE, "../../../../testkit/src/main/resources/dev/loomgate/testkit/programs"
)
"""Those that the tests of several modules run."""
sys.path.insert(0, MAIN)

from loomgate_worker.wire import frames as frames, scoreboard as scoreboard  # noqa: E402

DEADLINE = float(os.environ.get("DEADLINE", "20"))
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from loomgate_worker.__main__ import main; main()"


def wait(condition: Callable[[], bool]) -> None:
    """Until that is so, for `DEADLINE` seconds at most."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.001)


def has_greenlet() -> bool:
    """Whether this interpreter can run mode asyncio."""
    try:
        import greenlet  # type: ignore[import]  # noqa: F401
    except ImportError:
        return False
    return True


def has_gevent() -> bool:
    return importlib.util.find_spec("gevent") is not None


MODES = ["sync", "threads"] + (["asyncio"] if has_greenlet() else []) + (["gevent"] if has_gevent() else [])
