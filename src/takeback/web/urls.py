"""What is where? The contents page of the web side."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from takeback.web.check_mail import check_mail
from takeback.web.health import healthz, readyz
from takeback.web.ingest import take_events

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("v1/events", take_events),
    path("v1/check-mail", check_mail),
]

if find_spec("takeback.web.desk"):  # the pages for staff
    urlpatterns.append(path("", include("takeback.web.desk.urls")))
if find_spec("takeback.web.portal_urls"):  # the pages for customers
    urlpatterns.append(path("", include("takeback.web.portal_urls")))
    handler404 = "takeback.web.missing.not_found"
    handler403 = "takeback.web.missing.not_granted"
