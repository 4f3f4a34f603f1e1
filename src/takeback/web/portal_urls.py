"""Which pages does a customer see? The contents page of the portal."""

from django.urls import path

from takeback.web import portal, portal_report

urlpatterns = [
    path("report", portal_report.form),
    path("v1/reports", portal_report.take_report),
    path("portal.css", portal.style),
    path("case/<str:token>", portal.show_case),
    path("case/<str:token>/code", portal.ask_code),
    path("case/<str:token>/proof", portal.prove),
    path("case/<str:token>/said", portal.say_whose),
    path("case/<str:token>/password", portal.set_password),
]
