"""The command line: one function a verb, which parses, calls, prints and exits.

Results go to standard output, everything else to standard error. Exit status: 0 done, and the data
conforms; 1 the data does not conform; 2 wrong usage; 3 it could not be done.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twintowns import __version__
from twintowns.exceptions import TwinTownsError, printable
from twintowns.harvestverbs import compare, harvest
from twintowns.project import Project, project_at
from twintowns.terminal import LANGUAGE as _LANGUAGE
from twintowns.terminal import PROJECT as _PROJECT
from twintowns.terminal import ended_as_interrupted as _ended_as_interrupted
from twintowns.terminal import fail as _fail
from twintowns.terminal import here as _here
from twintowns.terminal import language_of as _language
from twintowns.terminal import progress as _progress
from twintowns.terminal import say as _say

if TYPE_CHECKING:
    from twintowns.clients import Network
    from twintowns.site import BuildOutcome

NOT_CONFORMING = 1


class _Verbs(click.Group):
    """The verbs; what goes wrong in any of them is told on standard error."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb that was asked for."""
        try:
            return super().invoke(ctx)
        except TwinTownsError as error:
            from twintowns.messages import translations

            told = translations(_language(ctx.obj))
            _fail(f"{told.gettext('Error')}: {error.told(told.gettext, _here())}")
        except KeyboardInterrupt:
            from twintowns.messages import translations

            _fail(translations(_language(ctx.obj)).gettext("Interrupted; what was published is unharmed."))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="twintowns")
def main() -> None:
    """Publish town twinnings as linked open data.

    \b
    Example:
      twintowns init my-town && twintowns build my-town
    """


main.add_command(harvest)
main.add_command(compare)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--space", default="https://example.org/town/", metavar="IRI", help="IRI space of the publication."
)
def init(folder: Path, space: str) -> None:
    """Make a new project that builds, to be changed into yours.

    \b
    Example:
      twintowns init my-town --space https://data.my-town.example/
    """
    from twintowns.starting import start

    for path in start(folder, space):
        click.echo(printable(str(path)))


@main.command()
@_PROJECT
@_LANGUAGE
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "turtle", "json", "github"]),
    default="text",
    show_default=True,
    help="Form of the report.",
)
@click.option("--all", "whole", is_flag=True, help="Tell each finding, also where many are alike.")
def validate(project: Path, language: str | None, form: str, *, whole: bool) -> None:
    """Check the data against the shapes, and tell what its languages lack.

    \b
    Example:
      twintowns validate my-town --language sv
    """
    from twintowns.printing import read_sources

    sources = read_sources(project_at(project))
    report = sources.validated()
    if form in {"text", "github"}:
        told = "told" if form == "text" else "workflow_command"
        for lack in sources.lacks():
            click.echo(getattr(lack, told)(_language(language)))
    writer = sources.reports(_language(language))
    told = writer.text(report, whole=whole) if form == "text" else getattr(writer, form)(report)
    click.echo(told, nl=False)
    sys.exit(0 if report.conforms else NOT_CONFORMING)


@main.command("format")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Change nothing; name the files that are not canonical.")
def format_(paths: tuple[Path, ...], *, check: bool) -> None:
    """Put Turtle files into canonical form: one triple a line, in one order.

    PATHS are files, project folders, or - for standard input; without any, the project here.

    \b
    Example:
      twintowns format --check
    """
    from twintowns.formatting import format_paths, format_text

    if paths == (Path("-"),):
        click.echo(format_text(sys.stdin.buffer.read()), nl=False)
        return
    changed = format_paths(paths or (Path(),), write=not check)
    for path in changed:
        click.echo(printable(str(path)))
    if check and changed:
        _say(None, "These files are not in canonical form; `twintowns format` mends them.")
    sys.exit(NOT_CONFORMING if check and changed else 0)


@main.command()
@_PROJECT
@_LANGUAGE
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Where the site goes; else PROJECT/build."
)
@click.option(
    "--processes", type=click.IntRange(1), help="How many processes print; else as many as there are cores."
)
@click.option(
    "--scheduler", default="", metavar="ADDRESS", help="Dask scheduler whose workers print: tcp://host:8786."
)
@click.option("--vocabulary", is_flag=True, help="Print the ontology, schemes and shapes alone; needs --out.")
def build(project: Path, *, vocabulary: bool, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    """Check the data and print the site.

    \b
    Example:
      twintowns build my-town --out public
    """
    from twintowns.site import BuildOptions
    from twintowns.site import build as build_site

    language, out = options["language"], options["out"]
    if vocabulary and out is None:
        raise click.UsageError("--vocabulary needs --out: a folder of its own")  # noqa: EM101, TRY003
    found = Project(project, has_data=False) if vocabulary else project_at(project)
    target = out or found.root / "build"
    with _progress(_language(language), "Printing") as progress:
        outcome = build_site(
            found, BuildOptions(target, options["processes"], progress, options["scheduler"])
        )
    _tell_outcome(found, language, outcome)


@main.command()
@_PROJECT
@_LANGUAGE
@click.option("--graph-store", required=True, metavar="URL", help="Where the store takes graphs.")
@click.option("--update", default="", metavar="URL", help="Where it takes updates, to switch in one request.")
@click.option("--query", default="", metavar="URL", help="Where it answers queries; else the usual place.")
@click.option(
    "--site", type=click.Path(file_okay=False, path_type=Path), help="The built site; else PROJECT/build."
)
def publish(project: Path, language: str | None, site: Path | None, **addresses: str) -> None:
    """Load the built site into a triple store, the whole of it or nothing.

    Who asks stands in the environment: TWINTOWNS_USER and TWINTOWNS_PASSWORD, or TWINTOWNS_TOKEN.

    \b
    Example:
      twintowns publish my-town --graph-store http://localhost:7878/store
    """
    from twintowns.credentials import credentials_from
    from twintowns.graphstore import Addresses, GraphStore
    from twintowns.publishing import publish as publish_site

    store = GraphStore(Addresses(**addresses), credentials_from(os.environ))
    with _ended_as_interrupted(), _progress(_language(language), "Publishing") as progress:
        outcome = publish_site(site or project / "build", store, progress)
    _say(language, "Published {triples} triples in {graphs} graphs.", **vars(outcome))


def _network(text: str) -> "Network":
    """Return a network, or that of a single address."""
    from ipaddress import ip_network

    return ip_network(text, strict=False)


@main.command()
@_PROJECT
@_LANGUAGE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 for a free one."
)
@click.option("--root-path", default="", metavar="PATH", help="Path under which the site is reached: /twins.")
@click.option("--processes", type=click.IntRange(1), default=1, show_default=True, help="How many answer.")
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    multiple=True,
    metavar="ADDRESS",
    type=_network,
    help="Address or network of a proxy that is believed when it names who asks (X-Forwarded-For).",
)
@click.option("--endpoint", default="", metavar="URL", help="SPARQL service to ask; else a store of our own.")
@click.option("--quiet", is_flag=True, help="Write no log of requests.")
def serve(project: Path, *, language: str | None, quiet: bool, **options: Any) -> None:  # noqa: ANN401 - as click hands them on
    """Serve the site that was built; the log of requests goes to standard output.

    Who asks another --endpoint stands in the environment, as for `publish`.

    \b
    Example:
      twintowns serve my-town --port 8080
    """
    from functools import partial

    from twintowns.messages import use
    from twintowns.proxying import service_at
    from twintowns.querying import query_service
    from twintowns.serving import Service
    from twintowns.serving import serve as serve_site

    folder, root_path = project.absolute() / "build", f"/{options.pop('root_path').strip('/')}".rstrip("/")
    use(project.absolute() / "messages")
    other = service_at(options.pop("endpoint"), os.environ)
    further = partial(query_service, folder, root_path, other)
    log = None if quiet else _write
    service = Service(folder, root_path=root_path, log=log, extensions=further, **options)
    serve_site(service, lambda address: _say(language, "Serving {address}", address=address))


@main.command()
@click.argument("server", type=click.Choice(["nginx", "apache", "caddy", "w3id"]))
@_PROJECT
@_LANGUAGE
@click.option("--root-path", default="", metavar="PATH", help="Path under which the site is reached: /twins.")
@click.option("--listen", default="80", show_default=True, metavar="[HOST:]PORT", help="Where it listens.")
@click.option("--to", default="", metavar="URL", help="Where w3id.org is to lead: https://data.example.org/.")
def hosting(server: str, project: Path, language: str | None, **options: str) -> None:
    """Print the configuration of a web server for the site that was built.

    \b
    Example:
      twintowns hosting nginx my-town > /etc/nginx/conf.d/my-town.conf
    """
    from twintowns.hosting import configuration
    from twintowns.messages import use
    from twintowns.serverwords import Place

    _ = language
    use(project.absolute() / "messages")
    options["root_path"] = f"/{options['root_path'].strip('/')}".rstrip("/")
    click.echo(configuration(server, project.absolute() / "build", Place(**options)), nl=False)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Example:
      source <(twintowns completion bash)
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - the choice above holds only what click knows
    click.echo(made(main, {}, "twintowns", "_TWINTOWNS_COMPLETE").source())


def _tell_outcome(project: Project, language: str | None, outcome: "BuildOutcome") -> None:
    """Tell what a build did, on standard error: all findings, or their sum where nothing is grave."""
    from twintowns.catalogue import read_publication
    from twintowns.reports import ReportWriter

    report = outcome.report
    if report is None:
        _say(language, "Nothing has changed.")
        return
    writer = ReportWriter(project, read_publication(project).names, _language(language))
    click.echo(writer.summary(report) if report.conforms else writer.text(report).rstrip("\n"), err=True)
    if not report.conforms:
        sys.exit(NOT_CONFORMING)
    if report.results:
        _say(language, "`twintowns validate` shows them.")
    _say(language, "Printed {printed} documents, kept {kept}.", printed=outcome.printed, kept=outcome.kept)


def _write(lines: str) -> None:
    """Write lines of the log; a reader who is gone is no reason to stop."""
    with suppress(OSError):
        sys.stdout.write(lines)
        sys.stdout.flush()
