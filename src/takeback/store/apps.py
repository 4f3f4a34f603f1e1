"""How does Django call this part? `store`: its tables are named store_…"""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The tables of Takeback."""

    name = "takeback.store"
    label = "store"
