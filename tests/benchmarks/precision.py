"""Whether half precision changes results: the same study trained in bf16 and in fp32, compared with seed noise.

Both arms prune the same unpruned networks (trained in fp32) with the same masks and seeds; pairs differ in precision
only. Their mean difference is held against its standard error, computed from how much seeds alone make of the same
configuration. Stopped at any moment, the same command goes on. On a CPU, which trains in fp32 only, the fp32 arm runs
and the seed noise is printed.

    python tests/benchmarks/precision.py cifar10-resnet-20-short --data-dir DIR --minutes 9

Options: STUDY --data-dir DIR --device NAME --limit RUNS --minutes M (both arms together) --smoke --work FOLDER.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from pathlib import Path

import torch

from rerun import read_study, run
from rerun.study.smoke import smoke
from rerun.study.study import Study

Configuration = tuple[str, str, float]


def accuracies(study: Study, rows: dict[str, dict]) -> dict[Configuration, dict[int, float]]:
    """Test top-1 accuracy in percent of every finished pruned network: by configuration, then by seed."""
    found: dict[Configuration, dict[int, float]] = {}
    for one in study.runs:
        row = rows.get(one.name)
        if one.ratio > 1 and row and row["failure"] is None:
            percent = 100 * row["top1_hits"] / row["test_images"]
            found.setdefault((one.dense.initial, one.baseline, one.ratio), {})[one.seed] = percent
    return found


def seed_noise(*arms: dict[Configuration, dict[int, float]]) -> float:
    """Standard deviation between seeds of one configuration, pooled over all configurations of the arms; in percent."""
    groups = [list(seeds.values()) for arm in arms for seeds in arm.values() if len(seeds) > 1]
    if not groups:
        raise ValueError("no configuration has two seeds; the noise between seeds is unknown")
    freedom = sum(len(group) - 1 for group in groups)
    return (sum((len(group) - 1) * statistics.variance(group) for group in groups) / freedom) ** 0.5


def verdict(
    full: dict[Configuration, dict[int, float]], half: dict[Configuration, dict[int, float]]
) -> str:
    """Mean difference half - full with its standard error under the null hypothesis, in percent, and what follows."""
    pairs = [
        half[where][seed] - one
        for where in full.keys() & half
        for seed, one in full[where].items()
        if seed in half[where]
    ]
    if not pairs:
        return "no pair of runs is finished in both precisions"
    noise = seed_noise(full, half)
    mean, error = statistics.fmean(pairs), noise * (2 / len(pairs)) ** 0.5
    within = "within" if abs(mean) <= 2 * error else "OUTSIDE"
    return (
        f"bf16 - fp32 over {len(pairs)} pairs: {mean:+.3f} +- {error:.3f} points (one standard error; seeds alone give "
        f"{noise:.3f} per run); {within} seed noise (2 standard errors); largest single difference "
        f"{max(pairs, key=abs):+.2f}"
    )


def arm(study: Study, precision: str, chosen: argparse.Namespace, until: float | None) -> dict[str, dict]:
    """The rows of one arm so far."""
    minutes = None if until is None else max(0.0, (until - time.time()) / 60)
    return run(
        study,
        data_dir=chosen.data_dir,
        device=chosen.device,
        precision=precision,
        limit=chosen.limit,
        minutes=minutes,
        work=chosen.work / precision,
        results=None,
        report=lambda what, done, total: print(
            f"\r{precision}: {done / max(total, 1):4.0%} {what:60}", end="", flush=True
        ),
    )


def share_unpruned(study: Study, work: Path) -> None:
    """Lets the bf16 arm start from the unpruned networks of the fp32 arm."""
    names = [("runs", f"{one.name}.json") for one in study.runs if one.ratio == 1]
    names += [("dense", f"{entry.name}.pt") for entry in study.dense]
    for kind, name in names:
        source, target = (work / precision / study.name / kind / name for precision in ("fp32", "bf16"))
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def main() -> None:
    """Runs both arms, prints the verdict for all baselines together and for each."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("study", nargs="?", default="smoke")
    options.add_argument("--data-dir", type=Path)
    options.add_argument("--device", default="auto")
    options.add_argument("--limit", type=int)
    options.add_argument("--minutes", type=float)
    options.add_argument("--smoke", action="store_true")
    options.add_argument("--work", type=Path, default=Path("build/precision"))
    chosen = options.parse_args()
    study = smoke(read_study(chosen.study)) if chosen.smoke else read_study(chosen.study)
    now = time.time()
    ends = (
        [None, None] if chosen.minutes is None else [now + 30 * chosen.minutes, now + 60 * chosen.minutes]
    )
    full = accuracies(study, arm(study, "fp32", chosen, ends[0]))
    if chosen.device == "cpu" or not torch.cuda.is_available():
        print(f"\nno GPU: the fp32 arm only; seeds alone give {seed_noise(full):.3f} points per run")
        return
    share_unpruned(study, chosen.work)
    half = accuracies(study, arm(study, "bf16", chosen, ends[1]))
    print(f"\nall: {verdict(full, half)}")
    for name in study.file.baselines:
        own = ({where: seeds for where, seeds in one.items() if where[1] == name} for one in (full, half))
        print(f"{name}: {verdict(*own)}")


if __name__ == "__main__":
    main()
