/// Python applications behind the gateway interface: [PythonApplication] is an
/// [Application][dev.loomgate.gateway.Application] like any other, and what it runs on is a [PythonEngine].
///
/// The rooms below, each of which uses only those that follow: `engine` puts things together, `requests` is the role
/// that answers requests, `direct` what workers do that take connections themselves, `supervision` keeps worker
/// processes running, `call` is a request's way from its microthread and back, `connection` the frames to and from a
/// process, `uwsgi` what programs ask the server for, `zygote` the interpreter that forks, `states` the lives of
/// processes and calls, `shared` what workers share, `wire` what travels to them. The Python side is
/// `src/main/python/loomgate_worker`; docs/worker-protocol.md is the contract of both.
package dev.loomgate.python;
