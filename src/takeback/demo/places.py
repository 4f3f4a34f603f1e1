"""Where are the shop and the service of the demo? In the source tree, beside this package; a wheel does not carry
them.
"""

from importlib.util import find_spec
from pathlib import Path

from takeback.core.errors import SettingsError

ROOT = Path(__file__).resolve().parents[3]
SHOP = ROOT / "examples" / "shop"


def source_tree() -> Path:
    """The source tree with its examples; `SettingsError` where there is none."""
    if not (SHOP / "manage.py").exists():
        raise SettingsError("the demo needs the source tree with examples/shop: clone it and run `make demo` there")
    for package in ("flask", "oscar", "takeback_oscar", "aiosmtpd"):
        if find_spec(package) is None:
            raise SettingsError(f"the demo needs {package}: run `make demo`, which installs it")
    return ROOT
