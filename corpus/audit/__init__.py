"""Blind double extraction: a second reader reads drawn numbers anew, without seeing ours."""

from corpus.audit.agreement import AuditScore, score_sheet
from corpus.audit.sample import draw_sample, sheet_text

__all__ = ["AuditScore", "draw_sample", "score_sheet", "sheet_text"]
