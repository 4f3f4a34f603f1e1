"""`python -m tests.demo.pages OUT`: `tests.demo.looking`, in a process of its own. Prints, as JSON, the secrets of the
desk that were used on the way.
"""

import json
import sys
from pathlib import Path

from takeback.store.start import start_django

start_django()
from tests.demo.looking import look  # noqa: E402 - its tables are known only once Django has been started

json.dump(look(Path(sys.argv[1])), sys.stdout)
