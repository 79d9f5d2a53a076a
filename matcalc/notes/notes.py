"""From a plan to a document: everything is derived and checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import MatcalcError, fail
from ..lang import Said, said
from ..render.document import Made, made
from ..render.parts import Chapter, Document, Figure
from .entries import Entry, Part, Plan, loaded
from .job import Job
from .kinds import KINDS
from .prose import context, paragraphs, sentence

ENDINGS = {".pdf": "latex", ".html": "html", ".tex": "latex", ".md": "markdown"}


@dataclass(frozen=True)
class Notes:
    """A document whose formulas are all derived and checked."""

    document: Document
    options: dict

    def __repr__(self) -> str:
        return f"<Notes: {self.document.title}>"

    def render(self, format: str = "html", **options) -> str:
        """As "html" (one file), "latex" or "markdown" (whose pictures are files: see `made`)."""
        return self.made(format, **options).text

    def made(self, format: str = "html", stem: str = "", **options) -> Made:
        """The text and the files of its pictures, whose names begin with `stem`.

        Raises MatcalcError: M501, M503, M520, and those of templates and pictures.
        """
        return made(self.document, format, stem, **{**self.options, **options})

    def pdf(self, **options) -> bytes:
        """As a PDF, made by pdflatex. Raises MatcalcError: M508, M509."""
        from ..render.pdf import compiled
        document = self.made("latex", **options)
        return compiled(document.text, document.files, runs=2)

    def save(self, path, **options) -> list[str]:
        """Write to a file that ends in .pdf, .html, .tex or .md, and its pictures beside it
        where they are files of their own; the names of all files.

        Raises MatcalcError: M549 (another ending), M504 (cannot be written).
        """
        path = Path(path)
        format = format_of(path)
        if path.suffix.lower() == ".pdf":
            files = {path: self.pdf(**options)}
        else:
            document = self.made(format, f"{path.stem}-", **options)
            files = {path: document.text.encode(), **{path.with_name(n): data for n, data in document.files.items()}}
        try:
            for name, data in files.items():
                name.write_bytes(data)
        except (OSError, ValueError):
            raise fail("M504", f"`{path}` cannot be written",
                       help="name a file in a folder that exists and may be written to") from None
        return [str(name) for name in files]


def format_of(path) -> str:
    """The format that the ending of a file's name asks for. Raises MatcalcError (M549)."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise fail("M549", f"notes cannot be written as `{path}`",
                   help=f"end the name of the file in {', '.join(list(ENDINGS)[:-1])} or {list(ENDINGS)[-1]}")
    return ENDINGS[ending]


def notes(source, progress=None) -> Notes:
    """The document that a TOML file describes (its path), or a dict with the same entries.

    progress   a function (done, total), called after every item

    Raises MatcalcError: M544 to M548, and what reading, deriving and checking the items
    raise, each with the section and the item where it happened.
    """
    plan = loaded(source)
    reports: list = []
    total = sum(len(s.items) for s in plan.sections)
    done = 0
    chapters = []
    for section in plan.sections:
        parts = list(_text(section.text, lambda s=section: _section_model(s, plan), section.place))
        for entry in section.items:
            parts += _item(entry, section, plan, reports)
            done += 1
            if progress is not None:
                progress(done, total)
        chapters.append(Chapter(section.title, tuple(parts)))
    return Notes(Document(plan.title, plan.author, tuple(chapters), _check(reports)), plan.options)


def _item(entry: Entry, section: Part, plan: Plan, reports: list) -> list:
    """What an item says and shows."""
    job = Job(entry.source, entry.options, plan.folder, entry.place, reports)
    with entry.place.said():
        def model():
            return _model(entry.names, job, section, plan)
        parts = list(_text(entry.text, model, entry.place))
        for part in KINDS[entry.show].make(job) if entry.show else ():
            if isinstance(part, Figure):
                part = replace(part, caption=sentence(entry.caption, model() if "$" in entry.caption else None, entry.place))
            parts.append(part)
    return parts


def _section_model(section: Part, plan: Plan):
    """What the formulas of a section's text are about: its own names, or its first source."""
    with section.place.said():
        if section.names:
            return context(section.names)
        source = section.source or next((i.source for i in section.items if _reads(i)), "")
        return Job(source, {}, plan.folder, section.place).model if source else None


def _model(names: str, job: Job, section: Part, plan: Plan):
    if names:
        return context(names)
    if job.source and not section.names:
        try:
            return job.model
        except MatcalcError:
            return None  # the item says so itself, or shows the message
    return _section_model(section, plan)


def _reads(entry: Entry) -> bool:
    return bool(entry.source) and entry.show not in ("message", "norms")


def _text(text: str, model, place) -> tuple:
    """The paragraphs; the model is only made where there is a formula."""
    return paragraphs(text, model() if "$" in text else None, place)


def _check(reports: list) -> tuple[Said, ...]:
    """What all checks found, a sentence each."""
    made = [(place, r) for place, r in reports if r is not None]
    agreed = [v for _, r in made if r.verdict == "agrees" for v in r.variables]
    out = []
    if agreed:
        worst = max(v.relative_error for v in agreed)
        error = f"{worst:.0e}"
        out.append(said("{n} derivatives of these notes, made when the notes were made, agree with central differences "
                        "at random points (largest relative error {error}).", n=len(agreed), error=error)
                   if len(agreed) > 1 else
                   said("One derivative of these notes, made when the notes were made, agrees with central differences "
                        "at random points (relative error {error}).", error=error))
    out += [said("Not so {place}: {found}.", place=place, found=r.line) for place, r in made if r.verdict != "agrees"]
    return tuple(out)
