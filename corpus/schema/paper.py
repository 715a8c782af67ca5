"""A paper's file as its contributor writes it: the schema, with every printed string kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    JsonValue,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    create_model,
    model_serializer,
    model_validator,
)

from corpus.numbers.measures import MEASURES, STD_COLUMNS, UNPRUNED_MEASURES
from corpus.schema.checked import ValueCheck
from corpus.schema.fields import (
    IN_A_LIST,
    KEY_PATTERN,
    SLUG_PATTERN,
    ArxivId,
    Date,
    Doi,
    Flag,
    Key,
    Link,
    Many,
    ReadFrom,
    Slug,
    Text,
    WholeNumber,
    Written,
    matches,
    number_fields,
)
from corpus.schema.protocol import Protocol
from corpus.schema.purposes import Purpose
from corpus.schema.recipe import RecipeField
from corpus.schema.roles import Origin, Role
from corpus.schema.source import SourceSnapshot

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

    from corpus.numbers.quantity import Quantity

ANALYSES = tuple(purpose.value for purpose in Purpose)
"""What a result can be excluded from; `all` stands for every one of them."""
AXES = ("structure", "scoring", "scope", "scheduling", "fine_tuning")
"""The axes on which the survey sets methods apart (its Section 2.3)."""


if TYPE_CHECKING:  # the registry decides which measures there are; a type checker sees any name as one
    AnalysisName = str
    CorrectedOfBlock = str
    CorrectedOfPaper = str
    MeasureName = str
    UnprunedMeasureName = str

    class UnprunedNumbers(Written):
        """Measures of the network before pruning."""

        def __getattr__(self, measure: str) -> Quantity | None: ...

    class PrunedNumbers(UnprunedNumbers):
        """Measures of the pruned network."""

else:
    AnalysisName = Literal[("all", *ANALYSES)]
    CorrectedOfPaper = Literal["venue", "date"]
    CorrectedOfBlock = Literal[("dataset", "architecture", "method", *STD_COLUMNS)]
    MeasureName = Literal[tuple(MEASURES)]
    UnprunedMeasureName = Literal[UNPRUNED_MEASURES]
    UnprunedNumbers = create_model(
        "UnprunedNumbers",
        __base__=Written,
        __doc__="Measures of the network before pruning.",
        __module__=__name__,
        **number_fields(UNPRUNED_MEASURES),
    )
    PrunedNumbers = create_model(
        "PrunedNumbers",
        __base__=UnprunedNumbers,
        __doc__="Measures of the pruned network.",
        __module__=__name__,
        **number_fields(name for name in MEASURES if name not in UNPRUNED_MEASURES),
    )


class Correction(Written):
    """Where the transcription and the source disagree: what the sheet says, what holds, and why."""

    sheet: Text | None = Field(
        None, description="value in the transcription; must equal the key it corrects"
    )
    value: Text | None = Field(None, description="value that holds; `none` if the number is void")
    moved_to: MeasureName | None = Field(None, description="the measure the number belongs to")
    from_: Text | None = Field(None, alias="from", description="where the right value was found")
    because: Text = Field(description="what went wrong, in one sentence")

    @model_validator(mode="after")
    def _says_something(self) -> Correction:
        if self.value is None and self.moved_to is None:
            raise ValueError("a correction needs 'value' (or `value: none`) or 'moved_to'")
        if self.value is None and self.sheet is None:
            raise ValueError("'moved_to' without 'value' needs 'sheet', the number that moves")
        return self


class AddedUnpruned(UnprunedNumbers):
    """Numbers of the unpruned network that the survey's sheet lacks."""

    from_: Text = Field(alias="from", description="where the authors give them")


class AddedPruned(PrunedNumbers):
    """Numbers of the pruned network that the survey's sheet lacks."""

    from_: Text = Field(alias="from", description="where the authors give them")


PrintedAs = dict[MeasureName, Text]


class Unpruned(UnprunedNumbers):
    """The network before pruning, as this paper reports it."""

    printed_as: PrintedAs | None = Field(
        None, description="per measure, the string in the paper where it differs"
    )
    correction: dict[UnprunedMeasureName, Correction] | None = Field(None, description="per measure")
    added: Many[AddedUnpruned] | None = Field(None, description="numbers the survey's sheet lacks")
    doubt: Text | None = Field(None, description="why a number here may be wrong; nothing is changed")
    source_line: WholeNumber | None = Field(None, description="line of the block's source")
    checked: tuple[ValueCheck, ...] | None = Field(
        None, description="sources that values here were set beside", min_length=1
    )


class Exclusion(Written):
    """Analyses that leave a result out, and the reason."""

    from_: Annotated[tuple[AnalysisName, ...], IN_A_LIST] = Field(
        alias="from", min_length=1, description="one or more analyses, or `all`"
    )
    because: Text = Field(description="the reason, in one sentence")


class Place(Written):
    """Where in the paper numbers stand."""

    where: Text | None = Field(
        None, description="table, figure, page or section of the paper; `unknown` if not known"
    )
    read_from: ReadFrom | None = Field(None, description="what the numbers were read from")
    checked: tuple[ValueCheck, ...] | None = Field(
        None, description="sources that values here were set beside", min_length=1
    )
    doubt: Text | None = Field(None, description="why a number here may be wrong; nothing is changed")
    note: Text | None = Field(None, description="a fact that changes how the numbers must be read")
    method: Slug | None = Field(None, description="which of this paper's methods, if it has several")
    trials: WholeNumber | None = Field(
        None, description="repetitions behind each number; not a result by itself"
    )
    exclude: Exclusion | None = Field(None, description="analyses that leave this out, with the reason")
    protocol: Protocol | None = Field(None, description="how the numbers were measured, as printed")
    version: Text | None = Field(
        None, description="which one this is, where several versions of one result stand side by side"
    )


class PrunedRow(Place, PrunedNumbers):
    """One operating point: the network pruned by one amount."""

    survey_row: WholeNumber | None = Field(None, description="row number in the 2020 survey's sheet")
    same_as: WholeNumber | None = Field(None, description="survey_row of the same result entered twice")
    grows: Flag | None = Field(None, description="true if the pruned network really is larger")
    source_line: WholeNumber | None = Field(None, description="line of the block's source")
    printed_as: PrintedAs | None = Field(
        None, description="per measure, the string in the paper where it differs"
    )
    correction: dict[MeasureName, Correction] | None = Field(None, description="per measure")
    added: Many[AddedPruned] | None = Field(None, description="numbers the survey's sheet lacks")


def _views_as_written(views: int | dict[str, int]) -> str | dict[str, str]:
    if isinstance(views, dict):
        return {measure: str(count) for measure, count in views.items()}
    return str(views)


Views = Annotated[
    WholeNumber | dict[MeasureName, WholeNumber],
    # without it the union would write a mapping down as the text of a whole number
    PlainSerializer(_views_as_written),
]


class Block(Place):
    """One table of a paper: a dataset, an architecture, the unpruned network and its operating points."""

    where: Text = Field(description="table, figure, page or section of the paper; `unknown` if not known")
    dataset: Text = Field(description="name in vocabulary/datasets.yaml")
    architecture: Text = Field(description="name in vocabulary/architectures.yaml")
    source: SourceSnapshot | None = Field(
        None, description="the file or page that the numbers were read from"
    )
    flops_counts: Literal["multiply-adds", "flops", "unknown"] | None = Field(
        None, description="what the paper's FLOPs count; `flops` (two per multiply-add) is halved when read"
    )
    flops_because: Text | None = Field(
        None, description="with `flops_counts: flops`: why the paper must count two per multiply-add"
    )
    views: Views | None = Field(
        None, description="crops of each test image behind the accuracies (such as 10), or per measure"
    )
    reading_error: Text | None = Field(
        None,
        description="of numbers read off a figure: share of the axis (`1%`) or amount in the value's unit",
    )
    unpruned: Unpruned | None = Field(
        None, description="the network before pruning, as this paper reports it"
    )
    pruned: tuple[PrunedRow, ...] | None = Field(None, description="operating points", min_length=1)
    table: Text | None = Field(
        None, description="CSV beside this file, one run a line, measures as column names"
    )
    no_numbers: Text | None = Field(None, description="why this setting has no usable number")
    survey_row: WholeNumber | None = Field(
        None, description="with no_numbers: row in the 2020 survey's sheet"
    )
    correction: dict[CorrectedOfBlock, Correction] | None = Field(
        None, description="where the sheet is wrong about the setting"
    )

    @model_validator(mode="after")
    def _has_one_content(self) -> Block:
        contents = [name for name in ("pruned", "table", "no_numbers") if getattr(self, name) is not None]
        if len(contents) != 1:
            given = " and ".join(contents) or "none of them"
            raise ValueError(f"a block holds exactly one of 'pruned', 'table', 'no_numbers'; found {given}")
        if self.flops_because is not None and self.flops_counts != "flops":
            raise ValueError("'flops_because' belongs to `flops_counts: flops`")
        if self.survey_row is not None and self.no_numbers is None:
            raise ValueError("'survey_row' of a block with numbers belongs to its rows")
        return self


class ReproducedBlock(Block):
    """One table of another's method that this paper ran itself."""

    of: Origin | None = Field(
        None, description="whose method it is; left out where the source does not say"
    )


class QuotedBlock(ReproducedBlock):
    """One table of numbers that this paper repeats from others."""

    @model_validator(mode="after")
    def _quotes_rows(self) -> QuotedBlock:
        if self.pruned is None:
            raise ValueError("a quoted block holds 'pruned', the numbers as this paper prints them")
        return self


MethodReference = Annotated[
    str,
    matches(
        rf"{KEY_PATTERN}/{SLUG_PATTERN}", "a method of another paper; expected li2016pruning/filter-l1"
    ),
]


Sourced = Literal[("full_name", "acronym", "aliases", "same_method", *AXES)]  # type: ignore[valid-type]
"""Keys of a method that may name a source of their own."""


class Method(Written):
    """How one method prunes, on the survey's axes (its Section 2.3)."""

    name: Text | None = Field(None, description="as the paper calls it; part of the label in figures")
    own_curve: Flag = Field(
        True, description="false: shares one curve and label with the rest of the paper"
    )
    full_name: Text | None = Field(
        None,
        description="what the field calls it, where `name` is absent or a label only; no label in figures",
    )
    acronym: Text | None = Field(None, description="short name")
    aliases: Many[Text] | None = Field(None, description="other names of it")
    same_method: MethodReference | None = Field(
        None, description="the same method in another paper, `key/short-name`"
    )
    structure: Literal[
        "unstructured",
        "N:M",
        "kernel",
        "stripe",
        "filter",
        "channel",
        "neuron",
        "head",
        "group",
        "block",
        "layer",
        "token",
        "dynamic",
        "low-rank",
        "structured",
        "unknown",
    ] = Field(
        "unknown",
        description="what is removed; `structured` if groups of an unstated kind, `dynamic` if it depends on the input",
    )
    n: WholeNumber | None = Field(None, description="of N:M: weights that are kept")
    m: WholeNumber | None = Field(None, description="of N:M: weights that they are kept of")
    scoring: Literal[
        "magnitude",
        "gradient",
        "activation",
        "second-order",
        "learned",
        "reconstruction",
        "random",
        "other",
        "unknown",
    ] = Field("unknown", description="what decides; `learned`: coefficients trained for it")
    scope: Literal["layerwise", "global", "unknown"] = Field(
        "unknown", description="within which scores are compared"
    )
    scheduling: Literal[
        "one-shot", "iterative", "gradual", "during-training", "at-initialization", "unknown"
    ] = Field("unknown", description="in how many steps")
    fine_tuning: Literal["continue", "rewind", "reinitialize", "none", "unknown"] = Field(
        "unknown", description="what training follows"
    )
    stated_in: Text | None = Field(None, description="where these axes are stated")
    sources: dict[Sourced, Text] | None = Field(
        None, description="per key of the method, where it is stated, if not in `stated_in`"
    )
    note: Text | None = Field(None, description="what the axes do not say")

    @model_validator(mode="after")
    def _tells_n_and_m(self) -> Method:
        given = (self.n is not None) + (self.m is not None)
        if self.structure == "N:M" and given != 2:
            raise ValueError("structure 'N:M' needs 'n' and 'm', such as `n: 2` and `m: 4`")
        if self.structure != "N:M" and given:
            raise ValueError("'n' and 'm' belong to structure 'N:M'")
        if self.n and self.m and self.n >= self.m:
            raise ValueError(f"of {self.m} weights {self.n} cannot be kept; expected n below m")
        return self


class Comparison(Written):
    """Another paper of the corpus whose numbers this one sets beside its own."""

    key: Key = Field(description="key of a paper of the corpus")
    doubt: Text | None = Field(
        None, description="why this comparison cannot be right; default rules skip it"
    )

    @model_validator(mode="before")
    @classmethod
    def _from_bare_key(cls, value: object) -> object:
        return {"key": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _bare_again(self, handler: SerializerFunctionWrapHandler) -> Any:
        return handler(self) if self.doubt else self.key

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [schema["properties"]["key"], schema]}


class SurveyEntry(Written):
    """The way back to a survey's own sheet."""

    key: Text = Field(description="the survey's own key")
    position: WholeNumber = Field(description="row of the paper in the survey's sheet, from 1")


class PaperFile(Written):
    """One paper of the corpus, or one study of our own."""

    title: Text = Field(description="as printed; in quotes if it holds ': '")
    authors: tuple[Text, ...] = Field(min_length=1, description="given name first, one entry per author")
    label: Text | None = Field(
        None, description="author part of the label, where the first surname will not do"
    )
    venue: Text = Field(description="name in vocabulary/venues.yaml")
    date: Date = Field(description="year-month of publication")
    arxiv: ArxivId | None = Field(None, description="arXiv id, in quotes")
    doi: Doi | None = Field(None, description="without https://doi.org/")
    url: Link | None = Field(None, description="where the paper is read")
    code: Link | None = Field(None, description="the authors' code")
    published: Text | None = Field(None, description="venue and year of the published version")
    is_pruning: Flag = Field(True, description="false for compared methods that do not prune")
    attribution: Literal["reported", "rerun"] = Field(
        "reported", description="`rerun` for our own runs only"
    )
    surveys: dict[Text, SurveyEntry] | None = Field(None, description="surveys whose sheet lists the paper")
    note: Text | None = Field(None, description="a fact that changes how the numbers must be read")
    doubt: Text | None = Field(None, description="why something here may be wrong; nothing is changed")
    unverified: Literal["bibliography"] | None = Field(
        None, description="`bibliography`: title and authors could not be looked up"
    )
    correction: dict[CorrectedOfPaper, Correction] | None = Field(
        None, description="where the survey's sheet is wrong about the paper itself"
    )
    recipe: RecipeField | None = Field(
        None,
        description="how the networks were trained, one or several; of a rerun: the settings of the study",
    )
    receipts: dict[Text, JsonValue] | None = Field(
        None, description="of a rerun: commit, device, data, failures"
    )
    compares_to: tuple[Comparison, ...] = Field(
        (), description="papers of the corpus it sets its own numbers beside"
    )
    methods: dict[Slug, Method] = Field(
        default_factory=dict, description="by short name: how each of them prunes"
    )
    results: tuple[Block, ...] = Field((), min_length=1, description="one block for each table and network")
    quoted: tuple[QuotedBlock, ...] = Field(
        (), min_length=1, description="numbers of others that it repeats, likewise"
    )
    reproduced: tuple[ReproducedBlock, ...] = Field(
        (), min_length=1, description="results of others' methods that it ran itself, likewise"
    )

    @model_validator(mode="after")
    def _has_blocks(self) -> PaperFile:
        if not (self.results or self.quoted or self.reproduced):
            raise ValueError(
                "missing key 'results' (one block for each table and network), 'quoted' or 'reproduced'"
            )
        return self

    @property
    def blocks(self) -> Iterator[tuple[Role, int, Block]]:
        """Every block with its role and its place in that list, from 0."""
        for role in Role:
            for index, block in enumerate(getattr(self, role)):
                yield role, index, block

    def as_tree(self) -> dict[str, Any]:
        """The nested dicts, lists and strings this file was read from, printed numbers as printed."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
