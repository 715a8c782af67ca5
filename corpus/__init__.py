"""The reported-results database: papers as YAML files, their numbers, and the checks on both."""

from corpus.check import check, load
from corpus.reader import CorpusError, Problem

__all__ = ["CorpusError", "Problem", "check", "load"]
