/// The server: uwsgi and HTTP/1.1 listeners on event loops, which run gateway applications in microthreads.
@org.jspecify.annotations.NullMarked
module dev.loomgate.server {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires transitive dev.loomgate.loop;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.http2;
    requires io.netty.codec.http3;
    requires io.netty.common;
    requires io.netty.handler;
    requires java.naming;
    requires jdk.jfr;
    requires jdk.unsupported; // signals
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;

    provides dev.loomgate.gateway.LocalServer.Provider with
            dev.loomgate.server.LoopbackServer.Provider;

    exports dev.loomgate.server;
    // Not for embedders.
    exports dev.loomgate.server.signal to
            dev.loomgate.cli;
}
