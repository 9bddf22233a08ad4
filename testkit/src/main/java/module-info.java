/// The test kit: clients, log capture and real peers for tests of servers.
@org.jspecify.annotations.NullMarked
module dev.loomgate.testkit {
    requires static transitive org.jspecify;
    requires java.compiler;
    requires java.logging;
    requires java.management;
    requires java.net.http;

    exports dev.loomgate.testkit;
    exports dev.loomgate.testkit.client;
    exports dev.loomgate.testkit.fuzz;
    exports dev.loomgate.testkit.peers;
}
