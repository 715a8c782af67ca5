"""How fair a comparison of two results is, by the setups of Wang et al. (2023)."""

from metaanalysis.fairness.setups import fair

__all__ = ["fair"]
