"""A Django site in one file, with get_wsgi_application(): sessions, a form upload, rows in SQLite (SITE_DATABASE)."""
from __future__ import annotations

import json
import os
import sqlite3
from hashlib import sha256
from typing import Any, Iterator

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only for tests",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["SITE_DATABASE"],
            "OPTIONS": {"timeout": 20},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"stderr": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["stderr"]},
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.urls import path  # noqa: E402

# Not by migrations, which several processes would run at once.
with sqlite3.connect(os.environ["SITE_DATABASE"], timeout=20) as connection:
    connection.executescript(
        """
        CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS uploads
            (id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS django_session
            (session_key TEXT PRIMARY KEY, session_data TEXT NOT NULL, expire_date TEXT NOT NULL);
        """
    )


class Note(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "site"
        db_table = "notes"


class Upload(models.Model):
    name = models.TextField()
    size = models.IntegerField()
    sha256 = models.TextField()

    class Meta:
        app_label = "site"
        db_table = "uploads"


def index(request: Any) -> Any:
    get_token(request)
    return HttpResponse(f"Hello {request.session.get('name', 'stranger')}\n", content_type="text/plain")


def login(request: Any) -> Any:
    request.session["name"] = request.POST["name"]
    request.session["logins"] = request.session.get("logins", 0) + 1
    return HttpResponseRedirect("/counter")


def counter(request: Any) -> Any:
    return JsonResponse({"name": request.session.get("name"), "logins": request.session.get("logins", 0)})


def logout(request: Any) -> Any:
    request.session.flush()
    return HttpResponseRedirect("/")


def upload(request: Any) -> Any:
    file = request.FILES["file"]
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    stored = Upload.objects.create(name=file.name, size=file.size, sha256=digest.hexdigest())
    return JsonResponse({"size": stored.size, "sha256": stored.sha256, "comment": request.POST["comment"]})


def uploads(request: Any) -> Any:
    return JsonResponse(list(Upload.objects.values("name", "size", "sha256")), safe=False)


def notes(request: Any) -> Any:
    if request.method == "POST":
        with transaction.atomic():
            Note.objects.create(text=json.loads(request.body)["text"])
        return JsonResponse({"created": True}, status=201)
    return JsonResponse([note.text for note in Note.objects.order_by("id")], safe=False)


def stream(request: Any) -> Any:
    def lines() -> Iterator[str]:
        for number in range(100):
            yield f"line {number} of {Note.objects.count()} notes\n"

    return StreamingHttpResponse(lines(), content_type="text/plain")


def release(request: Any) -> Any:
    return HttpResponse(django.get_version(), content_type="text/plain")


def fail(request: Any) -> Any:
    raise RuntimeError("failed on purpose")


urlpatterns = [
    path("", index),
    path("login", login),
    path("counter", counter),
    path("logout", logout),
    path("upload", upload),
    path("uploads", uploads),
    path("notes", notes),
    path("stream", stream),
    path("fail", fail),
    path("release", release),
]
application = get_wsgi_application()
