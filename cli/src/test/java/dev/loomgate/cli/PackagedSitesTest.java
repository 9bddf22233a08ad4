package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The configuration files for uWSGI that Debian's packages ship with their applications run as they are: all that is
/// to be seen from outside is as under uWSGI. With the packages that `verify` has downloaded.
@Timeout(300)
class PackagedSitesTest {
    private static final Path PACKAGES = Path.of("target/debian-packages");
    private static final String MODULES = "/usr/lib/python3/dist-packages/";
    private static final String NOTHING = "";

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Installation installation;

    @BeforeAll
    static void install() throws IOException {
        installation = Installation.in(shared);
    }

    private static Path packageOf(String name) throws IOException {
        try (Stream<Path> files = Files.list(PACKAGES)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name + "_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private ObservedSite site(String name, String user) throws IOException {
        return new ObservedSite(directory)
                .packaged(packageOf(name))
                .user(user)
                .owned("/var/lib/" + user, user)
                .owned("/var/log/" + user, user);
    }

    private static void assertTheSame(ObservedSite site, String... arguments) throws Exception {
        assertThat(site.assertTheSame(installation, arguments)).contains("HTTP/1.1 200 OK");
    }

    /// Its init script gives it the address.
    @Test
    void keystone() throws Exception {
        ObservedSite site = site("keystone", "keystone")
                .program("/usr/bin/keystone-wsgi-public")
                .asked("127.0.0.1:5000", "http")
                .seen("/var/log/keystone/keystone.log")
                .stoppedBy("TERM");
        assertTheSame(site, "--http-socket", "127.0.0.1:5000", "--ini", "/etc/keystone/keystone-uwsgi.ini");
    }

    /// As keystone's.
    @Test
    void placement() throws Exception {
        ObservedSite site = site("placement-api", "placement")
                .program("/usr/bin/placement-api")
                .asked("127.0.0.1:8778", "http")
                .seen("/var/log/placement/placement-api.log")
                .stoppedBy("TERM");
        assertTheSame(site, "--http-socket", "127.0.0.1:8778", "--ini", "/etc/placement/placement-api-uwsgi.ini");
    }

    /// With the words of its unit, and a daemon beside it.
    @Test
    void mailman() throws Exception {
        ObservedSite site = site("mailman3-web", "www-data")
                .owned("/run/mailman3-web", "www-data")
                .owned("/var/log/mailman3/web", "www-data")
                .file("/usr/share/mailman3-web/manage.py", "import time\nwhile True:\n    time.sleep(1000)\n")
                .program("/usr/share/mailman3-web/wsgi.py")
                .asked("/run/mailman3-web/uwsgi.sock", "uwsgi")
                .seen("/var/log/mailman3/web/mailman-web.log")
                // Without chmod-socket and vacuum: nginx's group may connect, and the file goes.
                .differs("uwsgi.sock\": \"socket 755", "uwsgi.sock\": \"socket 660")
                .differs("uwsgi.sock\": true", "uwsgi.sock\": false");
        assertTheSame(site, "--plugin", "python3", "--ini", "/etc/mailman3/uwsgi.ini");
    }

    @Test
    void searx() throws Exception {
        ObservedSite site = site("searx", "www-data")
                .file(MODULES + "searx/__init__.py", NOTHING)
                .program(MODULES + "searx/webapp.py")
                .owned("/run/uwsgi/app/searx", "www-data")
                .asked("/run/uwsgi/app/searx/socket", "uwsgi")
                .differs("socket\": true", "socket\": false");
        assertTheSame(
                site,
                "-s",
                "/run/uwsgi/app/searx/socket",
                "--ini",
                "/usr/share/doc/searx/examples/uwsgi/apps-available/searx.ini");
    }

    @Test
    void bepasty() throws Exception {
        ObservedSite site = site("bepasty", "bepasty")
                .file(MODULES + "bepasty/__init__.py", NOTHING)
                .program(MODULES + "bepasty/wsgi.py")
                .owned("/run/uwsgi/app/bepasty", "bepasty")
                .asked("/run/uwsgi/app/bepasty/socket", "uwsgi")
                .differs("socket\": true", "socket\": false");
        assertTheSame(
                site,
                "-s",
                "/run/uwsgi/app/bepasty/socket",
                "--ini",
                "/usr/share/doc/bepasty/examples/bepasty-uwsgi.conf.example");
    }

    /// As the user of its unit.
    @Test
    void tryton() throws Exception {
        ObservedSite site = site("tryton-server-uwsgi", "tryton")
                .startedBy("tryton")
                .file(MODULES + "trytond/__init__.py", NOTHING)
                .program(MODULES + "trytond/application.py")
                .asked("127.0.0.1:8000", "http")
                .asked("127.0.0.1:8001", "uwsgi")
                // uWSGI's without a master.
                .differs("\"exit status\": 30", "\"exit status\": 0");
        assertTheSame(site, "--ini", "/usr/share/tryton-server/default/uwsgi.ini");
    }

    @Test
    void xandikosBehindNginx() throws Exception {
        ObservedSite site = site("xandikos", "xandikos")
                .file(MODULES + "xandikos/__init__.py", NOTHING)
                .program(MODULES + "xandikos/wsgi.py")
                .asked("127.0.0.1:8001", "uwsgi");
        assertTheSame(site, "--ini", "/usr/share/doc/xandikos/examples/uwsgi.ini");
    }

    @Test
    void xandikosOnItsOwn() throws Exception {
        ObservedSite site = site("xandikos", "xandikos")
                .file(MODULES + "xandikos/__init__.py", NOTHING)
                .program(MODULES + "xandikos/wsgi.py")
                .asked("127.0.0.1:8080", "http");
        assertTheSame(site, "--ini", "/usr/share/doc/xandikos/examples/uwsgi-standalone.ini");
    }
}
