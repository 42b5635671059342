"""The child process by its command: `python -m resources.inspection PATH`."""

import sys

from .child import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
