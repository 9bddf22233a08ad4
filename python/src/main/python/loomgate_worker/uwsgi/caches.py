"""`uwsgi.cache_*`: caches that all workers share. They are in the JVM."""

from __future__ import annotations

from operator import index
from typing import List, Optional

from loomgate_worker.uwsgi.texts import Call, Text, octets, text


class Caches:
    """The public methods are functions of the module. Where nothing is done, or found, they return None, as uWSGI's."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def cache_get(self, key: Text, cache: Optional[Text] = None) -> Optional[bytes]:
        """The value; None if there is none."""
        value: Optional[bytes] = self._call("cache_get", text(cache), _key(key))
        return value

    def cache_num(self, key: Text, cache: Optional[Text] = None) -> int:
        """A counter's number; 0 if there is none."""
        value = self.cache_get(key, cache)
        return int.from_bytes(value, "little", signed=True) if value is not None and len(value) == 8 else 0

    def cache_set(
        self, key: Text, value: Text, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Adds an item, for so many seconds (0: for good). None if there is one with this key, or it has no room."""
        return self._set(key, value, expires, cache, "add")

    def cache_update(
        self, key: Text, value: Text, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Adds or replaces an item."""
        return self._set(key, value, expires, cache, "update")

    def cache_del(self, key: Text, cache: Optional[Text] = None) -> Optional[bool]:
        """None if there was no such item."""
        return self._call("cache_del", text(cache), _key(key)) or None

    def cache_exists(self, key: Text, cache: Optional[Text] = None) -> Optional[bool]:
        """None if there is no such item."""
        return self._call("cache_exists", text(cache), _key(key)) or None

    def cache_clear(self, cache: Optional[Text] = None) -> Optional[bool]:
        """None if there is no such cache."""
        return self._call("cache_clear", text(cache)) or None

    def cache_keys(self, cache: Optional[Text] = None) -> List[bytes]:
        """All keys. `ValueError` if there is no such cache."""
        keys: List[bytes] = []
        while True:
            # As many as a frame has room for.
            some = self._call("cache_keys", text(cache), len(keys))
            if some is None:
                raise ValueError("no local uWSGI cache available")
            if not some:
                return keys
            keys += some

    def cache_inc(
        self, key: Text, amount: int = 1, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Adds to a counter: an item of 8 bytes, little-endian, which begins at 0 (or the cache's math_initial)."""
        return self._count("cache_inc", key, amount, expires, cache)

    def cache_dec(
        self, key: Text, amount: int = 1, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Subtracts from a counter."""
        return self._count("cache_dec", key, amount, expires, cache)

    def cache_mul(
        self, key: Text, factor: int = 2, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Multiplies a counter."""
        return self._count("cache_mul", key, factor, expires, cache)

    def cache_div(
        self, key: Text, divisor: int = 2, expires: int = 0, cache: Optional[Text] = None
    ) -> Optional[bool]:
        """Divides a counter, towards zero; by 0 it is 0."""
        return self._count("cache_div", key, divisor, expires, cache)

    # ---- inside

    def _set(self, key: Text, value: Text, expires: int, cache: Optional[Text], mode: str) -> Optional[bool]:
        data = octets(value, "a value of the cache")
        return self._call("cache_set", text(cache), _key(key), data, int(expires), mode) or None

    def _count(
        self, name: str, key: Text, amount: int, expires: int, cache: Optional[Text]
    ) -> Optional[bool]:
        return self._call(name, text(cache), _key(key), index(amount), int(expires)) or None


def _key(key: Text) -> bytes:
    return octets(key, "a key of the cache")
