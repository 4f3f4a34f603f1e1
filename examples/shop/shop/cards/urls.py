"""Where are a customer's saved cards?"""

from django.urls import path
from shop.cards import views

app_name = "cards"
urlpatterns = [
    path("", views.show, name="list"),
    path("add/", views.add, name="add"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
