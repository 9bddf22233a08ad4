/// The command line: options, loading of applications, start-up, signals, and the log.
@org.jspecify.annotations.NullMarked
module dev.loomgate.cli {
    requires static org.jspecify;
    requires dev.loomgate.examples;
    requires dev.loomgate.gateway;
    requires dev.loomgate.loop;
    requires dev.loomgate.python;
    requires dev.loomgate.server;
    requires dev.loomgate.toolkit;
    requires info.picocli;
    requires java.compiler;
    requires java.logging;
    requires java.management;
    requires java.net.http;
    requires java.xml;
    requires jdk.compiler;
    requires jdk.management;
    requires jdk.unsupported;
    requires org.bouncycastle.provider;
    requires static org.shredzone.acme4j; // always there; but it requires a module that no JAR file is
    requires org.snakeyaml.engine;
    requires tools.jackson.core;

    uses dev.loomgate.gateway.kind.ApplicationKind;

    // picocli reads the commands' annotations, java.util.logging makes nothing of ours by name.
    opens dev.loomgate.cli to
            info.picocli;
    opens dev.loomgate.cli.ctl to
            info.picocli;

    // The toolkit calls the resources' methods, and makes JSON of the records.
    opens dev.loomgate.cli.dashboard to
            dev.loomgate.toolkit,
            tools.jackson.databind;
}
