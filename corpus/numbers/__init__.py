"""Printed quantities, the identities between measures, and what follows from them."""
