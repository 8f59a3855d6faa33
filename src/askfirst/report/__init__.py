"""Reports: one page that shows what models did, and its numbers as tables."""
