"""The report page: the public name of `metaanalysis.drawing.report`."""

from metaanalysis.drawing.report import *  # noqa: F403
