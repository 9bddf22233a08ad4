"""The JVM's part in the `uwsgi` module: the cache and the locks."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from connections import Later


class Jvm:
    """Answers calls as the JVM does."""

    def __init__(self) -> None:
        self.cache: Dict[Tuple[str, str], bytes] = {}
        self.locks: List[Any] = []

    def answer(self, call: Tuple[Any, ...]) -> Any:
        name, *rest = call
        if name.startswith("cache_"):
            key = rest[0], rest[1] if len(rest) > 1 else ""
            assert all(isinstance(part, str) for part in key)
            if name == "cache_get":
                return self.cache.get(key)
            if name == "cache_set":
                value, expires, mode = rest[2:]
                assert isinstance(value, bytes) and isinstance(expires, int)
                if mode == "add" and key in self.cache:
                    return False
                self.cache[key] = value
                return True
            if name == "cache_del":
                return self.cache.pop(key, None) is not None
            if name == "cache_exists":
                return key in self.cache
            if name == "cache_add_number":
                number = int.from_bytes(self.cache.get(key, b""), "little", signed=True) + rest[2]
                self.cache[key] = number.to_bytes(8, "little", signed=True)
                return number
            if name == "cache_clear":
                self.cache.clear()
                return True
        if name == "lock":
            self.locks.append(None)
            if len(self.locks) > 1:
                self.locks[-1] = later = Later()
                raise later
            return None
        if name == "unlock":
            self.locks.pop(0)
            if self.locks:
                self.locks[0].reply(None)
            return None
        if name == "is_locked":
            return bool(self.locks)
        if name == "fails":
            raise ValueError("deliberately")
        return None
