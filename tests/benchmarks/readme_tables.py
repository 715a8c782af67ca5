"""Reads a folder of authors' tables as they stand and prints what `tablecheck` made of them.

    python tests/benchmarks/readme_tables.py FOLDER

FOLDER (or the environment variable PRUNEBASE_TABLES) holds Markdown tables, one a file. Nothing is mapped and nothing
asked. Printed are: tables read, tables with numbers compared, pairs compared, cells, cells not understood, problems by
kind, and with `-v` each problem.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from corpus.catalogue.papers import default_folder
from corpus.contribute.tablecheck import TableReport, check_table
from corpus.schema.vocabulary import read_names


def reports(folder: Path) -> dict[str, TableReport | str]:
    """The report of each table by its file's name, or the reason why it could not be read."""
    names, _ = read_names(default_folder() / "vocabulary", "vocabulary")
    found: dict[str, TableReport | str] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            found[path.name] = check_table(path, names)
        except ValueError as error:
            found[path.name] = str(error)
    return found


def counts(found: dict[str, TableReport | str]) -> dict[str, int]:
    """What the reports come to, by name."""
    read = [report for report in found.values() if isinstance(report, TableReport)]
    kinds = Counter(problem.kind for report in read for problem in report.problems)
    return {
        "tables": len(found),
        "read": len(read),
        "compared": sum(report.comparisons > 0 for report in read),
        "pairs compared": sum(report.comparisons for report in read),
        "cells": sum(report.account.cells for report in read),
        "cells not understood": sum(report.account.not_understood for report in read),
        **{f"problems, {kind}": count for kind, count in sorted(kinds.items())},
    }


def main(arguments: list[str]) -> None:
    """Prints the counts for the folder named on the command line or in the environment."""
    folders = [argument for argument in arguments if not argument.startswith("-")]
    folder = folders[0] if folders else os.environ.get("PRUNEBASE_TABLES", "")
    if not folder or not Path(folder).is_dir():
        print("skipped: no folder of tables; give one, or set PRUNEBASE_TABLES")
        return
    found = reports(Path(folder))
    for name, report in found.items():
        if "-v" in arguments and isinstance(report, str):
            print(f"{name}: NOT READ: {report}")
        elif "-v" in arguments:
            print(
                f"{name}: {report.comparisons} compared; {report.account}; open: {report.account.unexplained}"
            )
            for problem in report.problems:
                print(f"    {problem.kind:8} {problem.line}:{problem.column} {problem.message}")
    for name, count in counts(found).items():
        print(f"{name:22} {count}")


if __name__ == "__main__":
    main(sys.argv[1:])
