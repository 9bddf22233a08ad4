"""Keeps what this package uses of the interpreter apart from what the program makes of it.

A program may do to its interpreter what it likes: bring a `queue.py` of its own, replace `json.dumps`, `time.sleep` or
`builtins.open`, call `gevent.monkey.patch_all()`. So this package runs on modules that the program never gets hold of::

     the program:    sys.modules ─▶ threading, json, os ...     imported when the program asks for them, from its own path
     this package:   _own        ─▶ threading, json, os ...     imported before the program, from the standard library alone

- Inside `private()` an `import` makes modules afresh, also such as `os` that the interpreter has loaded at its start, with a
  clean `sys.path`; they go into `_own` and out of `sys.modules` again. The program's `import queue` then finds what it
  would find in a plain `python3` with the same path.
- These modules have builtins of their own, a copy: a replaced `builtins.print` isn't theirs. Their `__import__` looks into
  `_own` first, for the imports that the standard library does inside functions.
- What is one by nature stays one: `_SHARED`, modules with an underscore that were there at the start, and what `lend` gives.

So `import os` in this package means an `os` that no program has touched, and costs no care in the code that uses it. What
it can't give: `sys` is the program's (its streams, its limits), and so is the process (descriptors, directory, signals).
Rejected alternatives are in docs/decisions/010-modules-of-our-own.md.
"""

from __future__ import annotations

import builtins
import os
import sys

# Nothing else is imported here: it might be the program's. (mypy knows this name.)
TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any, Dict, List, Optional, Sequence

_PACKAGE = __name__.partition(".")[0]
_SHARED = frozenset("__main__ abc builtins codecs io site sys warnings zipimport".split())
_SHARED_PACKAGES = frozenset(("encodings", "greenlet", _PACKAGE))
_AT_START = frozenset(name for name in sys.modules if name.startswith("_"))
# By traceback, and by zipimport for a JAR file.
_LATE = ("ast", "unicodedata", "zlib", "_colorize", "_suggestions")

_own: Dict[str, ModuleType] = {}
_builtins: Dict[str, Any] = dict(vars(builtins))
_builtins_lent: Dict[str, Any] = dict(vars(builtins))
_real_import = builtins.__import__
# For the functions below as well.
globals()["__builtins__"] = _builtins
_clean_path: List[str] = []


def prepare(own: Optional[str]) -> None:
    """Once, before anything else: `own` is the directory or JAR file that this package is imported from."""
    _clean_path[:] = _standard_library(own)


class private:
    """A context in which imports give modules of this package's own. For one thread, before the program's code runs."""

    def __enter__(self) -> None:
        self._path = sys.path[:]
        self._outside = {name: module for name, module in sys.modules.items() if not _is_shared(name)}
        for name in self._outside:
            del sys.modules[name]
        sys.modules.update(_own)
        sys.path[:] = _clean_path
        self._finder = _Finder(_builtins)
        sys.meta_path.insert(0, self._finder)
        _builtins["__import__"] = _real_import

    def __exit__(self, *_: object) -> None:
        _builtins["__import__"] = _import
        sys.meta_path.remove(self._finder)
        sys.path[:] = self._path
        for name, module in list(sys.modules.items()):
            if not _is_shared(name):
                _own[name] = module
                del sys.modules[name]
            elif name.partition(".")[0] == _PACKAGE:
                # The program may see it, and may empty sys.modules.
                _own[name] = module
        sys.modules.update(self._outside)


def import_late() -> None:
    """Inside `private()`: what the standard library imports in functions that this package uses."""
    for name in _LATE:
        try:
            _real_import(name)
        except ImportError:
            # Not in every version.
            pass


def import_program(name: str) -> None:
    """Imports a module as the program would, for the program; `sys.modules` has it then."""
    _real_import(name)


def borrow(package: str) -> None:
    """From now on `private()` has the program's modules of a package, which are imported if they aren't yet."""
    _real_import(package)
    _own.update((name, module) for name, module in sys.modules.items() if name.partition(".")[0] == package)


def have_imported(name: str) -> None:
    """Has the program import a module, if it would find the standard library's."""
    if name not in sys.modules:
        try:
            spec = _found(name, None, None, sys.meta_path)
            if spec is not None and os.path.dirname(str(spec.origin)) == _clean_path[0]:
                _real_import(name)
        except Exception:
            # The program has changed what an import needs.
            pass


def lend(name: str) -> None:
    """Imports a package of the standard library that the program shares with this one, with all that it imports.

    It comes from the clean path. The program gets it from an `import` that would find the same file; where the program's
    path has another module of this name, or of one that it imports, the program gets that.
    """
    path, before = sys.path[:], set(sys.modules)
    sys.path[:] = _clean_path
    finder = _Finder(_builtins_lent)
    sys.meta_path.insert(0, finder)
    try:
        _real_import(name)
    finally:
        sys.meta_path.remove(finder)
        sys.path[:] = path
    lent = {new: sys.modules.pop(new) for new in list(sys.modules) if new not in before}
    _own.update((new, module) for new, module in lent.items() if new.lstrip("_").partition(".")[0] == name)
    sys.meta_path.insert(0, _Lender(lent))


def own_globals(package: str, names: Sequence[str]) -> None:
    """Has the modules of a lent package use this package's own modules of these names."""
    for name, module in list(_own.items()):
        if name.partition(".")[0] == package:
            for used in names:
                if used in vars(module) and used in _own:
                    setattr(module, used, _own[used])


class _Lender:
    """A finder that gives modules which exist already."""

    def __init__(self, lent: Dict[str, ModuleType]) -> None:
        self._lent = lent

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        lent = self._lent.get(name)
        known = getattr(lent, "__spec__", None)
        if lent is None or known is None:
            return None
        spec = _found(name, path, target, [finder for finder in sys.meta_path if finder is not self])
        if spec is not None and spec.origin == known.origin:
            spec.loader = _Lent(lent, known, self._made_by(name))
        return spec

    def _made_by(self, name: str) -> Dict[str, ModuleType]:
        """What the module itself has put into sys.modules, such as typing.io, importlib._bootstrap and os.path."""
        made = {}
        for other, module in self._lent.items():
            if other.startswith(name + "."):
                spec = getattr(module, "__spec__", None)
                if spec is None or spec.name != other:
                    made[other] = module
        return made


class _Lent:
    """A loader whose module is loaded."""

    def __init__(self, module: ModuleType, spec: ModuleSpec, more: Dict[str, ModuleType]) -> None:
        self._module = module
        self._spec = spec
        self._more = more

    def create_module(self, _: Any) -> ModuleType:
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec
        sys.modules.update(self._more)


class _Finder:
    """Finds what the interpreter's own finders find; what is written in Python gets other builtins."""

    def __init__(self, given: Dict[str, Any]) -> None:
        self._builtins = given

    def find_spec(self, name: str, path: Optional[Sequence[str]] = None, target: Any = None) -> Any:
        spec = _found(name, path, target, [finder for finder in sys.meta_path if _is_standard(finder)])
        if spec is not None and spec.origin != "built-in" and hasattr(spec.loader, "get_code"):
            spec.loader = _Loader(spec.loader, self._builtins)
        return spec


class _Loader:
    """Runs a module's code with these builtins."""

    def __init__(self, loader: Any, given: Dict[str, Any]) -> None:
        self._loader = loader
        self._builtins = given

    def create_module(self, spec: Any) -> Optional[ModuleType]:
        create = getattr(self._loader, "create_module", None)
        made: Optional[ModuleType] = create(spec) if create is not None else None
        return made

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        spec.loader = module.__loader__ = self._loader
        code = self._loader.get_code(spec.name)
        if code is None:
            # In C.
            self._loader.exec_module(module)
        else:
            vars(module)["__builtins__"] = self._builtins
            exec(code, vars(module))


def _import(
    name: str,
    globals: Optional[Dict[str, Any]] = None,
    locals: Any = None,
    fromlist: Optional[Sequence[str]] = (),
    level: int = 0,
) -> Any:
    """`__import__` of this package and of its modules, once the program's code may run."""
    full = name
    if level and globals is not None:
        package = globals["__package__"].rsplit(".", level - 1)[0]
        full = f"{package}.{name}" if name else package
    module = _own.get(full)
    if module is None:
        return _real_import(name, globals, locals, fromlist or (), level)
    if not fromlist:
        return module if level else _own.get(full.partition(".")[0], module)
    for part in fromlist:
        # A module that the package doesn't have as an attribute yet.
        if not hasattr(module, part) and f"{full}.{part}" in _own:
            setattr(module, part, _own[f"{full}.{part}"])
    return module


def _is_shared(name: str) -> bool:
    return name in _SHARED or name in _AT_START or name.partition(".")[0] in _SHARED_PACKAGES


def _is_standard(finder: Any) -> bool:
    where = getattr(finder, "__module__", "")
    return where.startswith(("_frozen_importlib", "importlib._bootstrap"))


def _found(name: str, path: Any, target: Any, finders: Sequence[Any]) -> Any:
    for finder in finders:
        find = getattr(finder, "find_spec", None)
        spec = find(name, path, target) if find is not None else None
        if spec is not None:
            return spec
    return None


def _standard_library(own: Optional[str]) -> List[str]:
    """`sys.path` without what is the program's: the working directory and PYTHONPATH. The library's directory goes first."""
    library = os.path.dirname(str(os.__file__))
    given = set()
    if not sys.flags.ignore_environment:
        given = {_absolute(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep)}
    rest = [
        entry
        for entry in sys.path
        if entry not in ("", own, library)
        and (os.path.basename(entry) == "lib-dynload" or _absolute(entry) not in given)
    ]
    return [library, *rest] + ([own] if own is not None else [])


def _absolute(entry: str) -> str:
    try:
        return os.path.abspath(entry)
    except OSError:
        # The working directory is gone.
        return entry
