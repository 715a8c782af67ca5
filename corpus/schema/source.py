"""Where a block's numbers were read: a file of a repository at one commit, or a page and when it was seen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from corpus.schema.fields import Date, Text, WholeNumber, Written, matches

Repository = Annotated[
    str, matches(r"[\w.-]+(/[\w.-]+)+", "a repository; expected host and path: github.com/owner/name")
]
Commit = Annotated[str, matches(r"[0-9a-f]{40}", "a commit; expected its 40 hexadecimal digits")]


class SourceSnapshot(Written):
    """A snapshot that anyone can look up again."""

    repository: Repository | None = Field(None, description="host and path, such as github.com/owner/name")
    commit: Commit | None = Field(None, description="40 hexadecimal digits")
    path: Text | None = Field(None, description="file in the repository")
    line: WholeNumber | None = Field(None, description="line of that file")
    page: Text | None = Field(None, description="page or version of the paper, where there is no commit")
    seen: Date | None = Field(None, description="when the page was seen")

    @model_validator(mode="after")
    def _is_one_place(self) -> SourceSnapshot:
        in_repository = [self.repository, self.commit, self.path]
        if (self.page is None) == (self.repository is None):
            raise ValueError("a source is either a 'repository' with commit and path, or a 'page'")
        if self.repository is not None and None in in_repository:
            raise ValueError("a source in a repository needs 'repository', 'commit' and 'path'")
        if self.page is not None and self.seen is None:
            raise ValueError("a page needs 'seen', the year and month when it was read")
        if self.page is not None and (self.commit or self.path or self.line):
            raise ValueError("'commit', 'path' and 'line' belong to a repository, not to a page")
        return self

    def place(self, line: int | None = None) -> str:
        """The place in one word, at `line` of the file where that is known better.

        >>> SourceSnapshot(page="arXiv 2306.11695v3", seen="2026-11").place()
        'arXiv 2306.11695v3 (seen 2026-11)'
        """
        if self.repository is None:
            return f"{self.page} (seen {self.seen})"
        line = line or self.line
        anchor = f"#L{line}" if line else ""
        return f"{self.repository}@{self.commit}:{self.path}{anchor}"
