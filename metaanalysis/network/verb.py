"""What the verb `network` does, from a file to text and pictures, without the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.schema.suggest import did_you_mean
from metaanalysis.network.analysis import network_meta_analysis
from metaanalysis.network.contrasts import read_contrasts
from metaanalysis.network.result import NetworkResult
from metaanalysis.network.text import csv_text, json_text, table_text

FORMS: dict[str, Callable[[NetworkResult], str]] = {"table": table_text, "csv": csv_text, "json": json_text}
PICTURES = ("forest", "network")


def network_text(
    path: Path | str,
    *,
    tau: str = "DL",
    reference: str | None = None,
    small_is_better: bool = False,
    format: str = "table",
    interval: str = "hartung-knapp",
    pictures: Path | None = None,
) -> str:
    """The network meta-analysis of a CSV file as text in one of FORMS.

    With `pictures`, a folder, also draws `forest.svg` and `network.svg` there. CorpusError lists everything wrong with
    the table, with file, line and column; ValueError is an unknown option or reference.

    >>> print(network_text("trials.csv", format="csv"))  # doctest: +SKIP
    """
    if format not in FORMS:
        raise ValueError(
            f"--format: '{format}' is unknown; expected {', '.join(FORMS)}{did_you_mean(format, FORMS)}"
        )
    result = network_meta_analysis(
        read_contrasts(path),
        tau=tau,
        reference=reference,
        small_is_better=small_is_better,
        interval=interval,
    )
    if pictures is not None:
        draw(result, pictures)
    return FORMS[format](result)


def draw(result: NetworkResult, folder: Path) -> list[Path]:
    """Draws the forest plot and the network into `folder` as SVG, each whole or not at all; the files."""
    from metaanalysis.drawing.render import rendered, write
    from metaanalysis.network.charts import forest, network

    charts = {"forest": forest(result), "network": network(result)}
    return [write(folder / f"{name}.svg", rendered(chart.to_dict())) for name, chart in charts.items()]
