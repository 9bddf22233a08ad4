package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Deployments as the well-known tutorials describe them, run by changing one word: `uwsgi`. All that is to be seen
/// from outside is as under uWSGI.
@Timeout(300)
class TutorialSitesTest {
    private static final String FLASK = """
            from flask import Flask, request

            app = Flask(__name__)

            @app.route("/<path:path>", methods=["GET", "POST"])
            def hello(path):
                return f"<h1>{path} {request.args['q']} {request.get_data()}</h1>"
            """;

    private static final String DJANGO = """
            import os
            import django
            from django.conf import settings
            from django.core.wsgi import get_wsgi_application
            from django.http import HttpResponse
            from django.urls import re_path

            settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, SECRET_KEY="of the tutorial", DEBUG=False)

            def index(request, path):
                return HttpResponse(f"{path} {request.GET['q']} {request.body} {os.getcwd()}")

            urlpatterns = [re_path(r"^(.*)$", index)]
            application = get_wsgi_application()
            """;

    private static final String SPOOLED = """
            import os
            import pwd
            from uwsgidecorators import spool

            @spool
            def note(task):
                with open("/var/lib/shop/notes", "a") as file:
                    file.write(f"{task['text']} {pwd.getpwuid(os.getuid()).pw_name}\\n")

            def application(environ, start_response):
                note.spool(text="done")
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"spooled"]
            """;

    private static final String TASKS = """
            import os
            import pwd
            from celery import Celery

            app = Celery("tasks", broker="filesystem://")
            app.conf.broker_transport_options = {
                "data_folder_in": "/var/lib/shop/queue", "data_folder_out": "/var/lib/shop/queue"}

            @app.task(ignore_result=True)
            def note(text):
                with open("/var/lib/shop/notes", "a") as file:
                    file.write(f"{text} {pwd.getpwuid(os.getuid()).pw_name}\\n")
            """;

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Installation installation;

    @BeforeAll
    static void install() throws IOException {
        installation = Installation.in(shared);
    }

    private static void assertTheSame(ObservedSite site, String... arguments) throws Exception {
        assertThat(site.assertTheSame(installation, arguments)).contains("HTTP/1.1 200 OK");
    }

    /// A Flask application as its owner's service, with a socket for nginx's group.
    @Test
    void flaskBehindNginx() throws Exception {
        ObservedSite site = new ObservedSite(directory)
                .user("sammy")
                .file("/home/sammy/project/project.py", FLASK)
                .file(
                        "/home/sammy/project/wsgi.py",
                        "from project import app\n\nif __name__ == \"__main__\":\n    app.run()\n")
                .file("/home/sammy/project/project.ini", """
                        [uwsgi]
                        plugin = python3
                        chdir = /home/sammy/project
                        module = wsgi:app

                        master = true
                        processes = 5

                        socket = project.sock
                        chmod-socket = 660
                        vacuum = true

                        die-on-term = true
                        """)
                .owned("/home/sammy", "sammy")
                .startedBy("sammy")
                .asked("/home/sammy/project/project.sock", "uwsgi")
                .stoppedBy("TERM");
        assertTheSame(site, "--ini", "/home/sammy/project/project.ini");
    }

    /// Two Django sites under an emperor, each with its own user.
    @Test
    void djangoUnderAnEmperor() throws Exception {
        ObservedSite site = new ObservedSite(directory).user("first").user("second");
        for (String name : new String[] {"first", "second"}) {
            site.file("/srv/" + name + "/" + name + "/__init__.py", "")
                    .file("/srv/" + name + "/" + name + "/wsgi.py", DJANGO)
                    .file("/etc/uwsgi/sites/" + name + ".ini", """
                            [uwsgi]
                            plugin = python3
                            project = %n
                            base = /srv

                            chdir = %(base)/%(project)
                            module = %(project).wsgi:application

                            master = true
                            processes = 2

                            socket = /run/sites/%(project).sock
                            chmod-socket = 664
                            uid = %(project)
                            gid = www-data
                            vacuum = true
                            """)
                    .owned("/srv/" + name, name)
                    .asked("/run/sites/" + name + ".sock", "uwsgi");
        }
        site.owned("/run/sites", "www-data");
        assertTheSame(site, "--emperor", "/etc/uwsgi/sites");
    }

    /// From root, with a user, files of a process id and a log, a daemon beside it, and nginx on another machine.
    @Test
    void fromRootWithAUserAndAWorkerBesideIt() throws Exception {
        ObservedSite site = new ObservedSite(directory)
                .user("shop")
                .file("/srv/shop/beside.py", "import time\nwhile True:\n    time.sleep(1000)\n")
                .program("/srv/shop/shop.py")
                .file("/etc/shop.yaml", """
                        uwsgi:
                          plugin: python3
                          socket: 0.0.0.0:3031
                          chdir: /srv/shop
                          wsgi-file: shop.py
                          uid: shop
                          gid: shop
                          master: 1
                          processes: 2
                          threads: 2
                          buffer-size: 32768
                          harakiri: 30
                          pidfile: /run/shop.pid
                          logto: /var/log/shop/shop.log
                          attach-daemon: python3 beside.py
                          env: PYTHONOPTIMIZE=1
                          vacuum: true
                        """)
                .owned("/srv/shop", "shop")
                .owned("/var/log/shop", "shop")
                .asked("127.0.0.1:3031", "uwsgi")
                .seen("/var/log/shop/shop.log")
                .seen("/run/shop.pid");
        assertTheSame(site, "--yaml", "/etc/shop.yaml");
    }

    /// With a spooler, whose task is done by the user.
    @Test
    void withASpooler() throws Exception {
        ObservedSite site = new ObservedSite(directory)
                .user("shop")
                .file("/srv/shop/shop.py", SPOOLED)
                .file("/srv/shop/uwsgi.ini", """
                        [uwsgi]
                        plugin = python3
                        http-socket = 127.0.0.1:8000
                        chdir = %d
                        module = shop
                        master = true
                        uid = shop
                        gid = shop
                        spooler = /var/lib/shop/spool
                        spooler-frequency = 1
                        """)
                .owned("/var/lib/shop/spool", "shop")
                .owned("/var/lib/shop", "shop")
                .asked("127.0.0.1:8000", "http")
                .awaited("/var/lib/shop/notes");
        assertTheSame(site, "--ini", "/srv/shop/uwsgi.ini");
    }

    /// Celery's worker beside the site. The site gives it a task, by files in place of a broker's server.
    @Test
    void withCelery() throws Exception {
        ObservedSite site = new ObservedSite(directory)
                .user("shop")
                .file("/srv/shop/tasks.py", TASKS)
                .file("/srv/shop/shop.py", """
                        from tasks import note

                        def application(environ, start_response):
                            note.delay("done")
                            start_response("200 OK", [("Content-Type", "text/plain")])
                            return [b"queued"]
                        """)
                .file("/etc/shop.ini", """
                        [uwsgi]
                        plugin = python3
                        http-socket = 127.0.0.1:8000
                        chdir = /srv/shop
                        module = shop
                        master = true
                        processes = 2
                        uid = shop
                        gid = shop
                        attach-daemon = python3 -m celery -A tasks worker --pool solo --loglevel INFO
                        """)
                .owned("/var/lib/shop/queue", "shop")
                .owned("/var/lib/shop", "shop")
                .asked("127.0.0.1:8000", "http")
                .awaited("/var/lib/shop/notes");
        assertTheSame(site, "--ini", "/etc/shop.ini");
    }

    /// The command line of an image's entry point, without a file.
    @Test
    void asAContainersCommand() throws Exception {
        ObservedSite site = new ObservedSite(directory)
                .program("/srv/app/main.py")
                .asked("127.0.0.1:8080", "http")
                // A port without an address is one of IPv6, too.
                .differs("0.0.0.0:8080", "*:8080")
                .stoppedBy("TERM");
        assertTheSame(
                site,
                "--plugin",
                "python3",
                "--http-socket",
                ":8080",
                "--chdir",
                "/srv/app",
                "--wsgi-file",
                "main.py",
                "--callable",
                "app",
                "--master",
                "--processes",
                "2",
                "--threads",
                "2",
                "--uid",
                "www-data",
                "--gid",
                "www-data",
                "--die-on-term",
                "--need-app");
    }
}
