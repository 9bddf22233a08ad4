/// The toolkit: Werkzeug's job in Java. Requests, responses, routing, exceptions, resources and a test client, for
/// any gateway server.
@org.jspecify.annotations.NullMarked
module dev.loomgate.toolkit {
    requires static transitive org.jspecify;
    requires transitive dev.loomgate.gateway;
    requires java.net.http;
    requires com.github.benmanes.caffeine;
    requires tools.jackson.databind;

    exports dev.loomgate.toolkit;
    exports dev.loomgate.toolkit.debug;
    exports dev.loomgate.toolkit.events;
    exports dev.loomgate.toolkit.exceptions;
    exports dev.loomgate.toolkit.files;
    exports dev.loomgate.toolkit.headers;
    exports dev.loomgate.toolkit.middleware;
    exports dev.loomgate.toolkit.proxy;
    exports dev.loomgate.toolkit.resources;
    exports dev.loomgate.toolkit.routes;
    exports dev.loomgate.toolkit.routing;
    exports dev.loomgate.toolkit.routing.converters;
    exports dev.loomgate.toolkit.security;
    exports dev.loomgate.toolkit.schedule;
    exports dev.loomgate.toolkit.sessions;
    exports dev.loomgate.toolkit.settings;
    exports dev.loomgate.toolkit.spooler;
    exports dev.loomgate.toolkit.test;
}
