package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.log.ServerLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What is said of a wrong command line: one line, and the status.
class CommandLineTest {
    private static final ServerLog LOG = ServerLog.install();

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    private int run(String... args) {
        CommandLine commands = Main.commands(LOG);
        for (CommandLine command : commands.getSubcommands().values()) {
            command.setErr(new PrintWriter(err, true)).setOut(new PrintWriter(out, true));
        }
        return commands.setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(out, true))
                .execute(args);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--http :0 | nothing to run: give an application (--app CLASS or FILE.java, -w PYTHON.MODULE), files (--static-map /=DIRECTORY), or the command demo",
                "--http :0 --static-map static | --static-map: 'static' is not /prefix=directory, as in /static=/srv/shop/static",
                "--http :0 --route ^/a | --route: '^/a' is no rule: it has no space before its action",
                "--http :0 --route-run nonsense:x | --route-run: there is no action 'nonsense' here",
                "--http :0 --route-run http:a | --route-run: the action 'http' isn't offered: a proxy before this server"
                        + " sends requests elsewhere",
                "--http :0 --static-map2 static | --static-map2: 'static' is not /prefix=directory, as in"
                        + " /static=/srv/shop/static",
                "--http :0 --static-expires x | --static-expires: 'x' is not REGEX SECONDS",
                "--http :0 --static-expires-type x | --static-expires-type: 'x' is not TYPE=SECONDS",
                "--http :0 --mimefile /no/such | --mimefile: can't read /no/such",
                "--http :0 --add-header x | --add-header: 'x' is not NAME: VALUE",
                "--http :0 --pull-header x | --pull-header: 'x' is not NAME VARIABLE",
                "--app x.Y | nothing to listen on: give an address (--http 127.0.0.1:8000, or -s /run/app.sock for nginx)",
                "--lops | Unknown option: '--lops'; perhaps --loops",
                "demo --lops | Unknown option: '--lops'; perhaps --loops",
                "--http :0 --max-header 3 | Unknown option: '--max-header'; perhaps --max-headers",
                "--http :0 --max_headers 3 | Unknown option: '--max_headers'; perhaps --max-headers",
                "--http :0 --lazi-apsp | Unknown option: '--lazi-apsp'; perhaps --lazy-apps",
                "--http :0 --limit-posts 3 | Unknown option: '--limit-posts'; perhaps --limit-post",
                "--http :0 --cron -1 | --cron: '-1' is not MINUTE HOUR DAY MONTH WEEKDAY COMMAND, as in -15 -1 -1 -1 -1 ./report",
                "--http :0 --cron2 legion=x,minute=1 | --cron2: 'legion=x,minute=1' has no command: it is KEY=N,KEY=N COMMAND, as in minute=-15,unique=1 ./report",
                "--http :0 --legion-cron x | --legion-cron is a uWSGI option, not offered here: there is no legion: --shared-crons has --cron run on one of the servers",
                "--http :0 --cron-curl 1 | --cron-curl: '1' is not MINUTE HOUR DAY MONTH WEEKDAY URL, as in"
                        + " -15 -1 -1 -1 -1 http://127.0.0.1:8000/refresh",
                "--http :0 --timer 17 | --timer: '17' is not SIGNAL SECONDS, as in 17 30",
                "--http :0 --rbtimer x | --rbtimer: 'x' is not SIGNAL SECONDS, as in 17 30",
                "--http :0 --touch-signal file | --touch-signal: 'file' is not FILE SIGNAL, as in reports/new 17",
                "--http :0 --fs-signal file | --fs-signal: 'file' is not FILE SIGNAL, as in reports/new 17",
                "--http :0 --touch-exec file | --touch-exec: 'file' is not FILE COMMAND, as in new.conf ./check",
                "--http :0 -w app --cache2 name=c,items=2,redis=maybe | --cache2: redis is 'maybe', and may be miss or fail",
                "--http :0 -w app --cache2 name=c,items=2,redis=miss | --redis is needed for the cache \"c\"",
                "--http :0 -w app --spooler redis:mails | --redis is needed for the spooler redis:mails",
                "--http :0 -w app --redis redis://h --spooler redis:m,attempts=0 | --spooler: redis:m: attempts is 0, it must"
                        + " be in 1 to 1000",
                "--http :0 -w app --redis redis://h --spooler-external redis:m,retries=3 | --spooler-external: there is no"
                        + " key 'retries', but attempts, backoff, dead, lease, length, losses, max_backoff, prefetch, size",
                "--http :0 -w app --redis redis://h --spooler redis:m,backoff=x | --spooler: backoff: 'x' is not a time: say"
                        + " seconds, or 200ms, 30s, 5m, 1h, 7d",
                "--http :0 -w app --redis redis://h --spooler redis: | --spooler: '' is no name of a queue: it has 1 to 64"
                        + " letters, digits and -_.",
                "--http :0 -w app --redis redis://h --spooler redis:m,prefetch=1 --spooler-processes 2 | --spooler redis:m:"
                        + " prefetch is 1, it must be at least the 2 spoolers",
                "--http :0 -w app --redis redis://h --spooler redis:m --spooler-external redis:m | --spooler names redis:m"
                        + " twice",
                "--http :0 -w app --redis redis://h --spooler redis:m --spooler-sync | --spooler-sync is for directories,"
                        + " and there is none: Redis says how safe a queue's tasks are (appendfsync)",
                "--http :0 -w app --redis 10.0.0.2:6379 | --redis is no redis://, rediss:// or redis-sentinel:// URI of a host",
                "--http :0 -w app --redis redis://h --redis-timeout 1m | --redis-timeout is 60s, it must be in 10ms to 10s",
                "--http :0 --add-cache-item k | --add-cache-item: 'k' is not [CACHE ]KEY=VALUE, as in pages front=Hello",
                "--http :0 --add-cache-item k= | --add-cache-item: 'k=' is not [CACHE ]KEY=VALUE, as in pages front=Hello",
                "--http :0 -w app --signal-bufsize 0 | --signal-bufsize is 0, it must be in 1 to 65536",
                "--http :0 --limit-nproc 3 | --limit-nproc is a uWSGI option, not offered here: let the system's service"
                        + " manager limit it (LimitNPROC=)",
                "--suwsgi-socket :0 | --suwsgi-socket is a uWSGI option, not offered here: nobody speaks uwsgi over TLS: nginx does it by"
                        + " HTTPS (proxy_pass), or by ssh",
                "--http :0 -w app --dashboard :7000 | --dashboard :7000: it has no password, so it listens on loopback"
                        + " (127.0.0.1:PORT, [::1]:PORT) or a unix socket alone; from elsewhere, open it through ssh -L",
                "--http :0 -w app --dashboard 10.0.0.1:7000 | --dashboard 10.0.0.1:7000: it has no password, so it"
                        + " listens on loopback (127.0.0.1:PORT, [::1]:PORT) or a unix socket alone; from elsewhere, open it"
                        + " through ssh -L",
                "--http :0 -w app --dashboard 127.0.0.1.example.org:7 | --dashboard 127.0.0.1.example.org:7: it has no"
                        + " password, so it listens on loopback (127.0.0.1:PORT, [::1]:PORT) or a unix socket alone; from"
                        + " elsewhere, open it through ssh -L",
                "--http :0 -w app --dashboard fd://3 | --dashboard fd://3: who can reach an inherited socket isn't known;"
                        + " give 127.0.0.1:PORT or a path",
                "--http :0 -w app --dashboard-admin | --dashboard-admin: there is no dashboard (--dashboard ADDRESS)",
                "--http :0 -w app --dashboard-clients 0 | --dashboard-clients is 0, the least is 1",
                "--http :0 -w app --metrics-compat uwsgi | --metrics-compat: there are no metrics (--metrics ADDRESS)",
                "--http :0 --jwsgi A --app B | of --app, --jwsgi and --ring-app one can be given, since each names the"
                        + " application: put others below a prefix (--mount)",
                "--http :0 --jwsgi A -w b | --jwsgi and -w name one application: put others below a prefix (--mount)",
                "--http :0 --ring-app a/b -w b | --ring-app and -w name one application: put others below a"
                        + " prefix (--mount)",
                "--http :0 --static-map /=. --jvm-main-class A | --jvm-main-class is run before Java applications, and"
                        + " there is none (--app, --jwsgi, --ring-app)",
                "--http :0 -w app --ring-load a.clj | --ring-load is run before Java applications, and there is none"
                        + " (--app, --jwsgi, --ring-app)",
                "--port 3 | Unknown option: '--port'",
                "--max 3 | Unknown option: '--max'",
                "--start 3 | Unknown option: '--start'; perhaps --start-timeout or --start-unsubscribed",
                "--procesess 2 | Unknown option: '--procesess'; perhaps --processes",
                "-Z | Unknown option: '-Z'",
                "good.py | unexpected argument 'good.py': to run a Python file: --wsgi-file good.py",
                "--http :0 Hello.java | unexpected argument 'Hello.java': to run a Java file: --app Hello.java",
                "shop.wsgi:app | unexpected argument 'shop.wsgi:app': to run a Python module: -w shop.wsgi:app",
                "site.toml | unexpected argument 'site.toml': configuration files are .ini, .yaml, .json or .xml",
                "dmeo | unexpected argument 'dmeo'; perhaps demo",
                "nonsense | unexpected argument 'nonsense'",
                "-w app | nothing to listen on: give an address (--http 127.0.0.1:8000, or -s /run/app.sock for nginx)",
                "--http :0 -w app --app x.Y | --app and -w name one application: put others below a prefix (--mount)",
                "--http :0 --mount shop=app | --mount: 'shop=app' is not /prefix=application, as in /shop=shop.wsgi",
                "--http :0 -w app --asyncio 5 --threads 3 | --asyncio and --threads are two ways to run a Python application: give one of them",
                "--http :0 -w app --threads 5 --gevent 3 | --threads and --gevent are two ways to run a Python application: give one of them",
                "--http :0 -w app --asyncio 5 --gevent 3 | --asyncio and --gevent are two ways to run a Python application: give one of them",
                "--http :0 -w app --gevent-monkey-patch | --gevent-monkey-patch needs --gevent N: how many requests may run at once",
                "--http :0 -w app --greenlet | --greenlet needs --asyncio N: how many requests may run at once",
                "--http :0 -w app --asyncio 0 | --asyncio is 0, it must be in 1 to 65536",
                "--http :0 -w app --threads 5000 | --threads is 5000, it must be in 1 to 1024",
                "--http :0 -w app --processes 0 | --processes is 0, it must be in 1 to 1024",
                "--http :0 -w app --processes 4 --cheaper 4 | --cheaper is 4, it must be less than the 4 workers",
                "--http :0 -w app --cheaper-step 0 | --cheaper-step is 0, the least is 1",
                "--http :0 -w app --cheaper-algo fast | --cheaper-algo: must be spare, spare2, backlog, busyness or"
                        + " manual, not 'fast'",
                "--http :0 -w app --cheaper-busyness-max 101 | --cheaper-busyness-max is 101, it must be in 0 to 100",
                "--http :0 -w app --cheaper-rss-limit-hard 5 | --cheaper-rss-limit-hard is 5, and there is no soft limit",
                "--http :0 -w app --cheaper-rss-limit-soft 5 --cheaper-rss-limit-hard 5 | --cheaper-rss-limit-hard is 5,"
                        + " it must be more than the soft limit",
                "--http :0 -w app --max-worker-lifetime 60 --min-worker-lifetime 60 | --min-worker-lifetime is 60s, it"
                        + " must be less than the most, 60s",
                "--http :0 -w app --max-requests -1 | --max-requests is -1, it can't be negative",
                "--http :0 -w app --max-response-head 1k1 | --max-response-head: '1k1' is not a size: say bytes, or 64k,"
                        + " 10m, 1g",
                "--http :0 -w app --max-response-head 1000 | --max-response-head is 1000, it must be in 1024 to 917504",
                "--http :0 -w app --max-response-head 5g | --max-response-head is 2147483647, it must be in 1024 to"
                        + " 917504",
                "demo --buffer-size 17m | --buffer-size is 17825792, the most is 16777216",
                "--http :0 -w app --reload-on-rss lots | --reload-on-rss: 'lots' is not a size: say bytes, or 64k, 10m, 1g",
                "--http :0 -w app --start-timeout 0 | --start-timeout is 0, it must be more than zero",
                "--http :0 -w app --workers 0 | --workers is 0, it must be in 1 to 1024",
                "--http :0 -w app -p0 | -p is 0, it must be in 1 to 1024",
                "--http :0 -w app --async 5 --threads 3 | --async and --threads are two ways to run a Python application: give one of them",
                "--http :0 -w app --python-autoreload soon | --python-autoreload: 'soon' is not a time: say seconds, or 200ms, 30s, 5m, 1h, 7d",
                "--http :0 -w app --pp | Missing required parameter for option '--pp' (DIRECTORY)",
                "--http :0 --master --plugin python3 --zeus /etc/sites | --zeus is a uWSGI option, not offered here: a vassal takes"
                        + " more load with more processes (--processes, --cheaper)",
                "--http :0 --emperor /etc/sites | an emperor serves nothing itself: give the application and its sockets a file"
                        + " of their own beside the others (--emperor)",
                "--emperor pg://host=x | --emperor pg://host=x: vassals are files: give a directory, or a pattern such as"
                        + " /srv/*/site.ini",
                "--emperor x --emperor-stats @x | --emperor-stats @x: give a TCP address or a unix socket's path",
                "--emperor x --emperor-starts 0 | --emperor-starts is 0, it must be in 1 to 10000",
                "--http :0 -MT --harakari 3 | Unknown option: '--harakari'; perhaps --harakiri",
                "--http :0 --vacum | Unknown option: '--vacum'; perhaps --vacuum",
                "--http :0 --emperro x | Unknown option: '--emperro'; perhaps --emperor",
                "demo --zeus x | --zeus is a uWSGI option, not offered here: a vassal takes more load with more processes"
                        + " (--processes, --cheaper)",
                "demo --vacuum | Unknown option: '--vacuum'",
                "--http :0 -w app --optimize 3 | --optimize is 3, it must be in 0 to 2",
                "--http :0 -w app --socket-timeout soon | --socket-timeout: 'soon' is not a time: say seconds, or 200ms, 30s, 5m, 1h, 7d",
                "--http :0 -w app --http-keepalive=0 | --http-keepalive: connections are always kept when the client wants it; --idle-timeout says how long",
                "--uwsgi-socket /run/ -w app | --uwsgi-socket: address \"/run/\": a socket's path doesn't end with a slash",
                "-s fd://x -w app | -s: address \"fd://x\": the number of an open file stands after fd://, as in fd://3",
                "--socket =0 -w app | --socket =0: there are 0 of --shared-socket, the first is =0",
                "--shared-socket :0 --http =x -w app | --http: '=x': the number of a shared socket stands after =, as in =0 for the first",
                "--shared-socket :0 --http :0 -w app | --shared-socket :0 is not used: name it by its number, as in --socket =0",
                "--shared-socket :0 --http =0 --socket =0 -w app | --socket =0: another option has that shared socket already",
                "--shared-socket =0 --http =0 -w app | --shared-socket =0 is no address",
                "--http :0 --http-to 10.0.0.1:3031 -s :3032 -w app | --http-to 10.0.0.1:3031 is no -s of this server's: it passes no requests on to others, nginx does that (uwsgi_pass)",
                "-s :0 --protocol raw -w app | --protocol: must be http, https, uwsgi, scgi or fastcgi, not 'raw'",
                "-s :0 --trust-forwarded-from ten -w app | --trust-forwarded-from: no network: \"ten\" (such as 10.0.0.0/8, 2001:db8::/32, 127.0.0.1 or unix)",
                "-s :0 --fastcgi-requests 0 -w app | --fastcgi-requests is 0, the least is 1",
                "-s :0 --umask 8 -w app | --umask: '8' is not a mode: say three octal digits, as in 660",
                "-s :0 --max-fd many -w app | --max-fd: 'many' is not a whole number",
                "demo Hello.java | unexpected argument 'Hello.java'",
                "--http | Missing required parameter for option '--http' (HOST:PORT)",
                "--http 8000 | --http: address \"8000\": a port needs a host before it, as in 127.0.0.1:8000 or :8000",
                "--http :99999 | --http: address \":99999\": the port after the colon is a number from 0 to 65535",
                "-s /run/ | -s: address \"/run/\": a socket's path doesn't end with a slash",
                "-s @ | -s: address \"@\": the name after @ is empty",
                "demo --static-map=/=x | Unknown option: '--static-map=/=x'",
                "demo --loops two | --loops: 'two' is not a whole number",
                "demo --loops 2.5 | --loops: '2.5' is not a whole number",
                "demo --loops 99999999999 | --loops: '99999999999' is too large",
                "demo --loops 0 | --loops is 0, the least is 1",
                "demo --async 0 | --async is 0, the least is 1",
                "demo --loops 5 --loops 0 | --loops is 0, the least is 1",
                "demo --engine green | --engine: must be loop, virtual or threads, not 'green'",
                "demo --transport kqueue | --transport: must be epoll, io_uring or nio, not 'kqueue'",
                "demo --log-format xml | --log-format: must be text, json, common, combined or a format with %(variables), not 'xml'",
                "demo --log-format %(uri | --log-format is '%(uri': '%(uri' has no ')'",
                "demo --log-format %(metric.x) | --log-format is '%(metric.x)': there are no metrics, so %(metric.x) is none",
                "demo --log-slow -1 | --log-slow is -1, it can't be negative",
                "demo --log-format json --log-date | --log-date: records of --log-format json have a time of their own",
                "demo --logger tape:x | --logger: 'tape:x': there is no logger 'tape': it is one of file, fd, stdio, syslog,"
                        + " rsyslog, socket, as in file:/var/log/site.log",
                "demo --req-logger file: | --req-logger: file: no file is named, as in file:/var/log/site.log",
                "demo --logger file:a=b | --logger: file:a=b: 'a=b' is not logfile=FILE, backupname=FILE, maxsize=BYTES or every=TIME",
                "demo --logger fd:x | --logger: fd:x: 'x' is not the number of an open file descriptor, as in fd:2",
                "demo --logger syslog:a,b | --logger: 'b' is no facility of syslog, as daemon and local0 are",
                "demo --logger socket:a:b | --logger: socket:a:b: 'a:b' is not HOST:PORT",
                "demo --log-route a | --log-route: 'a' is not LOGGER REGEX",
                "demo --log-drain ( | --log-drain: '(' is no regular expression: Unclosed group",
                "demo --log-encoder xml | --log-encoder: 'xml': there is no encoder 'xml': it is one of prefix, suffix, nl,"
                        + " format, json, gzip, compress",
                "demo --log-req-encoder nl:a | --log-req-encoder: there is no logger 'a', as in --logger 'a file:FILE'",
                "demo --log-master-bufsize 1 | --log-master-bufsize is 1, it must be in 256 to 65000",
                "demo --chmod-socket=rw | --chmod-socket: 'rw' is not a mode: say three octal digits, as in 660",
                "demo --limit-post much | --limit-post: 'much' is not a size: say bytes, or 64k, 10m, 1g",
                "demo --harakiri -1 | --harakiri: '-1' is not a time: say seconds, or 200ms, 30s, 5m, 1h, 7d",
                "demo --buffer-size 1 | --buffer-size is 1, the least is 128",
                "demo --header-timeout 0 | --header-timeout is 0, it must be more than zero",
            })
    void wrongCommandLineIsOneLineAndStatus2(String args, String expected) {
        int status = run(args.split(" "));

        assertThat(err.toString()).isEqualTo("loomgate: " + expected + "; see --help" + System.lineSeparator());
        assertThat(status).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--app no.such.Type | no class no.such.Type (--app): it is neither in --classpath nor in the server;"
                        + " a single source file ends in .java",
                "--app /no/such/Hello.java | --app /no/such/Hello.java: no such file or directory",
                "--app x.Y --classpath /no/such.jar | --classpath /no/such.jar: no such file or directory",
                "--app x.Y --classpath /no/such/* | --classpath /no/such/*: can't list the directory:"
                        + " no such file or directory",
                "--mount /x=java:no.such.Type | no class no.such.Type (--mount): it is neither in --classpath nor in"
                        + " the server; a single source file ends in .java",
                "--mount /x=/no/such/Hello.java | --mount /no/such/Hello.java: no such file or directory",
                "--mount /x=java:x.Y --classpath /no/--app | --classpath /no/--app: no such file or directory",
                "--mount /x=shop.Wiki:app --virtualenv ./nope --chdir /usr --need-app | there is no directory /usr/nope"
                        + " (--virtualenv)",
            })
    void whatCannotBeFoundIsOneLineAndStatus1(String args, String expected) {
        int status = run(("--http 127.0.0.1:0 " + args).split(" "));

        assertThat(err.toString()).isEqualTo("loomgate: " + expected + System.lineSeparator());
        assertThat(status).isEqualTo(1);
    }

    @Test
    void versionNamesProgramAndJdk() {
        int status = run("--version");

        assertThat(out.toString())
                .matches("loomgate [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)? \\(JDK "
                        + Runtime.version().feature() + "[^)]*\\)\\R");
        assertThat(status).isZero();
    }

    @Test
    void helpGoesToStandardOutputAndNeedsNothingElse() {
        int status = run("--help");

        assertThat(out.toString())
                .startsWith("Usage: loomgate (--http HOST:PORT | -s SOCKET)... --app")
                .contains("-h, --help", "-V, --version")
                .doesNotContain("${");
        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
    }
}
