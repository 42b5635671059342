"""Print the branch coverage that slipcover measured, and fail below the floor: python -m tests.branch_coverage FILE FLOOR."""

import json
import sys
from pathlib import Path


def main(report: str, floor: str) -> None:
    """Read slipcover's `report`; end with an error where less than `floor` per cent of the branches were taken."""
    files = json.loads(Path(report).read_text("utf-8"))["files"]
    totals = {name: [0, 0] for name in sorted({path.split("/")[0] for path in files})}
    for path, measured in files.items():
        taken, missing = (len(measured[f"{which}_branches"]) for which in ("executed", "missing"))
        totals[path.split("/")[0]][0] += taken
        totals[path.split("/")[0]][1] += taken + missing
    for name, (taken, branches) in totals.items():
        print(f"{name:15} {taken:5} of {branches:5} branches")  # noqa: T201
    taken, branches = (sum(column) for column in zip(*totals.values(), strict=True))
    percent = 100 * taken / branches
    print(f"Branch coverage: {percent:.1f} % (floor: {floor} %)")  # noqa: T201
    if percent < float(floor):
        sys.exit(
            "The branch coverage fell below its floor: test what is new, or delete what is dead."
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
