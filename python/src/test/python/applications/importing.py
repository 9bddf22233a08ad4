"""Uses what the import system is made of."""

import importlib
import sys


def application(environ, start_response):
    import importlib.abc
    import importlib.machinery
    import importlib.metadata
    import importlib.util
    import os.path

    whole = (
        importlib._bootstrap is sys.modules["_frozen_importlib"]
        and importlib._bootstrap_external is sys.modules["_frozen_importlib_external"]
        and importlib.import_module("json.tool").main is not None
    )
    start_response("200 OK", [])
    return [str(whole).encode()]
