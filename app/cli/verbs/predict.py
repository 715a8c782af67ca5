"""The verb `predict`: the smallest network that reaches an error, by the scaling law."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.application import verb
from app.cli.options import CorpusOption, RerunsFromOption, TextFormatOption, load, require_known

if TYPE_CHECKING:
    from metaanalysis.prediction import PredictedNetworks, Prediction


@verb("prunebase predict --error 26% --dataset ImageNet")
def predict(
    error: Annotated[str, typer.Option(metavar="2%", help="The Top-1 error to reach.")],
    dataset: Annotated[str | None, typer.Option(help="Such as MNIST.")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Such as LeNet-300-100, whatever its width.")
    ] = None,
    extrapolate: Annotated[
        bool, typer.Option("--extrapolate", help="Beyond the densities measured, too.")
    ] = False,
    format: TextFormatOption = "text",
    corpus: CorpusOption = None,
    reruns_from: RerunsFromOption = None,
) -> None:
    """Predict the smallest network that reaches an error: width, density and parameters, by the fitted scaling law."""
    from metaanalysis.prediction import predict as smallest_networks

    require_known("--format", format, ("text", "json"))
    fraction = _fraction(error)
    answer = smallest_networks(
        load(corpus, reruns_from=reruns_from),
        fraction,
        dataset=dataset,
        architecture=architecture,
        extrapolate=extrapolate,
    )
    print(_json(answer) if format == "json" else _text(answer))


def _fraction(text: str) -> float:
    """`2%` or `0.02` as a fraction; ValueError for what could be either."""
    match = re.fullmatch(r"(?P<number>\d+(?:\.\d*)?|\.\d+)\s*(?P<percent>%?)", text.strip())
    value = math.nan
    if match:
        value = float(match["number"])
        if match["percent"]:
            value /= 100
    if not 0 < value < 1:  # false for nan as well
        raise ValueError(
            f"--error: '{text}' is no error; expected a percentage such as 2%, or a fraction such as 0.02"
        )
    return value


def _text(answer: PredictedNetworks) -> str:
    family, fit = answer.family, answer.family.fit
    smallest, *others = answer.predictions
    lines = [
        family.title,
        f"smallest network with an error of {100 * answer.error:g}%: {_line(smallest)}",
    ]
    for prediction in others:
        lines.append(f"  also: {_line(prediction)}")
    lines.append(
        f"law fitted to {len(family.points)} points, off by {fit.mean:+.1%} on average, ± {fit.spread:.1%}"
    )
    if family.caveat:
        lines.append(f"caution: {family.caveat}")
    if any(prediction.extrapolated for prediction in answer.predictions):
        lines.append("caution: what is marked extrapolated lies beyond the densities measured")
    return "\n".join(lines)


def _line(prediction: Prediction) -> str:
    """A network with its density and parameters, each with its 95 % interval."""
    network = prediction.network
    name = network.name
    if network.name != network.architecture:
        name = f"{network.name} ({network.architecture})"
    low, high = prediction.density_interval
    text = f"{name} at density {prediction.density:.3g} ({_end(low)} to {_end(high)})"
    if prediction.params is not None:
        fewest, most = prediction.params_interval
        interval = f"{_end(fewest, ',.0f')} to {_end(most, ',.0f')}"
        text += f", {prediction.params:,.0f} parameters ({interval})"
    if prediction.extrapolated:
        text += ", extrapolated"
    return text


def _end(value: float, layout: str = ".3g") -> str:
    """An end of an interval; `?` where the fit gives none."""
    return "?" if math.isnan(value) else format(value, layout)


def _json(answer: PredictedNetworks) -> str:
    family, fit = answer.family, answer.family.fit
    content = {
        "family": family.title,
        "caveat": family.caveat,
        "points": len(family.points),
        "mean_deviation": fit.mean,
        "sd_deviation": fit.spread,
        "error": answer.error,
        "networks": [_as_dict(prediction) for prediction in answer.predictions],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _as_dict(prediction: Prediction) -> dict[str, object]:
    network = prediction.network
    fewest, most = prediction.params_interval or (None, None)
    return {
        "network": network.name,
        "architecture": network.architecture,
        "width": network.width,
        "density": prediction.density,
        "density_low": _or_null(prediction.density_interval[0]),
        "density_high": _or_null(prediction.density_interval[1]),
        "params": prediction.params,
        "params_low": _or_null(fewest),
        "params_high": _or_null(most),
        "extrapolated": prediction.extrapolated,
    }


def _or_null(value: float | None) -> float | None:
    """JSON has no nan: an end that the fit does not give is null."""
    return None if value is None or math.isnan(value) else value
