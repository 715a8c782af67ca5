"""A study of iterative pruning on its way: all networks round by round, each row and each network kept as it comes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import torch

from rerun.architectures import architecture
from rerun.engine.attempt import Attempt, Bench, Kept, Progress
from rerun.engine.capacity import networks_at_once
from rerun.engine.grid import Report
from rerun.engine.iterative_mask import kept_after, mask_of, prunable_weights
from rerun.engine.iterative_outcome import Chain, failed_round_row, round_row
from rerun.engine.local import one_thread_each
from rerun.engine.outcome import weights_digest
from rerun.engine.work_folder import WorkFolder
from rerun.images.in_memory import Data
from rerun.pruning.counts import anatomy
from rerun.pruning.masks import Mask
from rerun.pruning.prune import seed_for
from rerun.record.iterative_record import recorded_rounds, write_iterative_record
from rerun.study.grid_study import name_of
from rerun.study.iterative_study import Configuration, IterativeStudy, Round
from rerun.training.member import Member


class IterativeGrid:
    """The rounds of one study: what is done, what is not, and doing it."""

    def __init__(
        self,
        study: IterativeStudy,
        bench: Bench,
        work_folder: WorkFolder,
        results: Path | None,
        report: Report,
    ):
        self.study, self.work_folder = study, work_folder
        self._bench, self._results, self._report = bench, results, report
        self._benches = {None: bench}
        self._runs = {(run.dense.name, run.number): run for run in study.runs}

    def run(self, limit: int | None = None) -> dict[str, dict]:
        """Does what is not done yet, at least `limit` rounds if so many are left; all rows by the run's name."""
        self.rows = recorded_rounds(self._results, self.study) | self.work_folder.finished()
        for run in self.study.runs:
            if run.name in self.rows:
                self.work_folder.finish(run.name, self.rows[run.name])
        self._enough = math.inf if limit is None else len(self.rows) + limit
        with one_thread_each():
            for alike in self._stacks():
                self._advance(alike)
        return self.rows

    def _stacks(self) -> Iterator[list[Configuration]]:
        """Networks that may share a step: on a CPU those with the same images, on a GPU of the same shape as well."""
        on_cpu = self._bench.device.name == "cpu"
        groups: dict[tuple, list[Configuration]] = {}
        for one in self.study.dense:
            groups.setdefault((one.training_images, "" if on_cpu else one.architecture), []).append(one)
        for alike in groups.values():  # the largest first, so that the threads end a step together
            alike.sort(key=lambda one: -anatomy(one.architecture).multiply_adds)
            device, recipe = self._bench.device, self.study.file.training
            most = self.study.file.networks_at_once or networks_at_once(
                *(architecture(alike[0].architecture), self._bench.data.source.classes),
                *(recipe.batch_size, device.name, device.threads),
            )
            for start in range(0, len(alike), most):
                yield alike[start : start + most]

    def _advance(self, alike: list[Configuration]) -> None:
        """Takes the networks through all rounds, those first that are furthest behind."""
        chains = {one.name: self._chain(one) for one in alike}
        most = len(alike)
        while open_ones := [one for one in alike if self._is_open(one, chains[one.name])]:
            if self._bench.time_is_up or len(self.rows) >= self._enough:
                return
            number = min(chains[one.name].round for one in open_ones)
            together = [one for one in open_ones if chains[one.name].round == number][:most]
            try:
                done = self._round(together, number, chains)
            except torch.OutOfMemoryError:
                self.work_folder.forget(name_of([self._run(one, number).name for one in together]))
                most = len(together) // 2
            else:
                if not done:
                    return
                continue
            if not most:
                raise ValueError(f"{together[0].initial}: a single network does not fit into the memory")
            torch.cuda.empty_cache()

    def _is_open(self, one: Configuration, chain: Chain) -> bool:
        """Whether rounds are missing; those after a failed one are written down as failed."""
        missing = self._missing(one)
        if missing and chain.failure:
            self._finish(
                {run: failed_round_row(run, f"an earlier round failed: {chain.failure}") for run in missing}
            )
        return bool(missing) and not chain.failure

    def _run(self, one: Configuration, number: int) -> Round:
        return self._runs[one.name, number]

    def _missing(self, one: Configuration) -> list[Round]:
        runs = (self._run(one, number) for number in range(self.study.file.rounds + 1))
        return [run for run in runs if run.name not in self.rows]

    def _chain(self, one: Configuration) -> Chain:
        """Where the network was left; at the beginning if a round before that has no row any more."""
        chain = Chain(**(self.work_folder.load("chains", one.name) or {}))
        return Chain() if any(run.number < chain.round for run in self._missing(one)) else chain

    def _round(self, together: list[Configuration], number: int, chains: dict[str, Chain]) -> bool:
        """One round of these networks; False if the time was up before its end."""
        file, names = self.study.file, tuple(self._run(one, number).name for one in together)
        name = name_of(list(names))
        members, masks = zip(
            *(self._member(one, number, chains[one.name]) for one in together), strict=True
        )
        saved = self.work_folder.load("checkpoints", name)
        attempt = Attempt(
            *(
                name,
                names,
                members,
                file.training,
                saved and saved["training"],
                self._bench_for(together[0]),
            ),
            first_epoch=file.rewind_epoch if number else 0,
        )
        with closing(attempt.events()) as events:
            for event in events:
                if number == 0 and attempt.training.epoch == file.rewind_epoch:
                    self._keep_rewound(together, attempt, chains)
                if isinstance(event, Kept):
                    self.work_folder.save("checkpoints", event.name, event.content)
                elif isinstance(event, Progress):
                    self._say(number, event)
        if attempt.accuracies is None:
            return False
        self._take(together, number, chains, masks, attempt)
        self.work_folder.forget(name)
        return True

    def _member(self, one: Configuration, number: int, chain: Chain) -> tuple[Member, Mask | None]:
        """The network at the start of a round, with its mask."""
        file, classes = self.study.file, self._bench.data.source.classes
        network = architecture(one.architecture).build(classes, one.seed)
        if number == 0:
            if file.rewind_epoch == 0:
                chain.rewound = {name: tensor.clone() for name, tensor in network.state_dict().items()}
            return Member(network, one.seed, file.training.learning_rate), None
        shapes = prunable_weights(anatomy(one.architecture, classes), file.prune_classifier)
        keep = kept_after(number, sum(map(math.prod, shapes.values())), file.kept_per_round)
        mask = mask_of(shapes, chain.weights, keep, chain.keep and Mask(shapes, chain.keep))
        network.load_state_dict(chain.rewound)
        return Member(network, one.seed, file.training.learning_rate, mask), mask

    def _keep_rewound(
        self, together: list[Configuration], attempt: Attempt, chains: dict[str, Chain]
    ) -> None:
        """Writes down what weights are rewound to, before any checkpoint from which training would go on past it."""
        for place, one in enumerate(together):
            state = attempt.training.stack.state(place)["network"]
            chains[one.name].rewound = {name: tensor.cpu().clone() for name, tensor in state.items()}
            self.work_folder.save("chains", one.name, vars(chains[one.name]))

    def _take(
        self,
        together: list[Configuration],
        number: int,
        chains: dict[str, Chain],
        masks: tuple[Mask | None, ...],
        attempt: Attempt,
    ) -> None:
        """Rows first, then the networks: a stop in between repeats the round and finds the same."""
        rows, each = {}, attempt.seconds / len(together)
        for place, (one, mask) in enumerate(zip(together, masks, strict=True)):
            run, rewound = self._run(one, number), weights_digest(chains[one.name].rewound)
            accuracy = attempt.accuracies[place]
            rows[run] = round_row(
                run, attempt.training, place, accuracy, each, self._bench.device, mask, rewound
            )
        self._finish(rows)
        for place, (one, mask) in enumerate(zip(together, masks, strict=True)):
            course, chain = attempt.training.courses[place], chains[one.name]
            chain.round, chain.failure = number + 1, course.failure
            chain.weights = {name: tensor.cpu() for name, tensor in course.best.items()}
            chain.keep = mask and dict(mask)
            self.work_folder.save("chains", one.name, vars(chain))

    def _bench_for(self, one: Configuration) -> Bench:
        """The bench with as many training images as the network may see."""
        if one.training_images not in self._benches:
            data = fewer(self._bench.data, one.training_images)
            self._benches[one.training_images] = replace(self._bench, data=data)
        return self._benches[one.training_images]

    def _finish(self, rows: dict[Round, dict]) -> None:
        for run, row in rows.items():
            self.rows[run.name] = row
            self.work_folder.finish(run.name, row)
        if self._results is not None:
            write_iterative_record(self._results, self.study, self.rows, self._bench.data.checksum)

    def _say(self, number: int, event: Progress) -> None:
        """Rounds count alike, whatever the size of their networks."""
        first = self.study.file.rewind_epoch if number else 0
        begun = len(event.names) * (event.epoch - first) / (event.epochs - first)
        images = len(self._bench.data.training)
        done, total = (int(images * runs) for runs in (len(self.rows) + begun, len(self.study.runs)))
        what = f"round {number} of {self.study.file.rounds}, epoch {event.epoch} of {event.epochs}"
        self._report(f"{what}, {len(event.names)} networks", done, total)


def fewer(data: Data, images: int) -> Data:
    """The dataset with so many of its training images, always the same; more of them contain fewer."""
    if not 0 < images <= len(data.training):
        raise ValueError(
            f"training_images: {images:,} cannot be had, the training part has {len(data.training):,}"
        )
    generator = torch.Generator().manual_seed(seed_for("training part"))
    chosen = torch.randperm(len(data.training), generator=generator)[:images].sort().values
    return replace(data, training=data.training.part(chosen))
