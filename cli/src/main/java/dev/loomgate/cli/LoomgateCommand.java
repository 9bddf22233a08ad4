package dev.loomgate.cli;

import dev.loomgate.cli.application.ApplicationLoader;
import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.cli.options.ServeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `loomgate --app ...`: serves an application.
@Command(
        name = "loomgate",
        description = "Serves a Java application over HTTP, or over the uwsgi protocol behind nginx.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = {
            "loomgate (--http HOST:PORT | -s SOCKET)... --app CLASS|FILE.java [OPTIONS]",
            "       loomgate demo [OPTIONS]"
        },
        footer = {
            "",
            "Signals: SIGTERM and SIGINT stop gracefully, a second one at once; SIGUSR1 writes down all microthreads,"
                    + " SIGQUIT the JVM's threads.",
            "",
            "  loomgate --http 127.0.0.1:8000 --app Hello.java",
            "  loomgate -s /run/shop.sock --classpath shop.jar --app com.example.Shop"
        })
final class LoomgateCommand implements Callable<Integer> {
    private final ServerLog log;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Option(
            names = "--app",
            paramLabel = "CLASS|FILE.java",
            description = "the application: a class that implements Application, or has a method"
                    + " Body application(Environ, StartResponse) or a static field application; or a single source file"
                    + " with such a class, which is compiled in memory")
    private @Nullable String application;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description = "directories and JAR files with the application's classes, : in between; repeatable")
    private List<String> classPath = new ArrayList<>();

    @Mixin
    private ServeOptions options = new ServeOptions();

    LoomgateCommand(ServerLog log) {
        this.log = log;
    }

    @Override
    public Integer call() {
        if (application == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "nothing to run: give an application (--app CLASS or FILE.java), or the command demo");
        }
        if (options.addresses().isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "nothing to listen on: give an address (--http 127.0.0.1:8000, or -s /run/app.sock for nginx)");
        }
        String name = application;
        return new Serving(log, command, options)
                .run(() -> new ApplicationLoader(classPath).load(name), options.addresses());
    }
}
