/// Python applications: WSGI programs in supervised CPython worker processes, behind the gateway interface.
@org.jspecify.annotations.NullMarked
module dev.loomgate.python {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires transitive dev.loomgate.loop;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.unix.common;
    requires jdk.jfr;
    requires tools.jackson.databind;

    exports dev.loomgate.python;
    exports dev.loomgate.python.snapshot;

    uses dev.loomgate.python.SharedStores;
}
