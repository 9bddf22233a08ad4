/// The gateway interface: `application(environ, startResponse)`, PEP 3333's shape in Java, without dependencies.
@org.jspecify.annotations.NullMarked
module dev.loomgate.gateway {
    requires static transitive org.jspecify;

    uses dev.loomgate.gateway.LocalServer.Provider;

    exports dev.loomgate.gateway;
    exports dev.loomgate.gateway.kind;
    exports dev.loomgate.gateway.lint;
    exports dev.loomgate.gateway.specification;
    // Not for applications.
    exports dev.loomgate.gateway.direct to
            dev.loomgate.cli,
            dev.loomgate.python,
            dev.loomgate.server;
}
