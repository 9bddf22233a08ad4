package dev.loomgate.python.supervision;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import java.util.List;

/// What all generations of a fleet share.
record FleetParts(HomeLoop home, PythonOptions options, List<Role> roles, UwsgiCalls calls, Backoffs backoffs) {}
