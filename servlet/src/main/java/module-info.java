/// Servlet 6.1 programs on any gateway server, by Jetty without its connectors. An embedder adds it.
@org.jspecify.annotations.NullMarked
module dev.loomgate.servlet {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires transitive org.eclipse.jetty.server;
    requires dev.loomgate.loop;
    requires org.eclipse.jetty.ee11.webapp;

    exports dev.loomgate.servlet;

    provides dev.loomgate.gateway.kind.ApplicationKind with
            dev.loomgate.servlet.WarKind;
}
