"""Run the child process: `python -m inspection PATH`."""

import sys

from inspection.child import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
