/// Event loops that run microthreads: virtual threads whose carrier is the loop's own OS thread.
@org.jspecify.annotations.NullMarked
module dev.loomgate.loop {
    requires static transitive org.jspecify;
    requires io.netty.transport;
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires jdk.jfr;

    exports dev.loomgate.loop;
    exports dev.loomgate.loop.settings;
    exports dev.loomgate.loop.spool;
    // Not for applications.
    exports dev.loomgate.loop.io to
            dev.loomgate.python,
            dev.loomgate.server;
    exports dev.loomgate.loop.waiting to
            dev.loomgate.python,
            dev.loomgate.server;
    exports dev.loomgate.loop.watch to
            dev.loomgate.server;
}
