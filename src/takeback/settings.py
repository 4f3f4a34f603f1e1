"""What does Django need to know? Its own settings, told from Takeback's (`takeback.configuration`) alone."""

from django.utils.functional import SimpleLazyObject

from takeback.configuration import load_configuration

_configuration = load_configuration()
_https = _configuration.base_url.startswith("https:")

# The secret is made when it is first needed: to read the settings leaves no file behind.
SECRET_KEY = SimpleLazyObject(_configuration.secret)
DEBUG = False
ALLOWED_HOSTS = _configuration.hosts
CSRF_TRUSTED_ORIGINS = [_configuration.base_url.rstrip("/")]

INSTALLED_APPS = ["takeback.store", "takeback.web"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "takeback.web.security.StrictPages",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "takeback.web.urls"
WSGI_APPLICATION = "takeback.web.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _configuration.cases_path,
        "OPTIONS": {
            "timeout": 30,
            # A reader that turns writer would be refused at once, whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            # NORMAL would not sync at commit: a case that was acknowledged could be lost with the power.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = _configuration.language.value
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
# Not no-referrer: under it browsers send `Origin: null` with a form, which the check against forged requests refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_addresses": {"()": "takeback.web.security.NoAddresses"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_addresses"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False} for name in ("django", "takeback")
    },
}
