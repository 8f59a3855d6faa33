"""Playing suites with models, on inspect_ai; the only package that imports it."""
