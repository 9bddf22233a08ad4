"""What the `uwsgi` module doesn't offer, and says so."""

from __future__ import annotations

from typing import Any, Callable, Dict

_SIGNALS = "a cron job, or a thread or process of the application's own"
_SPOOLER = "a task queue such as Celery, RQ or Huey"
_WEBSOCKETS = "an ASGI server, or the server's Java side"
_SOCKETS = "Python's socket module (in mode asyncio: asyncio's streams)"
_MESSAGES = "the cache (uwsgi.cache_set and others) or a message broker"
_METRICS = "a metrics library such as prometheus_client"

_INSTEAD: Dict[str, str] = {
    **dict.fromkeys(
        "signal register_signal signal_wait signal_received signal_registered add_timer add_rb_timer add_cron"
        " add_file_monitor alarm".split(),
        _SIGNALS,
    ),
    **dict.fromkeys(
        "spool send_to_spooler spooler_jobs spooler_pid spooler_pids spooler_get_task".split(), _SPOOLER
    ),
    **dict.fromkeys(
        "websocket_handshake websocket_recv websocket_recv_nb websocket_send websocket_send_from_sharedarea"
        " websocket_send_binary websocket_send_binary_from_sharedarea".split(),
        _WEBSOCKETS,
    ),
    **dict.fromkeys("async_connect connect send recv close sendfile offload disconnect".split(), _SOCKETS),
    **dict.fromkeys(
        "rpc call rpc_list register_rpc mule_msg mule_get_msg mule_msg_hook farm_msg farm_get_msg install_mule_msg_hook"
        " sharedarea_read sharedarea_write queue_push queue_pop queue_get queue_set queue_slot snmp_set_counter64".split(),
        _MESSAGES,
    ),
    **dict.fromkeys(
        "metric_get metric_set metric_inc metric_dec metric_mul metric_div metric_set_max metric_set_min".split(),
        _METRICS,
    ),
    "cache_mul": "uwsgi.lock() around uwsgi.cache_get() and uwsgi.cache_update()",
    "cache_div": "uwsgi.lock() around uwsgi.cache_get() and uwsgi.cache_update()",
    "cache_keys": "",
    "cache_num": "",
    "chunked_read": "environ['wsgi.input'].read(size)",
    "chunked_read_nb": "environ['wsgi.input'].read(size)",
    "add_var": "environ",
    "route": "",
    "stop": "SIGTERM to the server's process",
    "workers": "",
    "scrolls": "",
    "accepting": "",
    "extract": "",
    "mule_id": "",
    "log_this_request": "",
}


def stubs() -> Dict[str, Callable[..., Any]]:
    """A function for each missing one, which raises `NotImplementedError`."""
    return {name: _stub(name, instead) for name, instead in _INSTEAD.items()}


def _stub(name: str, instead: str) -> Callable[..., Any]:
    def missing(*_: Any, **__: Any) -> Any:
        hint = f"; use {instead}" if instead else ""
        raise NotImplementedError(
            f"uwsgi.{name}() is a function of uWSGI's that Loomgate doesn't offer{hint}"
        )

    missing.__name__ = missing.__qualname__ = name
    missing.__doc__ = "Not offered."
    return missing
