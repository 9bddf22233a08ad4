package dev.loomgate.python.requests;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.uwsgi.UwsgiCalls;

/// What all workers that answer requests share.
record RequestParts(HomeLoop home, PythonOptions options, UwsgiCalls calls, Pace pace, Pool pool) {}
