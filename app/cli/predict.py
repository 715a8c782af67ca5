"""The verb `predict`: the smallest network that reaches an error, by the scaling law."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.main import CorpusOption, RerunsFromOption, app, load, told

if TYPE_CHECKING:
    from metaanalysis.prediction import PredictedNetworks, Prediction


@app.command()
@told
def predict(
    error: Annotated[str, typer.Option(metavar="2%", help="The Top-1 error to reach.")],
    dataset: Annotated[str | None, typer.Option(help="Such as MNIST.")] = None,
    architecture: Annotated[
        str | None, typer.Option(help="Such as LeNet-300-100, whatever its width.")
    ] = None,
    extrapolate: Annotated[
        bool, typer.Option("--extrapolate", help="Beyond the densities measured, too.")
    ] = False,
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
    corpus: CorpusOption = None,
    reruns_from: RerunsFromOption = None,
) -> None:
    """Predict the smallest network that reaches an error: width, density and parameters, by the fitted scaling law."""
    from metaanalysis.prediction import predict as ask

    if format not in ("text", "json"):
        raise ValueError(f"--format: '{format}' is unknown; expected text or json")
    wanted = _fraction(error)
    loaded = load(corpus, reruns_from=reruns_from)
    answer = ask(loaded, wanted, dataset=dataset, architecture=architecture, extrapolate=extrapolate)
    print(_json(answer) if format == "json" else _text(answer))


def _fraction(text: str) -> float:
    """`2%` or `0.02` as a fraction; ValueError for what could be either."""
    found = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*(%?)", text.strip())
    value = float(found[1]) / (100 if found[2] else 1) if found else math.nan
    if not 0 < value < 1:
        raise ValueError(
            f"--error: '{text}' is no error; expected a percentage such as 2%, or a fraction such as 0.02"
        )
    return value


def _text(answer: PredictedNetworks) -> str:
    family, (smallest, *others) = answer.family, answer.predictions
    lines = [family.title, f"smallest network with an error of {100 * answer.error:g}%: {_line(smallest)}"]
    lines += [f"  also: {_line(one)}" for one in others]
    fit = family.fit
    lines.append(
        f"law fitted to {len(family.points)} points, off by {fit.mean:+.1%} on average, ± {fit.spread:.1%}"
    )
    if family.caveat:
        lines.append(f"caution: {family.caveat}")
    if any(one.extrapolated for one in answer.predictions):
        lines.append("caution: what is marked extrapolated lies beyond the densities measured")
    return "\n".join(lines)


def _line(one: Prediction) -> str:
    low, high = one.density_interval
    network = one.network
    name = (
        network.architecture
        if network.name == network.architecture
        else f"{network.name} ({network.architecture})"
    )
    text = f"{name} at density {one.density:.3g} ({_end(low)} to {_end(high)})"
    if one.params is not None:
        fewest, most = one.params_interval
        text += f", {one.params:,.0f} parameters ({_end(fewest, ',.0f')} to {_end(most, ',.0f')})"
    return text + (", extrapolated" if one.extrapolated else "")


def _end(value: float, shown: str = ".3g") -> str:
    return "?" if math.isnan(value) else format(value, shown)


def _json(answer: PredictedNetworks) -> str:
    fit = answer.family.fit
    made = [
        {
            "network": one.network.name,
            "architecture": one.network.architecture,
            "width": one.network.width,
            "density": one.density,
            "density_low": _or_null(one.density_interval[0]),
            "density_high": _or_null(one.density_interval[1]),
            "params": one.params,
            "params_low": _or_null(one.params_interval[0]) if one.params_interval else None,
            "params_high": _or_null(one.params_interval[1]) if one.params_interval else None,
            "extrapolated": one.extrapolated,
        }
        for one in answer.predictions
    ]
    family = {
        "family": answer.family.title,
        "caveat": answer.family.caveat,
        "points": len(answer.family.points),
    }
    return json.dumps(
        {
            **family,
            "mean_deviation": fit.mean,
            "sd_deviation": fit.spread,
            "error": answer.error,
            "networks": made,
        },
        ensure_ascii=False,
        indent=1,
    )


def _or_null(value: float) -> float | None:
    return None if math.isnan(value) else value
