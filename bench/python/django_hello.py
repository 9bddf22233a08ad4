from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="of a benchmark",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("Hello world!", content_type="text/plain"))]
application = get_wsgi_application()
