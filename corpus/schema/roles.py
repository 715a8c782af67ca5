"""The role of a result: whose numbers stand in a paper's file, and whose method they are of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import (
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from corpus.schema.fields import Key, Text, Written

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


class Role(StrEnum):
    """Whose numbers the blocks under a key of a paper's file are; the value is the key."""

    OWN = "results"
    """The paper's own."""
    QUOTED = "quoted"
    """Numbers of others that the paper prints beside its own; never points of the paper."""
    REPRODUCED = "reproduced"
    """Another's method, run by this paper."""


ROLES = tuple(role.value for role in Role)
"""Keys of a paper's file that hold blocks."""
ATTRIBUTIONS = {Role.QUOTED: "quoted", Role.REPRODUCED: "reproduced"}
"""What the points of a block are attributed to, where that is not the paper's own attribution."""


class Origin(Written):
    """Whose numbers or method they are: a paper of the corpus by its key, or one outside by name and year."""

    key: Key | None = Field(None, description="key of a paper of the corpus")
    outside: Text | None = Field(None, description="name and year of one that is not in the corpus")

    @model_validator(mode="before")
    @classmethod
    def _from_bare_key(cls, value: object) -> object:
        return {"key": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Origin:
        if (self.key is None) == (self.outside is None):
            raise ValueError("expected the key of a paper of the corpus, or `{outside: name and year}`")
        return self

    @model_serializer(mode="wrap")
    def _bare_again(self, handler: SerializerFunctionWrapHandler) -> Any:
        return self.key or handler(self)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [{"type": "string"}, schema]}

    @property
    def text(self) -> str:
        """The key, or the name and year."""
        return self.key or self.outside or ""
