"""`uwsgi.metric_*`: numbers that were asked for, which all workers share. They are in the JVM."""

from __future__ import annotations

from operator import index
from typing import Optional

from loomgate_worker.uwsgi.texts import Call, Text, text


class Metrics:
    """The public methods are functions of the module. None: there is no such metric, or it stays as it is."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def metric_get(self, name: Text) -> int:
        """Its value; 0 if there is no such metric."""
        value: int = self._call("metric_get", text(name))
        return value

    def metric_set(self, name: Text, value: int = 1) -> Optional[bool]:
        return self._change("metric_set", name, value)

    def metric_inc(self, name: Text, amount: int = 1) -> Optional[bool]:
        return self._change("metric_inc", name, amount)

    def metric_dec(self, name: Text, amount: int = 1) -> Optional[bool]:
        return self._change("metric_dec", name, amount)

    def metric_mul(self, name: Text, factor: int = 1) -> Optional[bool]:
        return self._change("metric_mul", name, factor)

    def metric_div(self, name: Text, divisor: int = 1) -> Optional[bool]:
        """Divides, towards zero. Nothing is done for 0."""
        return self._change("metric_div", name, divisor)

    def metric_set_max(self, name: Text, value: int = 1) -> Optional[bool]:
        """Sets it if the value is greater."""
        return self._change("metric_set_max", name, value)

    def metric_set_min(self, name: Text, value: int = 1) -> Optional[bool]:
        """Sets it if the value is less, and more than what the metric began with."""
        return self._change("metric_set_min", name, value)

    def _change(self, call: str, name: Text, value: int) -> Optional[bool]:
        return self._call(call, text(name), index(value)) or None
