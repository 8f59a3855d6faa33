"""AskFirst: benchmark, environments and training kit for models that know when to ask."""

__version__ = "0.1.0"
