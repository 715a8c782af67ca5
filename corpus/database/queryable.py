"""The corpus as `corpus.load` gives it: one that answers questions, by SQL or by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.catalogue.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class QueryableCorpus(Corpus):
    """A corpus with the public tables and the search on it."""

    def sql(self, query: str) -> pd.DataFrame:
        """Rows of one read-only SQL statement on the public tables; see `corpus.database.query`.

        >>> corpus.load().sql("SELECT count(*) AS papers FROM papers")  # doctest: +SKIP
        """
        from corpus.database.public_tables import query as query_tables  # DuckDB is slow to import

        return query_tables(self, query)

    def find(
        self,
        *,
        dataset: str | None = None,
        architecture: str | None = None,
        compression: tuple[float | None, float | None] | None = None,
        speedup: tuple[float | None, float | None] | None = None,
        sparsity: tuple[float | None, float | None] | None = None,
        measure: str | None = None,
        quoted: bool = False,
    ) -> pd.DataFrame:
        """What has been reported, by year and label; see `corpus.database.search.find`.

        >>> corpus.load().find(architecture="ResNet-50", compression=(3, 5))  # doctest: +SKIP
        """
        from corpus.database.search import find

        return find(
            self,
            dataset=dataset,
            architecture=architecture,
            compression=compression,
            speedup=speedup,
            sparsity=sparsity,
            measure=measure,
            quoted=quoted,
        )
