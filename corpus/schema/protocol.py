"""The protocol of a measurement: what two numbers must share before they may stand side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, WithJsonSchema

from corpus.schema.fields import Text, Written

Printed = Annotated[Text, WithJsonSchema({"type": ["string", "number"]})]
"""Text as the source prints it; other YAML tools take `2048` for a number."""


class Protocol(Written):
    """How numbers were measured, as far as the source prints it; what it does not print is left out."""

    test_set: Printed | None = Field(
        None, description="text that the perplexity is of, as the source names it"
    )
    sequence_length: Printed | None = Field(None, description="tokens in one sequence")
    calibration_data: Printed | None = Field(None, description="data that decided what was pruned")
    calibration_samples: Printed | None = Field(None, description="how many samples of it")
    harness: Printed | None = Field(None, description="program that asked the questions, with its version")
    metric: Printed | None = Field(None, description="which of its accuracies, such as acc or acc_norm")
    shots: Printed | None = Field(None, description="examples before each question, such as 0")
    device: Printed | None = Field(None, description="processor that the time was taken on")
    batch_size: Printed | None = Field(None, description="inputs at a time while the time was taken")
    runtime: Printed | None = Field(None, description="program that ran the network, such as TensorRT 8")
    precision: Printed | None = Field(None, description="type of number, such as fp16")
    threads: Printed | None = Field(None, description="threads that ran the network")
    sparsity_of: Printed | None = Field(None, description="which weights the sparsity is a share of")


FIELDS = tuple(Protocol.model_fields)
"""Every key of a protocol, in the order of the schema."""


def stated(*protocols: Protocol | None) -> Mapping[str, str]:
    """What the protocols print, by key; a later one wins over an earlier one.

    >>> stated(Protocol(shots="0", harness="lm-eval"), Protocol(shots="5"))
    {'harness': 'lm-eval', 'shots': '5'}
    """
    printed: dict[str, str] = {}
    for protocol in protocols:
        if protocol is not None:
            printed |= protocol.model_dump(exclude_none=True)
    return {name: printed[name] for name in FIELDS if name in printed}
