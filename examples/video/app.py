"""Of what is the service put together? Pages for customers, a door for Takeback, an outbox for events."""

from __future__ import annotations

from flask import Flask

from . import database, pages, takeback_api, web
from .outbox import Outbox
from .settings import Settings


def create_app(settings: Settings) -> Flask:
    """Raises `SetupError` where the secret is none. Starts the outbox where there is an address to send to."""
    app = Flask(__name__)
    database.create(settings.database)
    app.config.update(SETTINGS=settings, WEBHOOK=settings.webhook(), OUTBOX=None, MAX_CONTENT_LENGTH=64 * 1024)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it; its base class does not
    app.before_request(web.refuse_other_sites)
    app.after_request(web.protect)
    app.teardown_appcontext(web.close_database)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(takeback_api.blueprint)
    if settings.takeback_url:
        outbox = Outbox(settings)
        outbox.start()
        app.config["OUTBOX"] = outbox
    return app
