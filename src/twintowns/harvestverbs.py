"""The verbs that read what others say: `twintowns harvest …` and `twintowns compare …`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twintowns.exceptions import printable
from twintowns.project import project_at
from twintowns.terminal import LANGUAGE as _LANGUAGE
from twintowns.terminal import PROJECT as _PROJECT
from twintowns.terminal import language_of as _language
from twintowns.terminal import progress as _progress
from twintowns.terminal import say as _say

if TYPE_CHECKING:
    from twintowns.comparing import Compared
    from twintowns.harvestfiles import Proposed
    from twintowns.tableharvest import TableHarvest
    from twintowns.tablematching import Remark

_SERVICE = "https://query.wikidata.org/sparql"


@click.group()
def harvest() -> None:
    """Bring facts in from where they already are.

    \b
    Example:
      twintowns harvest wikidata my-town --place Q503184
    """


@harvest.command()
@_PROJECT
@_LANGUAGE
@click.option("--endpoint", metavar="URL", help=f"SPARQL service with the data of Wikidata: {_SERVICE}.")
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Entity documents (Q….json, or a folder of them), or a truthy dump (.nt, .nt.gz, .nt.bz2).",
)
@click.option("--place", "places", multiple=True, metavar="Q…", help="Twinnings of this place.")
@click.option(
    "--country", "countries", multiple=True, metavar="Q…", help="Twinnings of the places in this country."
)
@click.option("--all", "is_all", is_flag=True, help="All twinnings.")
@click.option("--fresh", is_flag=True, help="Ask again for what was harvested before.")
@click.option("--bulk", is_flag=True, help="Propose one file, data/wikidata.nt, for all.")
@click.option("--write", "is_written", is_flag=True, help="Write without asking.")
def wikidata(project: Path, language: str | None, *, is_written: bool, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    """Propose files for the twinnings that Wikidata states; a curator's files stay as they are.

    \b
    Example:
      twintowns harvest wikidata my-town --endpoint https://query.wikidata.org/sparql --place Q503184
    """
    from twintowns.harvestfiles import Wanted, propose

    if not (options["endpoint"] or options["files"]):
        raise click.UsageError("name an --endpoint, or files with --from")  # noqa: EM101, TRY003
    if not (options["places"] or options["countries"] or options.pop("is_all")):
        raise click.UsageError("say what to harvest: --place, --country or --all")  # noqa: EM101, TRY003
    options.pop("is_all", None)
    found = project_at(project)
    with _progress(_language(language), "Harvesting") as progress:
        proposed = propose(found, Wanted(**options), dict(os.environ), progress)
    _tell(language, proposed)
    if proposed.to_write and (is_written or _is_agreed(language, len(proposed.to_write))):
        _say(language, "Files written: {count}.", count=len(proposed.written()))


@harvest.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_PROJECT
@_LANGUAGE
@click.option(
    "--columns", default="", metavar="ROLE=COLUMN,…", help="What columns hold: place=1,partner=Stad."
)
@click.option("--sheet", default="", help="Sheet of a workbook; else the first with anything in it.")
@click.option("--place", default="", metavar="Q…", help="Whose partners are listed, where no column says so.")
@click.option(
    "--names", multiple=True, type=click.Path(exists=True, path_type=Path), help="Names to match by."
)
@click.option(
    "--twinnings",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Twinnings known already.",
)
@click.option("--source", default="", metavar="NAME", help="How the table is named as a source.")
@click.option("--copy", type=click.Path(path_type=Path), help="Where the copy with matches goes.")
@click.option("--write", "is_written", is_flag=True, help="Write without asking.")
def table(file: Path, project: Path, language: str | None, *, is_written: bool, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    """Propose files for the twinnings of a table (.csv, .xlsx, .ods); doubtful names are left to you.

    \b
    Example:
      twintowns harvest table twins.csv my-town --names nodes.tsv
    """
    from twintowns.proposals import State, write
    from twintowns.tableharvest import TableOptions, harvest_table

    told = [part.partition("=") for part in options.pop("columns").split(",") if part.strip()]
    columns = {role.strip(): column.strip() for role, _, column in told}
    found = project_at(project)
    outcome = harvest_table(file, found, TableOptions(columns=columns, **options))
    _tell_table(language, outcome)
    count = sum(one.state in {State.NEW, State.RENEWED} for one in outcome.proposed)
    if count and (is_written or _is_agreed(language, count)):
        _say(language, "Files written: {count}.", count=len(write(found, outcome.proposed)))


@click.group()
def compare() -> None:
    """Compare what is said here with what others say.

    \b
    Example:
      twintowns compare wikidata my-town --from Q503184.json
    """


@compare.command("wikidata")
@_PROJECT
@_LANGUAGE
@click.option("--endpoint", metavar="URL", help=f"SPARQL service with the data of Wikidata: {_SERVICE}.")
@click.option(
    "--from",
    "files",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Entity documents (Q….json, or a folder of them), or a truthy dump (.nt, .nt.gz, .nt.bz2).",
)
@click.option(
    "--place",
    "places",
    multiple=True,
    metavar="Q…",
    help="Whose twinnings; else those of the places that the publisher serves.",
)
@click.option("--fresh", is_flag=True, help="Ask again for what was read before.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "turtle", "quickstatements"]),
    default="csv",
    show_default=True,
    help="Form of what is told.",
)
@click.option("--write", "is_written", is_flag=True, help="Write all forms into comparison/, for the site.")
def compare_wikidata(
    project: Path,
    language: str | None,
    form: str,
    *,
    is_written: bool,
    **options: Any,  # noqa: ANN401 - as click hands them on
) -> None:
    """Tell what is said here and not in Wikidata, there and not here, and otherwise; nothing is sent.

    \b
    Example:
      twintowns compare wikidata my-town --endpoint https://query.wikidata.org/sparql --write
    """
    from twintowns.comparing import compare as compared_with
    from twintowns.harvestfiles import Wanted

    if not (options["endpoint"] or options["files"]):
        raise click.UsageError("name an --endpoint, or files with --from")  # noqa: EM101, TRY003
    found = project_at(project)
    with _progress(_language(language), "Harvesting") as progress:
        compared = compared_with(found, Wanted(**options), dict(os.environ), progress)
    if is_written:
        for shown in compared.written():
            click.echo(printable(shown))
    else:
        click.echo(getattr(compared, form)(), nl=False)
    _tell_comparison(language, compared)


def _tell_comparison(language: str | None, compared: "Compared") -> None:
    """Tell how many twinnings differ."""
    counts = {kind.name.lower(): count for kind, count in compared.comparison.counts().items()}
    _say(
        language,
        "Twinnings only in Wikidata: {added}, only here: {lacking}; with another start: {start}, "
        "with another end: {end}; stated by one side only: {one_sided}.",
        **counts,
    )
    _say(
        language,
        "Twinnings that are the same: {same}; not compared, since nothing was read of them: {unread}.",
        same=compared.same,
        unread=compared.unread,
    )


def _tell_table(language: str | None, outcome: "TableHarvest") -> None:
    """Show what a table makes be proposed, and what is left for a person."""
    for one in (one for one in outcome.proposed if one.state.value != "same"):
        click.echo(f"{one.state.value:8}{printable(one.shown)}")
        click.echo(one.difference(outcome.copy.name) if one.before else "", nl=False)
    for remark in outcome.remarks:
        _say_remark(language, remark)
    _say(
        language,
        "Names matched: {matched}, for you to decide: {doubtful}, not known: {unknown}; see {copy}",
        matched=outcome.matched,
        doubtful=outcome.doubtful,
        unknown=outcome.unknown,
        copy=printable(str(outcome.copy)),
    )
    if not outcome.has_partners:
        _say(
            language,
            "No column lists partners, so no twinning is proposed: say whose partners they are with "
            "--place Q503184, or name the column with --columns partner=2.",
        )
    if outcome.doubtful or outcome.unknown:
        _say(
            language,
            "Write the item (such as Q503184), or none, in the column “decision” of {copy}, "
            "and harvest that file.",
            copy=printable(outcome.copy.name),
        )


def _say_remark(language: str | None, remark: "Remark") -> None:
    from twintowns.messages import translations

    gettext = translations(_language(language)).gettext
    told = gettext("Row {number}: “{text}”: {message}")
    message = gettext(remark.message).format_map({name: printable(v) for name, v in remark.values.items()})
    click.echo(
        told.format(number=remark.number, text=printable(remark.text), message=message),
        err=True,
    )


def _tell(language: str | None, proposed: "Proposed") -> None:
    """Show what is proposed: names of new files, and the difference where something is there."""
    for one in proposed.proposals:
        if one.state.value != "same":
            click.echo(f"{one.state.value:8}{printable(one.shown)}")
            click.echo(one.difference() if one.before else "", nl=False)
    counts = proposed.counts()
    _say(
        language,
        "Twinnings: {twinnings}, of places: {places}; stated by one side only: {one_sided}.",
        **counts,
    )
    _say(language, "Files that differ and stay as they are: {curated}.", **counts)


def _is_agreed(language: str | None, count: int) -> bool:
    """Ask whether to write, where somebody is there to answer."""
    from twintowns.messages import translations

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        _say(language, "Nothing was written; files that --write would write: {count}.", count=count)
        return False
    asked = (
        translations(_language(language)).gettext("Files to write: {count}. Write them?").format(count=count)
    )
    return click.confirm(asked, err=True)
