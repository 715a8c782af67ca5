"""The verb `audit`: blind double extraction, from the drawn sample to the agreement of two readers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.application import verb
from app.cli.options import CorpusOption, TextFormatOption, load, require_known

if TYPE_CHECKING:
    from corpus.audit import AuditScore


@verb("prunebase audit sample --n 60 --seed 1 -o second-reading.csv")
def audit(
    action: Annotated[str, typer.Argument(metavar="sample|score", help="Draw a sheet, or score one.")],
    sheet: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="With score: the filled sheet.")
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, help="Numbers to draw.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed draws the same numbers.")] = 1,
    paper: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Draw from this paper alone; several times.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Where the sheet goes (default: shown)."),
    ] = None,
    format: TextFormatOption = "text",
    corpus: CorpusOption = None,
) -> None:
    """Audit the transcription: draw numbers for a second reader who does not see ours, and score what they read."""
    from corpus.audit import draw_sample, score_sheet, sheet_text

    require_known("audit", action, ("sample", "score"))
    require_known("--format", format, ("text", "json"))
    if action == "sample":
        if sheet is not None:
            raise ValueError(f"audit sample takes no FILE; found {sheet}; did you mean -o {sheet}?")
        text = sheet_text(draw_sample(load(corpus), n, seed, paper or ()))
        _write_new(text, output)
        return
    if sheet is None:
        raise ValueError("audit score: missing FILE, the sheet that `audit sample` wrote, filled in")
    score = score_sheet(load(corpus), sheet)
    print(_as_json(score) if format == "json" else _as_text(score))


def _write_new(text: str, path: Path | None) -> None:
    """Shows the sheet, or writes it to a file that does not exist yet: a filled sheet is hours of work."""
    if path is None:
        print(text, end="")
        return
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise ValueError(f"{path}: exists already and may be filled in; nothing was written") from None
    print(
        f"{path}: fill in the columns value_read, place_read and note, then: prunebase audit score {path}"
    )


def _as_text(score: AuditScore) -> str:
    lines = [f"{len(score.verdicts)} numbers read twice"]
    for name, count in score.counts.items():
        lines.append(f"  {name:20} {count:4}")
    lines.append("agreement (equal or rounding, of those found; 95 % Wilson interval)")
    for agreement in score.agreements:
        if agreement.read == 0:
            lines.append(f"  {agreement.measure:24} none found")
            continue
        share = 100 * agreement.agree / agreement.read
        interval = f"{100 * agreement.low:.1f} to {100 * agreement.high:.1f} %"
        counts = f"{agreement.agree} of {agreement.read}"
        lines.append(f"  {agreement.measure:24} {counts:>10} {share:6.1f} %  ({interval})")
    for verdict in score.verdicts:
        if verdict.verdict not in ("equal", "rounding", "not found"):
            readings = f"ours '{verdict.ours}', theirs '{verdict.theirs}'"
            lines.append(f"  {verdict.point_id} {verdict.measure}: {readings}: {verdict.verdict}")
    return "\n".join(lines)


def _as_json(score: AuditScore) -> str:
    document = {
        "counts": score.counts,
        "agreements": [asdict(agreement) for agreement in score.agreements],
        "verdicts": [asdict(verdict) for verdict in score.verdicts],
    }
    return json.dumps(document, indent=2)
