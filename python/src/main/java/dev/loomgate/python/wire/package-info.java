/// What travels between the JVM and a Python worker, as docs/worker-protocol.md has it: frames, `marshal`, the
/// environ, a response's head. Pure: bytes in, values out; no process, no channel, no clock. Not exported.
package dev.loomgate.python.wire;
