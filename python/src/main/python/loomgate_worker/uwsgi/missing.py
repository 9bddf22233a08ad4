"""What uWSGI's module has and Loomgate doesn't offer: each name says so, in its own words.

Programs ask by `hasattr(uwsgi, name)` whether they may use something. So there are two kinds:

- what uWSGI itself has only by an option or a build (spooler, queues, shared areas, SNMP) isn't there without that,
  as in a uWSGI without: `hasattr` is False, `getattr(uwsgi, name, None)` is None, `from uwsgi import name` an ImportError;
- what uWSGI has always is there, since its presence tells a program nothing, and says so when it is called.

Both are a `NotOffered`, which is an `AttributeError` and a `NotImplementedError`.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from loomgate_worker.process import settings

_SOCKETS = "Python's socket module (in mode asyncio: asyncio's streams)"
_MESSAGES = "the cache (uwsgi.cache_set and others) or a message broker"
_METRICS = "a metrics library such as prometheus_client"
_FILES = "open()"


def _each(names: str, instead: str) -> Dict[str, str]:
    return dict.fromkeys(names.split(), instead)


ABSENT: Dict[str, str] = {
    "sharedarea_object": "uwsgi.sharedarea_memoryview()",
    **_each(
        "snmp_decr_counter32 snmp_decr_counter64 snmp_decr_gauge snmp_incr_counter32 snmp_incr_counter64 snmp_incr_gauge"
        " snmp_set_community snmp_set_counter32 snmp_set_counter64 snmp_set_gauge",
        _METRICS,
    ),
    **_each("mule_file mule_msg_recv_size", _MESSAGES),
    **_each("erlang_register_process mode pidfile", ""),
}
"""Names that aren't there, and what may be used instead."""

BY_OPTION: Dict[str, str] = {
    **_each(
        "spool send_to_spooler spooler_jobs spooler_pid spooler_pids spooler_get_task spooler_dir spoolers"
        " set_spooler_frequency",
        "spoolers",
    ),
    **_each(
        "queue_get queue_last queue_pop queue_pull queue_pull_slot queue_push queue_set queue_size queue_slot",
        "queue",
    ),
    **_each(
        "sharedarea_dec32 sharedarea_dec64 sharedarea_inc32 sharedarea_inc64 sharedarea_inclong sharedarea_memoryview"
        " sharedarea_read sharedarea_read16 sharedarea_read32 sharedarea_read64 sharedarea_read8 sharedarea_readbyte"
        " sharedarea_readlong sharedarea_rlock sharedarea_unlock sharedarea_wlock sharedarea_write sharedarea_write16"
        " sharedarea_write32 sharedarea_write64 sharedarea_write8 sharedarea_writebyte sharedarea_writelong",
        "areas",
    ),
}
"""Names that are there with a setting, and which."""

_REFUSED: Dict[str, str] = {
    "alarm": "uwsgi.log()",
    "offload": _SOCKETS,
    **_each("embedded_data", _FILES),
    **_each("ZipImporter SymbolsImporter SymbolsZipImporter", "Python's own import system (zipimport)"),
    **_each("set_warning_message", "uwsgi.log()"),
    "add_var": "environ",
    "route": "",
}


class NotOffered(NotImplementedError, AttributeError):
    """A name of uWSGI's module that Loomgate doesn't offer."""


def is_absent(name: str) -> bool:
    """Whether the name is uWSGI's, and isn't there."""
    return name in ABSENT or name in BY_OPTION


def refusal(name: str) -> NotOffered:
    """Says so of one of the absent names."""
    if name in BY_OPTION:
        return NotOffered(f"uwsgi.{name} is only there with {settings.name(BY_OPTION[name])}")
    return NotOffered(f"uwsgi.{name} is a part of uWSGI's that Loomgate doesn't offer{_hint(ABSENT[name])}")


def stubs() -> Dict[str, Callable[..., Any]]:
    """A function for each name that is there and can't be called."""
    return {name: _stub(name, instead) for name, instead in _REFUSED.items()}


def _stub(name: str, instead: str) -> Callable[..., Any]:
    def missing(*_: Any, **__: Any) -> Any:
        raise NotOffered(
            f"uwsgi.{name}() is a function of uWSGI's that Loomgate doesn't offer{_hint(instead)}"
        )

    missing.__name__ = missing.__qualname__ = name
    missing.__doc__ = "Not offered."
    return missing


def _hint(instead: str) -> str:
    return f"; use {instead}" if instead else ""
