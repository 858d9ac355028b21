"""Lets `python -m twintowns` do what `twintowns` does."""

from twintowns.cli import main

if __name__ == "__main__":  # pragma: no branch - nobody imports it
    main()
