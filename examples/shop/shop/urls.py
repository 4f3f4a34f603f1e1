"""Where is what? Oscar's own addresses, the customer's cards, and nothing for Takeback: its middleware sees to that."""

from django.apps import apps
from django.urls import include, path
from shop import shelves
from shop.members import views as members

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/cards/", include("shop.cards.urls")),
    path("accounts/phone/", members.phone, name="phone"),
    path("catalogue/", shelves.browse),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
