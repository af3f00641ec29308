"""Edit a `pyproject.toml`: dependencies, sources, indexes, members and the version.

The text is changed in place, at the positions that `mauve.standards.toml_document` finds, so that comments,
quotes, order, line ends and a byte order mark outside of the edit cannot change. (A document model that is
written out again would reflow arrays and know only one kind of line end.)

Where a new table goes follows uv: behind the last table of its parent in the order of the tree.

Specification: docs/project.md "add", "remove"; docs/differences.md.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, structs

from mauve.errors import MauveError
from mauve.project.array_text import insert_element, remove_element, replace_element
from mauve.standards.names import ExtraName, GroupName, InvalidName, PackageName, normalise
from mauve.standards.requirements import InvalidRequirement, Requirement, parse_requirement, render_requirement
from mauve.standards.toml_document import Node, NodeKind, read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BOM: Final = "\ufeff"
_SPECIFIER_START: Final = "><=~!@"


class Production(Struct, frozen=True):
    """`project.dependencies`."""


class OptionalTable(Struct, frozen=True):
    """`project.optional-dependencies.<extra>`."""

    extra: ExtraName


class GroupTable(Struct, frozen=True):
    """`dependency-groups.<group>`."""

    group: GroupName


class Development(Struct, frozen=True):
    """`--dev`: the group `dev`, or the legacy list where that is in use."""


DependencyTable: TypeAlias = Production | OptionalTable | GroupTable | Development
ArrayPath: TypeAlias = tuple[str, ...]

_LEGACY: Final = ("tool", "uv", "dev-dependencies")
_DEV_GROUP: Final = GroupTable(GroupName("dev"))


class AmbiguousUpdate(MauveError):
    """Several entries could be meant."""

    def __init__(self, name: PackageName, entries: tuple[str, ...]) -> None:
        """Name the package and the entries."""
        super().__init__(name, entries)
        self.name = name
        self.entries = entries

    def __str__(self) -> str:
        """Return the message."""
        rows = "".join(f"\n- `{entry}`" for entry in self.entries)
        return f"Cannot perform ambiguous update; found multiple entries for `{self.name}`:{rows}"


class MalformedTable(MauveError):
    """A part of the file that has to be edited has the wrong shape."""

    def __init__(self, what: str) -> None:
        """Say which part."""
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        """Return the message."""
        return f"{self.what} in `pyproject.toml` are malformed"


class EditKind(Enum):
    """What happened to an entry."""

    ADDED = "added"
    UPDATED = "updated"


class ArrayEdit(Struct, frozen=True):
    """One entry that was written.

    Attributes:
        path: of the array, keys as they are spelled in the file.
        index: of the entry in the array at the time of the edit.
    """

    kind: EditKind
    path: ArrayPath
    index: int


class IndexDeclaration(Struct, frozen=True):
    """A `[[tool.uv.index]]` to be written; `url` without credentials."""

    url: str
    name: str | None = None
    default: bool = False


SourceFields: TypeAlias = "Mapping[str, str | bool]"
"""The keys of a source table, in the order in which they are written."""


class ProjectEditor:
    """The text of one `pyproject.toml` while it is edited. `_text` is the truth; everything else is derived."""

    __slots__ = ("_bom", "_document", "_newest_index_first", "_newline", "_text")

    def __init__(self, text: str) -> None:
        """Take the text of the file."""
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._text = text.removeprefix(_BOM)
        first = self._text.find("\n")
        self._newline = "\r\n" if first > 0 and self._text[first - 1] == "\r" else "\n"
        self._document: Node | None = None
        self._newest_index_first = False

    @property
    def text(self) -> str:
        """Return the text as it is to be written."""
        return self._bom + self._text

    # --- dependencies

    def add_dependency(
        self, table: DependencyTable, requirement: Requirement, source: SourceFields | None = None, *, raw: bool = False
    ) -> ArrayEdit:
        """Write *requirement* into *table*: into the entry of the same name and marker, or as a new one.

        Args:
            table: where; created if it is missing.
            requirement: with its URL, if it has one and no *source* replaces it.
            source: for `[tool.uv.sources]`.
            raw: the requirement is written with its URL even if there is a source.

        Raises:
            AmbiguousUpdate: several entries have this name and marker.
        """
        written = requirement if source is None or raw else structs.replace(requirement, url=None)
        path = self._path_to_add(table, requirement.name)
        array = self._array(path)
        if array is None:
            array = self._create_array(path)
        found = [
            (index, old)
            for index, old in self._requirements(array)
            if old.name == written.name and old.marker is written.marker
        ]
        if len(found) > 1:
            entries = tuple(str(array.items[index].value) for index, _ in found)
            raise AmbiguousUpdate(written.name, entries)
        if found:
            index, old = found[0]
            merged = _merge(old, written, has_source=source is not None)
            self._set(replace_element(self._text, array, index, _quote(render_requirement(merged))))
            edit = ArrayEdit(EditKind.UPDATED, path, index)
        else:
            text = render_requirement(written)
            index = _place_of(array, text)
            self._set(insert_element(self._text, array, index, _quote(text), self._newline))
            edit = ArrayEdit(EditKind.ADDED, path, index)
        if source is not None:
            self.set_source(requirement.name, source)
        return edit

    def requirement_at(self, edit: ArrayEdit) -> Requirement:
        """Return the entry that *edit* wrote, as it is now."""
        array = self._array(edit.path)
        if array is None:
            raise LookupError(edit.path)
        return parse_requirement(str(array.items[edit.index].value))

    def replace_requirement(self, edit: ArrayEdit, requirement: Requirement) -> None:
        """Write *requirement* in the place of the entry that *edit* wrote."""
        array = self._array(edit.path)
        if array is not None:
            self._set(replace_element(self._text, array, edit.index, _quote(render_requirement(requirement))))

    def remove_dependency(self, table: DependencyTable, name: PackageName) -> tuple[Requirement, ...]:
        """Remove every entry of *name* from *table*, and its source if nothing needs that any more."""
        paths = [_LEGACY, self._spelled(_DEV_GROUP)] if isinstance(table, Development) else [self._spelled(table)]
        removed: list[Requirement] = []
        for path in paths:
            array = self._array(path)
            if array is None:
                continue
            for index, old in reversed(self._requirements(array)):
                if old.name == name:
                    array = self._array(path) or array
                    self._set(remove_element(self._text, array, index))
                    removed.insert(0, old)
        if removed and not self.tables_with(name):
            self.remove_source(name)
        return tuple(removed)

    def tables_with(self, name: PackageName) -> list[DependencyTable]:
        """Return the tables that have an entry of *name*: production, legacy, extras, groups."""
        found: list[DependencyTable] = []
        candidates: list[tuple[DependencyTable, ArrayPath]] = [
            (Production(), ("project", "dependencies")),
            (Development(), _LEGACY),
        ]
        optional = ("project", "optional-dependencies")
        candidates += [(OptionalTable(ExtraName(_normal(key))), (*optional, key)) for key in self._keys(optional)]
        groups = ("dependency-groups",)
        candidates += [(GroupTable(GroupName(_normal(key))), (*groups, key)) for key in self._keys(groups)]
        for table, path in candidates:
            array = self._array(path)
            if array is not None and any(old.name == name for _, old in self._requirements(array)):
                found.append(table)
        return found

    def _path_to_add(self, table: DependencyTable, name: PackageName) -> ArrayPath:
        if not isinstance(table, Development):
            return self._spelled(table)
        legacy = self._array(_LEGACY)
        group = self._spelled(_DEV_GROUP)
        if legacy is None:
            return group
        if any(old.name == name for _, old in self._requirements(legacy)):
            return _LEGACY
        return _LEGACY if self._array(group) is None else group

    def _spelled(self, table: DependencyTable) -> ArrayPath:
        """Return the path of *table*, with the spelling of the name that the file has."""
        match table:
            case Production():
                return ("project", "dependencies")
            case OptionalTable(extra):
                return self._spelled_key(("project", "optional-dependencies"), extra)
            case GroupTable(group):
                return self._spelled_key(("dependency-groups",), group)
            case Development():
                return self._spelled(_DEV_GROUP)

    def _spelled_key(self, parent: ArrayPath, name: str) -> ArrayPath:
        for key in self._keys(parent):
            if _normal(key) == name:
                return (*parent, key)
        return (*parent, name)

    @staticmethod
    def _requirements(array: Node) -> list[tuple[int, Requirement]]:
        """Return the entries of *array* that are requirements; others are passed over."""
        found: list[tuple[int, Requirement]] = []
        for index, item in enumerate(array.items):
            if isinstance(item.value, str):
                try:
                    found.append((index, parse_requirement(item.value)))
                except InvalidRequirement:
                    continue
        return found

    # --- other tables

    def set_version(self, version: str) -> None:
        """Write `project.version`."""
        node = self._node(("project", "version"))
        if node is None:
            self._add_key(("project",), "version", _quote(version))
        else:
            self._splice(node.start, node.end, _quote(version))

    def set_source(self, name: PackageName, source: SourceFields) -> None:
        """Write the entry of *name* in `[tool.uv.sources]`; the same spelling stays where it is."""
        value = _inline_table(source)
        parent = ("tool", "uv", "sources")
        node = self._node((*parent, name))
        if node is not None and node.closed:
            self._splice(node.start, node.end, value)
            return
        self.remove_source(name, keep_table=True)
        if self._node(parent) is None:
            self._create_table(parent)
        self._add_key(parent, name, value)

    def remove_source(self, name: PackageName, *, keep_table: bool = False) -> None:
        """Remove the entry of *name*, and the table when it is empty then."""
        parent = ("tool", "uv", "sources")
        table = self._node(parent)
        if table is None:
            return
        if table.kind is NodeKind.TABLE and table.closed:
            raise MalformedTable("Sources")
        for key in list(table.table):
            if _normal(key) == name:
                self._remove_key((*parent, key))
        table = self._node(parent)
        if table is not None and not table.table and not keep_table:
            self._remove_table(table)

    @property
    def has_indexes(self) -> bool:
        """Return whether there is a `[[tool.uv.index]]`."""
        return self._node(("tool", "uv", "index")) is not None

    def add_index(self, index: IndexDeclaration) -> None:
        """Write *index* as the first `[[tool.uv.index]]`; one of the same name or URL moves there."""
        path = ("tool", "uv", "index")
        array = self._node(path)
        body: list[str] = []
        if array is not None:
            kept = next((item for item in array.items if _is_same_index(item, index)), None)
            if kept is not None:
                body = self._updated_index(kept, index)
                if kept is array.items[0] and sum(_is_same_index(item, index) for item in array.items) == 1:
                    start = self._line_end(kept.end)
                    lines = self._newline.join(body) + self._newline
                    self._splice(start, self._line_end(self._body_end(kept)), lines)
                    return
            first = array.items[0].start
            place = self._end_of_previous(first)
            for item in reversed([item for item in array.items if _is_same_index(item, index)]):
                self._remove_table(item)
        else:
            place = self._index_position()
        if not body:
            body = [f"url = {_quote(index.url)}"]
            if index.name is not None:
                body.insert(0, f"name = {_quote(index.name)}")
            if index.default:
                body.append("default = true")
        self._insert_table(place, "[[tool.uv.index]]", body)
        self._newest_index_first = True

    def _updated_index(self, item: Node, index: IndexDeclaration) -> list[str]:
        """Return the lines of *item* with the name and default of *index*."""
        start = self._line_end(item.end)
        lines = self._text[start : self._line_end(self._body_end(item))].splitlines()
        wanted = [("name", None if index.name is None else _quote(index.name)), ("url", _quote(index.url))]
        wanted.append(("default", "true" if index.default else None))
        for key, value in wanted:
            node = item.table.get(key)
            if value is None or (node is not None and key == "url" and _same_url(str(node.value), index.url)):
                continue
            if node is None:
                lines.append(f"{key} = {value}")
            elif self._text[node.start : node.end] != value:
                line = self._text.count("\n", start, node.start)
                lines[line] = lines[line].replace(self._text[node.start : node.end], value)
        return lines

    def _index_position(self) -> int:
        """Return where the first index goes: behind as many headers as the document has top-level keys."""
        document = self._read()
        headers = sorted(document_headers(document, self._text), key=lambda node: node.start)
        if not headers:
            return self._line_end(self._body_end(document))
        place = min(len(document.table), len(headers)) - 1
        return self._line_end(self._body_end(headers[max(place, 0)]))

    def add_workspace_member(self, path: str) -> None:
        """Add the folder *path* (relative to the root, with `/`) to the members of the workspace."""
        members = ("tool", "uv", "workspace", "members")
        array = self._array(members)
        if array is None:
            array = self._create_array(members)
        self._set(insert_element(self._text, array, len(array.items), _quote(path), self._newline))

    # --- text

    def _read(self) -> Node:
        if self._document is None:
            self._document = read_document(self._text)
        return self._document

    def _set(self, text: str) -> None:
        self._text = text
        self._document = None

    def _splice(self, start: int, end: int, replacement: str) -> None:
        self._set(self._text[:start] + replacement + self._text[end:])

    def _node(self, path: ArrayPath) -> Node | None:
        node = self._read()
        for key in path:
            child = node.table.get(key)
            if child is None:
                return None
            node = child
        return node

    def _array(self, path: ArrayPath) -> Node | None:
        node = self._node(path)
        if node is not None and node.kind is not NodeKind.ARRAY:
            raise MalformedTable("Dependencies")
        return node

    def _keys(self, path: ArrayPath) -> list[str]:
        node = self._node(path)
        return [] if node is None else list(node.table)

    def _line_end(self, place: int) -> int:
        """Return where the line behind that of *place* begins."""
        end = self._text.find("\n", place)
        return len(self._text) if end < 0 else end + 1

    def _end_of_previous(self, start: int) -> int:
        """Return the end of the last table before the header at *start*."""
        document = self._read()
        place = self._line_end(self._body_end(document)) if document.table else 0
        before = [node for node in document_headers(document, self._text) if node.start < start]
        if before:
            place = self._line_end(self._body_end(max(before, key=lambda node: node.start)))
        elif not self._body_end(document):
            place = 0
        return place

    def _body_end(self, table: Node) -> int:
        """Return the end of the last value that stands in the body of *table* itself."""
        end = table.end
        for child in table.table.values():
            if child.closed:
                end = max(end, child.end)
            elif child.kind is NodeKind.TABLE and not _is_header(child, self._text):
                end = max(end, self._body_end(child) if child.table else 0)
        return end

    def _create_array(self, path: ArrayPath) -> Node:
        parent = path[:-1]
        if self._node(parent) is None:
            self._create_table(parent)
        self._add_key(parent, path[-1], "[]", sort=parent == ("dependency-groups",))
        array = self._array(path)
        if array is None:
            raise LookupError(path)
        return array

    def _create_table(self, path: ArrayPath) -> None:
        """Add the header of *path*, where uv would put it."""
        parent = self._read()
        for key in path[:-1]:
            child = parent.table.get(key)
            if child is None:
                break
            parent = child
        before = self._last_before_child(parent)
        root_end = self._body_end(self._read())
        if before is not None:
            place = self._line_end(self._body_end(before))
        else:
            place = self._line_end(root_end) if root_end else 0
        self._insert_table(place, f"[{'.'.join(_key(part) for part in path)}]", [])

    def _last_before_child(self, parent: Node) -> Node | None:
        """Return the header that comes last, in the order of the tree, before a new child of *parent*."""
        last: Node | None = None
        for node in self._in_tree_order(self._read(), parent):
            last = node
        return last

    def _in_tree_order(self, node: Node, until: Node) -> Iterator[Node]:
        """Yield the tables with headers, parents first, children in order of first mention, to the end of *until*."""
        for is_end, found in self._visit(node):
            if not is_end and _is_header(found, self._text):
                yield found
            if is_end and found is until:
                return

    def _visit(self, node: Node) -> Iterator[tuple[bool, Node]]:
        yield False, node
        for key, child in node.table.items():
            if child.closed:
                continue
            items = [child] if child.kind is NodeKind.TABLE else child.items
            if key == "index" and self._newest_index_first:
                items = [*items[1:], items[0]]
            for item in items:
                yield from self._visit(item)
        yield True, node

    def _insert_table(self, place: int, header: str, lines: list[str]) -> None:
        newline = self._newline
        before = self._text[:place]
        if before and not before.endswith("\n"):
            before += newline
        gap = newline if before.strip() else ""
        block = newline.join([header, *lines]) + newline
        self._set(f"{before}{gap}{block}{self._text[place:]}")

    def _add_key(self, path: ArrayPath, key: str, value: str, *, sort: bool = False) -> None:
        """Add `key = value` to the table at *path*: at its end, or in order if its keys are sorted."""
        table = self._node(path)
        if table is None:
            raise LookupError(path)
        if table.closed:
            self._add_inline_key(table, key, value)
            return
        prefix = ""
        if path and not _is_header(table, self._text):
            # The table exists only through dotted keys.
            prefix = ".".join(_key(part) for part in path) + "."
        entry = f"{prefix}{_key(key)} = {value}{self._newline}"
        keys = list(table.table)
        place = self._line_end(self._body_end(table))
        if sort and keys and keys == sorted(keys):
            smaller = [table.table[name] for name in keys if name < key]
            if len(smaller) < len(keys):
                place = self._line_end(max((node.end for node in smaller), default=table.end))
        before = self._text[:place]
        if before and not before.endswith("\n"):
            before += self._newline
        self._set(before + entry + self._text[place:])

    def _add_inline_key(self, table: Node, key: str, value: str) -> None:
        inner = self._text[table.start + 1 : table.end - 1]
        if table.table:
            end = max(child.end for child in table.table.values())
            self._splice(end, end, f", {_key(key)} = {value}")
        elif not inner.strip():
            self._splice(table.start, table.end, f"{{ {_key(key)} = {value} }}")

    def _remove_key(self, path: ArrayPath) -> None:
        """Remove the line of a key, or the table with this name."""
        node = self._node(path)
        if node is None:
            return
        if _is_header(node, self._text) and not node.closed:
            self._remove_table(node)
            return
        parent = self._node(path[:-1])
        start = node.start if parent is None else parent.keys[path[-1]][0]
        end = self._body_end(node) if not node.closed else node.end
        line = self._text.rfind("\n", 0, start) + 1
        self._splice(line, self._line_end(end), "")

    def _remove_table(self, table: Node) -> None:
        """Remove a header, its body, and the blank lines and comments before it."""
        start = self._end_of_previous(table.start)
        self._splice(start, self._line_end(self._body_end(table)), "")


def document_headers(node: Node, text: str) -> list[Node]:
    """Return every table below *node* that has a header of its own."""
    found: list[Node] = []
    for child in node.table.values():
        if child.closed:
            continue
        if child.kind is NodeKind.ARRAY:
            for item in child.items:
                found += [item, *document_headers(item, text)]
        else:
            found += [child] if _is_header(child, text) else []
            found += document_headers(child, text)
    return found


def _is_header(node: Node, text: str) -> bool:
    return node.kind is NodeKind.TABLE and not node.closed and text.startswith("[", node.start)


def _merge(old: Requirement, new: Requirement, *, has_source: bool) -> Requirement:
    """Return *old* with what *new* says; its URL goes when a source takes its place."""
    extras = tuple(sorted({*old.extras, *new.extras}))
    merged = structs.replace(old, extras=extras, url=None if has_source else old.url)
    if new.url is not None:
        return structs.replace(merged, url=new.url, specifiers=new.specifiers)
    if not new.specifiers.is_empty:
        return structs.replace(merged, url=None, specifiers=new.specifiers)
    return merged


def _place_of(array: Node, text: str) -> int:
    """Return where *text* belongs in *array*: in order if the entries are sorted, else behind the last one."""
    entries = [(index, item.value) for index, item in enumerate(array.items) if isinstance(item.value, str)]
    texts = [value for _, value in entries]
    lower = [value.lower() for value in texts]
    orders: list[tuple[list[tuple[str, str]], tuple[str, str]]] = [
        ([_split(value) for value in lower], _split(text.lower())),
        ([_split(value) for value in texts], _split(text)),
        ([(value, "") for value in lower], (text.lower(), "")),
        ([(value, "") for value in texts], (text, "")),
    ]
    for keys, key in orders:
        if keys == sorted(keys):
            for (index, _), known in zip(entries, keys, strict=True):
                if known > key:
                    return index
            break
    return entries[-1][0] + 1 if entries else len(array.items)


def _split(text: str) -> tuple[str, str]:
    """Return the name with extras, and what follows the first character of the specifiers."""
    for place, character in enumerate(text):
        if character in _SPECIFIER_START:
            return text[:place].strip(), text[place + 1 :].strip()
    return text.strip(), ""


def _normal(key: str) -> str:
    try:
        return normalise(key)
    except InvalidName:
        return key


def _is_same_index(item: Node, index: IndexDeclaration) -> bool:
    name, url, default = (item.table.get(key) for key in ("name", "url", "default"))
    if index.name is not None and name is not None and name.value == index.name:
        return True
    if index.default and default is not None and default.value is True:
        return True
    return url is not None and _same_url(str(url.value), index.url)


def _same_url(first: str, second: str) -> bool:
    return first.rstrip("/") == second.rstrip("/")


def _quote(text: str) -> str:
    if '"' in text and "'" not in text and "\\" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _key(text: str) -> str:
    bare = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if bare else _quote(text)


def _inline_table(fields: SourceFields) -> str:
    pairs = [
        f"{_key(key)} = {_quote(value) if isinstance(value, str) else str(value).lower()}"
        for key, value in fields.items()
    ]
    return f"{{ {', '.join(pairs)} }}"
