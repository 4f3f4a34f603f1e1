"""What does Django need to know? Its own settings, told from Takeback's (`takeback.configuration`) alone."""

from django.utils.functional import SimpleLazyObject

from takeback.configuration import load_configuration
from takeback.databases import database_of
from takeback.logs import logging_of

_configuration = load_configuration()
_https = _configuration.base_url.startswith("https:")
_desk = _configuration.desk

# The secret is made when it is first needed: to read the settings leaves no file behind.
SECRET_KEY = SimpleLazyObject(_configuration.secret)
DEBUG = False
ALLOWED_HOSTS = _configuration.hosts
CSRF_TRUSTED_ORIGINS = [_configuration.base_url.rstrip("/")]

INSTALLED_APPS = [
    "takeback.store",
    "takeback.web",  # before allauth: its pages are ours
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "takeback.web.traced.TracedPages",
    "django.middleware.security.SecurityMiddleware",
    "takeback.web.security.StrictPages",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Sessions are the desk's alone: their cookie goes nowhere else, and a customer's page never asks for one.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "takeback.web.desk.sessions.DeskSessions",
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

DATABASES = {"default": database_of(_configuration)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counts of tries, and codes that were used: Django's own 300 entries could be washed out by whoever makes up names.
# On PostgreSQL there may be several web machines: who guesses shall not have as many tries as there are.
CACHES = {
    "default": {
        "BACKEND": "takeback.store.cachetable.CacheTable"
        if _configuration.database_url is not None
        else "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

LANGUAGE_CODE = _configuration.language.value
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "takeback.web.desk.entry_passwords.GoodEnough"}]
PASSWORD_HASHERS = ["takeback.web.desk.entry_passwords.Hasher"]
LOGIN_URL = "/desk/sign-in"
LOGIN_REDIRECT_URL = "/desk/me"

SESSION_ENGINE = "takeback.store.sessions"
SESSION_COOKIE_NAME = "takeback_desk"
SESSION_COOKIE_PATH = "/desk"
SESSION_COOKIE_AGE = _desk.session_seconds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = _https
# From a company's own sign-in page the browser comes back without it; a page of ours in between has it come again with.
SESSION_COOKIE_SAMESITE = "Strict"

ACCOUNT_ADAPTER = "takeback.web.desk.entry_adapter.DoorAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth wants it to fit the line above
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/desk/sign-in"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "takeback.web.desk.entry_factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # with a passkey alone one signs in: it has to be two factors by itself
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # browsers have passkeys over http on this machine's own name alone
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Takeback"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a mail address is the admin's note of a person, and lets nobody in
SOCIALACCOUNT_ADAPTER = "takeback.web.desk.entry_company.CompanyAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # of a page of ours alone: a form that led away would break the pages' policy
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": _desk.oidc_name,
                "client_id": _desk.oidc_client_id or "",
                "secret": _desk.oidc_secret or "",
                "settings": {"server_url": _desk.oidc_issuer},
            }
        ]
        if _desk.oidc_issuer
        else [],
    }
}

CSRF_COOKIE_NAME = "takeback_desk_csrf"
CSRF_COOKIE_PATH = "/desk"
CSRF_FAILURE_VIEW = "takeback.web.desk.entry.forged"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _https else 0
# Not no-referrer: under it browsers send `Origin: null` with a form, which the check against forged requests refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_of(_configuration.logs, {"no_addresses": {"()": "takeback.web.security.NoAddresses"}})
