"""Changes to modules of the program's that are made when the program imports them, and not before."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Callable, Optional, Sequence

Change = Callable[[Any], None]


def when_imported(name: str, change: Change) -> None:
    """Has the module changed right after its code has run; now, if it has been imported."""
    there = sys.modules.get(name)
    if there is not None:
        change(there)
    else:
        sys.meta_path.insert(0, _Finder(name, change))


class _Finder:
    """Finds one module by the other finders."""

    def __init__(self, name: str, change: Change) -> None:
        self._name = name
        self._change = change

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        if name != self._name:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if finder is not self and find is not None else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self._change)
                return spec
        return None


class _Loader:
    """Loads as another one does, and has the module changed."""

    def __init__(self, loader: Any, change: Change) -> None:
        self._loader = loader
        self._change = change

    def create_module(self, spec: Any) -> Any:
        create = getattr(self._loader, "create_module", None)
        return create(spec) if create is not None else None

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._change(module)
