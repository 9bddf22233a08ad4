/// Python applications behind the gateway interface: [PythonApplication] is an
/// [Application][dev.loomgate.gateway.Application] like any other, and what it runs on is a [PythonEngine].
///
/// How the worker processes are fed is in `workers`, what travels between them and the JVM in `wire`, what they
/// share in `shared`. The Python side is `src/main/python/loomgate_worker`; docs/worker-protocol.md is the
/// contract of both.
package dev.loomgate.python;
