"""Where does the shop keep its files? Everything comes from the environment, so several shops can run side by side."""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE_DIR = Path(os.environ.get("SHOP_CACHE_DIR", ROOT / ".cache" / "shop"))
DATA_DIR = Path(os.environ.get("SHOP_DATA_DIR", ROOT / ".cache" / "shop" / "data"))
DATABASE = Path(os.environ.get("SHOP_DATABASE", DATA_DIR / "shop.sqlite3"))


def place_of(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The shop needs the package {package}, which is not installed.")
    return Path(spec.origin).parent


def secret_key() -> str:
    """The shop's own signing key, made once and kept readable to its owner only."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            # A hard link fails when another process was first; then its key is the key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
