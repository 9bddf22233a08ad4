package dev.loomgate.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Options of uWSGI that aren't offered, and what to do instead: somebody who comes from there will try them.
final class OptionsOfUwsgi {
    private static final String SERVICE = "let the system's service manager do it";
    private static final String ERRORS =
            "the log goes to standard error: redirect it, or let the service manager keep it";
    private static final String NGINX = "nginx does that";
    private static final String COMMAND_LINE = "give options on the command line";
    private static final String OWN_PROCESS = "let the system run a process of its own";
    private static final String CHILDREN = "let the system's service manager run it beside this server";
    private static final String CACHE =
            "the cache of uwsgi.cache_set and its kin is there without it, 64 MiB for each name";

    private record Family(String prefix, String instead) {}

    private static final Map<String, String> NAMES = names();

    private static final List<Family> FAMILIES = List.of(
            new Family("attach-daemon", CHILDREN),
            new Family("smart-attach-daemon", CHILDREN),
            new Family("legion-attach-daemon", CHILDREN),
            new Family("cheaper", "the number of workers is fixed (--processes)"),
            new Family("spooler", "take a queue of its own for background work"),
            new Family("mule", OWN_PROCESS),
            new Family("farm", OWN_PROCESS),
            new Family("emperor", "let the system's service manager run a server for each site"),
            new Family("vassal", "let the system's service manager run a server for each site"),
            new Family("cache", CACHE),
            new Family("stats", "SIGUSR1 writes what runs to the log"),
            new Family("route", "rules on requests are nginx's matter"),
            new Family("final-route", "rules on requests are nginx's matter"),
            new Family("response-route", "rules on responses are nginx's matter"),
            new Family("error-route", "rules on responses are nginx's matter"),
            new Family("https", "TLS is nginx's matter"),
            new Family("ssl-", "TLS is nginx's matter"),
            new Family("http-", "there is no router process: --http listens, and its limits have options of their own"),
            new Family("fastrouter", NGINX),
            new Family("static-", "--static-map /PREFIX=DIRECTORY does that, or nginx"),
            new Family("cron", "let the system run jobs"),
            new Family("legion", "let the cluster's own tools decide"),
            new Family("metric", "take a metrics library such as prometheus_client"),
            new Family("snmp", "take a metrics library such as prometheus_client"),
            new Family("carbon", "take a metrics library such as prometheus_client"),
            new Family("subscri", "nginx's upstream names the servers"),
            new Family("gevent", "--asyncio N --greenlet runs many requests at once in a worker"),
            new Family("hook-", "let the system's service manager run it before or after (ExecStartPre, ExecStopPost)"),
            new Family("exec-", "let the system's service manager run it before or after (ExecStartPre, ExecStopPost)"),
            new Family("logto", ERRORS),
            new Family("log-", ERRORS),
            new Family("limit-", "let the system's service manager limit it (LimitAS=, LimitNPROC=)"),
            new Family("cgroup", "let the system's service manager do it (Slice=)"),
            new Family("touch-", "--touch-reload FILE is offered"),
            new Family("if-", COMMAND_LINE),
            new Family("for-", COMMAND_LINE));

    private OptionsOfUwsgi() {}

    private static Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        all(names, COMMAND_LINE, "ini xml yaml yml json include inherit config set set-placeholder set-ph strict");
        all(names, "let the system's service manager keep it", "daemonize daemonize2 pidfile pidfile2 safe-pidfile");
        names.put("uid", "let the system's service manager start it as that user");
        names.put("gid", "let the system's service manager start it as that group");
        names.put("umask", "let the system's service manager set it (UMask=); --chmod-socket=MODE sets a socket's");
        names.put(
                "chown-socket",
                "the socket belongs to the server's user and group: let nginx's user be in that group, or"
                        + " --chmod-socket=666");
        all(
                names,
                SERVICE,
                "chroot master-as-root exec-as-root exec-as-user max-fd procname procname-prefix"
                        + " procname-prefix-spaced procname-append apparmor-profile reload-os-env close-on-exec name");
        all(names, ERRORS, "logger req-logger req-logto logformat logdate log-x-forwarded-for paste-logger");
        all(
                names,
                NGINX,
                "offload-threads add-header rem-header pull-header collect-header check-static file-serve-mode"
                        + " mimefile");
        names.put("http-socket", "--http does that");
        names.put("uwsgi-socket", "--socket does that");
        names.put("socket-timeout", "--idle-timeout, --body-timeout and --write-timeout do that");
        names.put("http-timeout", "--idle-timeout, --body-timeout and --write-timeout do that");
        names.put("http-keepalive", "connections are kept for --idle-timeout");
        all(
                names,
                "chunked bodies are read from wsgi.input, and answers are chunked where that is needed",
                "http-auto-chunked http-chunked-input http-raw-body wsgi-manage-chunked-input");
        names.put("worker-reload-mercy", "--reload-mercy does that");
        names.put("mule-reload-mercy", "--reload-mercy does that for workers");
        names.put("evil-reload-on-rss", "--reload-on-rss does that");
        names.put("reload-on-as", "--reload-on-rss is offered, for resident memory");
        names.put("py-auto-reload", "--py-autoreload does that");
        names.put("python-auto-reload", "--py-autoreload does that");
        names.put("need-plugin", "--plugin is accepted");
        names.put("process", "--processes does that");
        names.put("chdir2", "--chdir does that");
        names.put("exit-on-reload", "a reload goes on in the same process");
        names.put("paste", "--wsgi-file FILE.py, with a file that calls paste.deploy.loadapp");
        names.put("ini-paste", "--wsgi-file FILE.py, with a file that calls paste.deploy.loadapp");
        names.put("autoload", "-w MODULE and --wsgi-file FILE.py say what to run");
        names.put("ugreen", "--asyncio N --greenlet does that");
        names.put("protocol", "--http listens for HTTP, --socket for uwsgi");
        names.put("no-default-app", "a path under no --mount is answered by -w or --wsgi-file, and 404 without them");
        names.put("idle", "the server runs until it is stopped; socket activation is the service manager's");
        names.put("die-on-idle", "the server runs until it is stopped; socket activation is the service manager's");
        return Map.copyOf(names);
    }

    private static void all(Map<String, String> names, String instead, String several) {
        for (String name : several.split(" ", -1)) {
            names.put(name, instead);
        }
    }

    /// What to do instead of an option, by its name as it was typed; empty if uWSGI has none that begins like it.
    static Optional<String> instead(String typed) {
        if (!typed.startsWith("--")) {
            return Optional.empty();
        }
        String name = typed.substring(2).replace('_', '-');
        String known = NAMES.get(name);
        return known != null
                ? Optional.of(known)
                : FAMILIES.stream()
                        .filter(family -> name.startsWith(family.prefix()))
                        .map(Family::instead)
                        .findFirst();
    }
}
