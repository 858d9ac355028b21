"""The press that prints a publication of town twinnings: from Turtle files to linked open data.

The repository of a publication is its dataset; this package checks it, derives what follows from it and
prints it as pages, Turtle, JSON-LD and N-Triples. `twintowns.cli` holds the verbs, `twintowns.site` the
build.
"""

__version__ = "0.1.0"
