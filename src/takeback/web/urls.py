"""What is where? The contents page of the web side."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from takeback.web.health import healthz
from takeback.web.ingest import take_events

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("v1/events", take_events),
]

if find_spec("takeback.web.portal_urls"):  # the pages for customers
    urlpatterns.append(path("", include("takeback.web.portal_urls")))
