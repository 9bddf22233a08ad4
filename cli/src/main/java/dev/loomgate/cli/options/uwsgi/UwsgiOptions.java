package dev.loomgate.cli.options.uwsgi;

import static dev.loomgate.cli.options.uwsgi.UwsgiOptions.Verdict.NEVER;
import static dev.loomgate.cli.options.uwsgi.UwsgiOptions.Verdict.NOT_YET;
import static dev.loomgate.cli.options.uwsgi.UwsgiOptions.Verdict.RENAMED;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;

/// The rows of the table that uWSGI alone has: what is accepted without effect, and what is refused, with what to do
/// instead. Somebody who comes from there will try them.
public final class UwsgiOptions {
    /// An option that is accepted and does nothing here: what it asks for is always so, or doesn't matter.
    ///
    /// @param takesValue whether a value follows, which is dropped
    /// @param why it does nothing
    public record Ignored(List<String> names, boolean takesValue, String why) {
        /// What has picocli accept it, as often as it is given. This row is its user object.
        public OptionSpec spec() {
            OptionSpec.Builder spec = OptionSpec.builder(names.toArray(String[]::new))
                    .userObject(this)
                    .description(why);
            if (takesValue) {
                spec.paramLabel("VALUE")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .arity("1");
            } else {
                spec.type(boolean[].class).arity("0"); // may be repeated
            }
            return spec.build();
        }
    }

    /// What is to be said of an option that isn't offered.
    public enum Verdict {
        /// Another option does it.
        RENAMED,
        /// It may come.
        NOT_YET,
        /// It is another program's job, or has no meaning here.
        NEVER
    }

    /// An option that isn't offered, or a family of them.
    ///
    /// @param name without the dashes; of a family what its names begin with
    /// @param instead what to do
    public record Refused(String name, boolean isFamily, Verdict verdict, String instead) {
        /// Whether it is meant by an option's name, or the family has one of this name.
        ///
        /// @param typed without the dashes
        public boolean is(String typed) {
            return isFamily ? typed.startsWith(name) : typed.equals(name);
        }
    }

    private static final String SERVICE = "let the system's service manager do it";
    private static final String RUN =
            "let the system's service manager run it before or after (ExecStartPre, ExecStopPost)";
    private static final String CHILDREN = "let the system's service manager run it beside this server";
    private static final String SITES = "let the system's service manager run a server for each site";
    private static final String KEPT = "let the system's service manager keep it";
    private static final String OWN_PROCESS = "let the system run a process of its own";
    private static final String ERRORS =
            "the log goes to standard error: redirect it, or let the service manager keep it";
    private static final String NGINX = "nginx does that";
    private static final String REQUEST_RULES = "nginx has rules on requests";
    private static final String RESPONSE_RULES = "nginx has rules on responses";
    private static final String TLS = "let nginx do TLS";
    private static final String COMMAND_LINE = "give options on the command line";
    private static final String CACHE =
            "the cache of uwsgi.cache_set and related functions works without it, 64 MiB for each name";
    private static final String METRICS = "use a metrics library such as prometheus_client";
    private static final String TIMEOUTS = "--idle-timeout, --body-timeout and --write-timeout do that";
    private static final String CHUNKED =
            "chunked bodies are read from wsgi.input, and answers are chunked where that is needed";
    private static final String IDLE =
            "the server runs until it is stopped; socket activation is the service manager's";
    private static final String PASTE = "--wsgi-file FILE.py, with a file that calls paste.deploy.loadapp";

    /// What is accepted, and does nothing.
    public static final List<Ignored> IGNORED = List.of(
            flag("the JVM supervises the workers", "-M", "--master"),
            flag("programs may start threads", "-T", "--enable-threads"),
            flag("a worker has one interpreter", "-i", "--single-interpreter"),
            flag("sockets are removed at the end", "--vacuum"),
            flag("SIGTERM stops", "--die-on-term"),
            flag("a connection wakes one loop", "--thunder-lock"),
            flag("no effect yet: processes have no names of their own", "--auto-procname"),
            flag("SCRIPT_NAME is the mount's prefix", "--manage-script-name"),
            flag("workers end with the server", "--no-orphans"),
            flag("--reload-on-rss has what it needs", "--memory-report"),
            value("nothing is a plugin", "--plugin"),
            value("nothing is a plugin", "--plugins"),
            value("a program may always read its input late", "--post-buffering"));

    /// Single options, then families, of which the first that fits is meant.
    public static final List<Refused> REFUSED = Stream.of(
                    these(
                            NOT_YET,
                            COMMAND_LINE,
                            "ini xml yaml yml json include inherit config set set-placeholder set-ph strict"),
                    these(NEVER, KEPT, "daemonize daemonize2 pidfile pidfile2 safe-pidfile"),
                    these(NEVER, "let the system's service manager start it as that user", "uid"),
                    these(NEVER, "let the system's service manager start it as that group", "gid"),
                    these(
                            NEVER,
                            "let the system's service manager set it (UMask=); --chmod-socket=MODE sets a socket's",
                            "umask"),
                    these(
                            NEVER,
                            "the socket belongs to the server's user and group: let nginx's user be in that group, or"
                                    + " --chmod-socket=666",
                            "chown-socket"),
                    these(
                            NEVER,
                            SERVICE,
                            "chroot master-as-root exec-as-root exec-as-user max-fd procname procname-prefix"
                                    + " procname-prefix-spaced procname-append apparmor-profile reload-os-env"
                                    + " close-on-exec name"),
                    these(
                            NEVER,
                            ERRORS,
                            "logger req-logger req-logto logformat logdate log-x-forwarded-for paste-logger"),
                    these(
                            NEVER,
                            NGINX,
                            "offload-threads add-header rem-header pull-header collect-header check-static"
                                    + " file-serve-mode mimefile"),
                    these(RENAMED, "--http does that", "http-socket"),
                    these(RENAMED, "--socket does that", "uwsgi-socket"),
                    these(RENAMED, TIMEOUTS, "socket-timeout http-timeout"),
                    these(RENAMED, "connections are kept for --idle-timeout", "http-keepalive"),
                    these(
                            NEVER,
                            CHUNKED,
                            "http-auto-chunked http-chunked-input http-raw-body wsgi-manage-chunked-input"),
                    these(RENAMED, "--reload-mercy does that for workers", "mule-reload-mercy"),
                    these(RENAMED, "--py-autoreload does that", "py-auto-reload python-auto-reload"),
                    these(NEVER, "--plugin is accepted", "need-plugin"),
                    these(RENAMED, "--processes does that", "process"),
                    these(RENAMED, "--chdir does that", "chdir2"),
                    these(NEVER, "a reload stays in the same process", "exit-on-reload"),
                    these(NEVER, PASTE, "paste ini-paste"),
                    these(NEVER, "-w MODULE and --wsgi-file FILE.py say what to run", "autoload"),
                    these(RENAMED, "--asyncio N --greenlet does that", "ugreen"),
                    these(RENAMED, "--http listens for HTTP, --socket for uwsgi", "protocol"),
                    these(
                            NEVER,
                            "a path under no --mount is answered by -w or --wsgi-file, and 404 without them",
                            "no-default-app"),
                    these(NEVER, IDLE, "die-on-idle"),
                    these(NEVER, "the algorithms are those of --cheaper-algo", "cheaper-algo-list cheaper-algos-list"),
                    families(NEVER, CHILDREN, "attach-daemon smart-attach-daemon legion-attach-daemon"),
                    families(NOT_YET, "use a task queue for background work", "spooler"),
                    families(NOT_YET, OWN_PROCESS, "mule farm"),
                    families(NEVER, SITES, "emperor vassal"),
                    families(NEVER, CACHE, "cache"),
                    families(NOT_YET, "SIGUSR1 writes what runs to the log", "stats"),
                    families(NEVER, REQUEST_RULES, "route final-route"),
                    families(NEVER, RESPONSE_RULES, "response-route error-route"),
                    families(NEVER, TLS, "https ssl-"),
                    families(
                            NEVER,
                            "there is no router process: --http listens, and its limits have options of their own",
                            "http-"),
                    families(NEVER, NGINX, "fastrouter"),
                    families(NEVER, "--static-map /PREFIX=DIRECTORY does that, or nginx", "static-"),
                    families(NEVER, "let the system run jobs", "cron"),
                    families(NEVER, "let the cluster's own tools decide", "legion"),
                    families(NOT_YET, METRICS, "metric snmp carbon"),
                    families(NEVER, "nginx's upstream names the servers", "subscri"),
                    families(NOT_YET, "--asyncio N --greenlet runs many requests at once in a worker", "gevent"),
                    families(NEVER, RUN, "hook- exec-"),
                    families(NEVER, ERRORS, "logto log-"),
                    families(NEVER, "let the system's service manager limit it (LimitAS=, LimitNPROC=)", "limit-"),
                    families(NEVER, "let the system's service manager do it (Slice=)", "cgroup"),
                    families(
                            NEVER,
                            "--touch-reload, --touch-workers-reload and --touch-chain-reload are offered",
                            "touch-"),
                    families(NOT_YET, COMMAND_LINE, "if- for-"))
            .flatMap(List::stream)
            .toList();

    private UwsgiOptions() {}

    private static Ignored flag(String why, String... names) {
        return new Ignored(List.of(names), false, why);
    }

    private static Ignored value(String why, String name) {
        return new Ignored(List.of(name), true, why);
    }

    private static List<Refused> these(Verdict verdict, String instead, String names) {
        return rows(false, verdict, instead, names);
    }

    private static List<Refused> families(Verdict verdict, String instead, String prefixes) {
        return rows(true, verdict, instead, prefixes);
    }

    private static List<Refused> rows(boolean families, Verdict verdict, String instead, String names) {
        return Stream.of(names.split(" ", -1))
                .map(name -> new Refused(name, families, verdict, instead))
                .toList();
    }

    /// The row of an option, by its name as it was typed; empty if uWSGI has none that begins like it. What is
    /// in a family may be no option of uWSGI's, but a typo; or one that is offered here.
    public static Optional<Refused> instead(String typed) {
        if (!typed.startsWith("--")) {
            return Optional.empty();
        }
        String name = typed.substring(2).replace('_', '-');
        return REFUSED.stream().filter(row -> row.is(name)).findFirst();
    }
}
