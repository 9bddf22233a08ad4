"""Source files and texts that are run as modules of the program's."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from types import ModuleType

from loomgate_worker.process import handlers


@handlers.calls_application
def execute(name: str, path: str) -> ModuleType:
    """Runs a file as the module of that name. Raises what it raises."""
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


@handlers.calls_application
def execute_text(name: str, text: str) -> ModuleType:
    """Runs a text as the module of that name, which is the name of its file in tracebacks as well. Raises what it raises."""
    module = ModuleType(name)
    module.__file__ = name
    sys.modules[name] = module
    exec(compile(text, name, "exec", dont_inherit=True), vars(module))
    return module
