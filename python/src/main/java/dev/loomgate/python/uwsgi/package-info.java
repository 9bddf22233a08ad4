/// What a program asks of the server through the `uwsgi` module: the calls, their arguments, what answers them. Knows
/// neither the worker nor the connection that a call comes from. Not exported.
package dev.loomgate.python.uwsgi;
