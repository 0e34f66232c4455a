"""Where code comes from: where it is installed, never the folder that a command is called in, where returns may lie.

Nothing but what every interpreter has loaded is imported here, not even `__future__`: until this has run, an import
may find anything.
"""

import os
import sys

_HERE_IS_NO_CODE = {
    "PYTHONSAFEPATH": "1",  # of Python's children, which begin as `python -c`
    "NoDefaultCurrentDirectoryInExePath": "1",  # of Windows, for programs that are called by name
}
_SEARCHED = ("PYTHONPATH", "PATH")
_INSTALLED = {
    os.path.realpath(place)
    for place in (os.path.dirname(os.path.dirname(__file__)), os.path.dirname(os.__file__), sys.prefix, sys.base_prefix)
}
"""Where this program and Python are: who works there, in a checkout say, goes on finding them."""


def leave_current_folder() -> None:
    """Let no module and no program be found in the current folder, by this process or any that it starts.

    The search paths of this process and its environment are changed for good.
    """
    os.environ.update(_HERE_IS_NO_CODE)
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # it is gone, and what was in it
        return
    if here in _INSTALLED:
        return
    sys.path[:] = [place for place in sys.path if os.path.realpath(place) != here]
    for name in _SEARCHED:
        if name in os.environ:
            places = os.environ[name].split(os.pathsep)
            os.environ[name] = os.pathsep.join(place for place in places if os.path.realpath(place) != here)
