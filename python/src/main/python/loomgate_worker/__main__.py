"""Where the JVM has an interpreter begin: `python -c BOOT PATH`, or `python -m loomgate_worker PATH`.

What is imported here, before `isolation` has made a place for it, might be the program's.
"""

import sys

from loomgate_worker.process import isolation


def main() -> None:
    """Returns, in a worker only, when the worker has ended normally."""
    isolation.prepare(sys.argv[1] if len(sys.argv) > 1 else None)
    with isolation.private():
        isolation.import_late()
        from loomgate_worker.wire.cancelled import RequestCancelled
        from loomgate_worker.zygote import zygote
    vars(sys.modules["loomgate_worker"])["RequestCancelled"] = RequestCancelled
    zygote.main()


if __name__ == "__main__":
    main()
