"""Connects the plugin to the shop when Django starts."""

from django.apps import AppConfig


class TakebackOscarConfig(AppConfig):
    name = "takeback_oscar"
    label = "takeback_oscar"
    verbose_name = "Takeback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from takeback_oscar import checks, links, recorder  # noqa: F401  # models exist only now; checks register themselves

        recorder.listen()
        links.watch()
