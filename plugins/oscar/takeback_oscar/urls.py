"""The shop API's addresses, relative to the base. The middleware resolves them; the shop's own urls need no line."""

from django.urls import path

from takeback_oscar import api

urlpatterns = [
    path("capabilities", api.capabilities),
    path("accounts/<str:account>", api.account),
    path("actions", api.act),
    path("actions/<str:action_id>", api.outcome),
]
