package dev.loomgate.python.supervision;

import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.uwsgi.UwsgiCalls;
import java.util.List;
import java.util.function.ToIntFunction;

/// What all generations of a fleet share.
///
/// @param begin how many processes of a role a new generation begins with
record FleetParts(
        HomeLoop home,
        PythonOptions options,
        List<Role> roles,
        UwsgiCalls calls,
        Backoffs backoffs,
        ToIntFunction<Role> begin) {}
