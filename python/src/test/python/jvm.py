"""The JVM's part in the `uwsgi` module: caches, a queue, metrics and locks."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from connections import Later


class Jvm:
    """Answers calls as the JVM does."""

    def __init__(self) -> None:
        self.cache: Dict[Tuple[str, bytes], bytes] = {}
        self.queue: List[bytes] = []
        self.metrics: Dict[str, int] = {"orders": 0}
        self.locks: List[Any] = []

    def answer(self, call: Tuple[Any, ...]) -> Any:
        name, *rest = call
        if name.startswith("cache_"):
            return self._cache(name, rest)
        if name.startswith("queue_"):
            return self._queue(name, rest)
        if name.startswith("metric_"):
            return self._metric(name, rest)
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

    def _cache(self, name: str, rest: List[Any]) -> Any:
        cache = rest[0]
        assert isinstance(cache, str)
        if name == "cache_clear":
            self.cache.clear()
            return True
        if name == "cache_keys":
            # Two at a time.
            keys = [key for of, key in self.cache if of == cache]
            return keys[rest[1] : rest[1] + 2]
        key = cache, rest[1]
        assert isinstance(rest[1], bytes)
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
        amount = rest[2]
        number = int.from_bytes(self.cache.get(key, b""), "little", signed=True)
        number = {
            "inc": number + amount,
            "dec": number - amount,
            "mul": number * amount,
            "div": number // amount,
        }[name[len("cache_") :]]
        self.cache[key] = number.to_bytes(8, "little", signed=True)
        return True

    def _queue(self, name: str, rest: List[Any]) -> Any:
        if name == "queue_push":
            assert isinstance(rest[0], bytes)
            self.queue.append(rest[0])
            return True
        if name == "queue_slot":
            return len(self.queue) % 4
        if name == "queue_get":
            return self.queue[rest[0]] if rest[0] < len(self.queue) else None
        assert name == "queue_pull", name
        return self.queue.pop(0) if self.queue else None

    def _metric(self, name: str, rest: List[Any]) -> Any:
        if name == "metric_get":
            return self.metrics.get(rest[0], 0)
        if rest[0] not in self.metrics:
            return False
        assert name == "metric_inc", name
        self.metrics[rest[0]] += rest[1]
        return True
