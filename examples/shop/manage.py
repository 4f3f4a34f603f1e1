"""Runs the shop's commands. `prepare` is answered without Django when the kept template can simply be copied."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
try:
    import takeback_oscar  # noqa: F401  # only asked whether it is installed
except ModuleNotFoundError:
    # The example also runs from a checkout in which the plugin has not been installed as a package.
    sys.path.insert(0, str(HERE.parents[1] / "plugins" / "oscar"))


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"  # also when started by a process of another Django project
    if sys.argv[1:2] == ["prepare"]:
        from shop.prepare import prepare

        prepare()
        return
    if sys.argv[1:2] == ["serve"]:
        from shop.serve import serve

        serve(sys.argv[2:])
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
