"""What an environment holds, as lines, tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mauve.terminal.secrets import without_passwords

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mauve.installer.holdings import Holding
    from mauve.operations.pip_latest import Latest
    from mauve.operations.pip_show import ShownPackage
    from mauve.standards.names import PackageName
    from mauve.terminal.style import Style


def render_freeze(holdings: Sequence[Holding], style: Style) -> str:
    """Return the lines of a list of requirements that asks for just what is there."""
    from mauve.installer.origin import describe_origin

    lines: list[str] = []
    for holding in holdings:
        name = style.bold(holding.installed.name)
        if holding.tree is not None:
            lines.append(f"-e {holding.tree}")
        elif holding.origin is None:
            lines.append(f"{name}=={holding.installed.version}")
        elif holding.editable_location is not None:
            lines.append(f"-e {holding.origin.url}")
        else:
            lines.append(f"{name} @ {without_passwords(describe_origin(holding.origin))}")
    # Of several folders, more than one may have the same.
    return "".join([f"{line}\n" for line in dict.fromkeys(lines)])


def render_versions(holdings: Sequence[Holding], style: Style) -> str:
    """Return a line for each of *holdings*, with its version wherever it came from."""
    lines = [f"{style.bold(holding.installed.name)}=={holding.installed.version}\n" for holding in holdings]
    return "".join(lines)


def render_columns(holdings: Sequence[Holding], latest: Mapping[PackageName, Latest] | None) -> str:
    """Return a table of *holdings*, with newer versions if they were looked up; nothing if it has no rows."""
    if not holdings:
        return ""
    columns = [
        ["Package", *[holding.installed.name for holding in holdings]],
        ["Version", *[str(holding.installed.version) for holding in holdings]],
    ]
    if latest is not None:
        found = [latest[holding.installed.name] for holding in holdings]
        columns += [["Latest", *[str(each.version) for each in found]], ["Type", *[each.kind for each in found]]]
    places = [holding.editable_location or "" for holding in holdings]
    if any(places):
        columns.append(["Editable project location", *places])
    widths = [max(map(len, column)) for column in columns]
    rows = [[column[place] for column in columns] for place in range(len(columns[0]))]
    rows.insert(1, ["-" * width for width in widths])
    lines = [" ".join([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]) for row in rows]
    return "".join([f"{line.rstrip()}\n" for line in lines])


def render_json(holdings: Sequence[Holding], latest: Mapping[PackageName, Latest] | None) -> str:
    """Return an array with an object for each of *holdings*."""
    import json

    rows: list[dict[str, str]] = []
    for holding in holdings:
        row = {"name": str(holding.installed.name), "version": str(holding.installed.version)}
        if latest is not None:
            newer = latest[holding.installed.name]
            row |= {"latest_version": str(newer.version), "latest_filetype": newer.kind}
        place = holding.editable_location
        if place is not None:
            row["editable_project_location"] = place
        rows.append(row)
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False) + "\n"


def render_package(shown: ShownPackage) -> str:
    """Return the fields of a package, a line each."""
    holding = shown.holding
    lines = [
        f"Name: {holding.installed.name}",
        f"Version: {holding.installed.version}",
        f"Location: {holding.location}",
    ]
    place = holding.editable_location
    if place is not None:
        lines.append(f"Editable project location: {place}")
    if shown.requires is not None:
        lines.append(f"Requires: {', '.join(shown.requires)}".rstrip())
        lines.append(f"Required-by: {', '.join(shown.required_by)}".rstrip())
    return "".join([f"{line}\n" for line in lines])
