"""Figures as files: the public name of `metaanalysis.drawing.render`."""

from metaanalysis.drawing.render import *  # noqa: F403
