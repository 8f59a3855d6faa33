"""Model providers of our own, for inspect_ai."""
