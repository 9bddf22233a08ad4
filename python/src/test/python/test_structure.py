"""The folders of `loomgate_worker`: which may import which, and no circles. Imports for types and in functions count, too."""

from __future__ import annotations

import ast
import os
import unittest
from typing import Dict, List, Optional, Set

from surroundings import HERE, MAIN

PACKAGE = "loomgate_worker"

# Each folder, and the others that it imports: all of them, and no more.
ARROWS: Dict[str, Set[str]] = {
    "process": set(),
    "wire": {"process"},
    "wsgi": {"process", "wire"},
    "asgi": {"process", "wire", "wsgi"},
    "tornado": {"process"},
    "direct": {"process", "wire", "wsgi", "asgi"},
    "modes": {"process", "wire", "wsgi", "asgi", "direct"},
    "background": {"process", "wire", "uwsgi"},
    "uwsgi": {"process", "wire", "wsgi", "modes"},
    "zygote": {"process", "wire", "asgi", "tornado", "direct", "modes", "background", "uwsgi"},
    # __init__ and __main__
    "": {"process", "wire", "zygote"},
}

# What is imported while a module of the program's might be found in its place (process/isolation.py).
BEFORE_ISOLATION = ["__init__.py", "__main__.py", "process/__init__.py", "process/isolation.py"]

MOST_BYTES = 25 * 1024


def sources() -> Dict[str, ast.Module]:
    """Every module of the package, by its name."""
    found = {}
    for directory, _, names in os.walk(os.path.join(MAIN, PACKAGE)):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(directory, name)
                parts = os.path.relpath(path, MAIN)[: -len(".py")].split(os.sep)
                if parts[-1] == "__init__":
                    parts.pop()
                with open(path) as file:
                    found[".".join(parts)] = ast.parse(file.read(), path)
    return found


def imports(modules: Dict[str, ast.Module]) -> Dict[str, Set[str]]:
    """Which modules of the package each of them names in an import, wherever that stands."""
    graph: Dict[str, Set[str]] = {}
    for module, source in modules.items():
        named: Set[str] = set()
        graph[module] = named
        for node in ast.walk(source):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{module}: a relative import in line {node.lineno}"
                inside = [f"{node.module}.{alias.name}" for alias in node.names]
                named.update(name if name in modules else str(node.module) for name in inside)
        named.intersection_update(modules)
    return graph


def circle(graph: Dict[str, Set[str]]) -> Optional[List[str]]:
    """One, if there is one: its modules in order, the first one again at the end."""
    done: Set[str] = set()

    def search(module: str, path: List[str]) -> Optional[List[str]]:
        if module in path:
            return path[path.index(module) :] + [module]
        if module in done:
            return None
        for other in sorted(graph[module]):
            found = search(other, path + [module])
            if found is not None:
                return found
        done.add(module)
        return None

    return next((found for found in (search(module, []) for module in sorted(graph)) if found), None)


def folder(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ARROWS else ""


class Structure(unittest.TestCase):
    def test_no_module_imports_itself_in_a_circle(self) -> None:
        graph = imports(sources())
        self.assertGreater(sum(map(len, graph.values())), 100)
        self.assertIsNone(circle(graph))

    def test_a_circle_would_be_found(self) -> None:
        self.assertIsNone(circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}))
        self.assertEqual(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}), ["b", "c", "b"])
        code = {"p.a": "def f():\n    from p import b", "p.b": "if TYPE_CHECKING:\n    import p.a", "p": ""}
        graph = imports({module: ast.parse(text) for module, text in code.items()})
        self.assertEqual(circle(graph), ["p.a", "p.b", "p.a"])

    def test_folders_depend_one_way(self) -> None:
        arrows: Dict[str, Set[str]] = {name: set() for name in ARROWS}
        for module, named in imports(sources()).items():
            arrows[folder(module)].update(map(folder, named - {PACKAGE}))
        self.assertEqual({name: found - {name} for name, found in arrows.items()}, ARROWS)

    def test_each_folder_says_what_lives_there_and_what_must_not(self) -> None:
        modules = sources()
        for name in filter(None, ARROWS):
            with self.subTest(name):
                said = ast.get_docstring(modules[f"{PACKAGE}.{name}"]) or ""
                self.assertIn("Nothing here", said)

    def test_nothing_of_the_library_is_imported_before_the_isolation(self) -> None:
        for name in BEFORE_ISOLATION:
            with self.subTest(name), open(os.path.join(MAIN, PACKAGE, name)) as file:
                named: Set[str] = set()
                for node in ast.parse(file.read()).body:
                    if isinstance(node, ast.Import):
                        named.update(alias.name for alias in node.names)
                    elif isinstance(node, ast.ImportFrom):
                        named.add(str(node.module))
                # Built in, or loaded by the interpreter itself.
                self.assertLessEqual(named, {"__future__", "builtins", "os", "sys", f"{PACKAGE}.process"})

    def test_no_file_is_too_large(self) -> None:
        for place in (os.path.join(MAIN, PACKAGE), HERE):
            for directory, _, names in os.walk(place):
                for name in names:
                    path = os.path.join(directory, name)
                    if name.endswith(".py"):
                        self.assertLessEqual(os.path.getsize(path), MOST_BYTES, path)


if __name__ == "__main__":
    unittest.main()
