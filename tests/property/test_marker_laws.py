"""Laws of markers, on random expressions over all variables.

Two kinds of expressions: `common` ones mean the same to everybody, and are held against `packaging`; the others have
every variable and operator too, also where readers differ.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker as PackagingMarker

from mauve.standards.markers.canonical import canonical_form
from mauve.standards.markers.diagram import FALSE, TRUE, Marker, plain_and, plain_or, restrict
from mauve.standards.markers.environment import MarkerEnvironment, evaluate
from mauve.standards.markers.extras import only_extras, split_by_extra, with_extras, without_extras
from mauve.standards.markers.order import sort_key
from mauve.standards.markers.parse import parse_marker
from mauve.standards.markers.python import complexify, python_bounds, simplify
from mauve.standards.markers.render import render
from mauve.standards.version_sets import between
from mauve.standards.versions import parse_version

PYTHONS = ["3.8", "3.9.7", "3.10", "3.11", "3.11.4", "3.12", "3.13.1"]
PLATFORMS = {
    "linux": ("posix", "Linux"),
    "darwin": ("posix", "Darwin"),
    "win32": ("nt", "Windows"),
    "freebsd14": ("posix", "FreeBSD"),
    "ios": ("posix", "iOS"),
}
STRINGS = {
    "os_name": ["nt", "posix", "java"],
    "sys_platform": list(PLATFORMS),
    "platform_system": [system for _, system in PLATFORMS.values()],
    "platform_machine": ["x86_64", "arm64"],
    "implementation_name": ["cpython", "pypy"],
}
EXTRAS = ["x", "y"]
RELEASES = ["5", "5.15.0-generic", "20", "23.1", "abc"]
UNCOMMON = {
    "platform_python_implementation": ["CPython", "PyPy"],
    "platform_version": ["1", "10.0", "abc"],
    "implementation_version": PYTHONS,
    "python_full_version": PYTHONS,
    "python_version": ["3.8", "3.9", "3.10", "3.11", "3.12"],
}
VERSIONS = {"implementation_version", "python_full_version", "python_version"}


@st.composite
def _clauses(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["string", "string", "version", "version", "family", "extra", "in", "contains"]))
    equal = draw(st.sampled_from(["==", "!="]))
    member = draw(st.sampled_from(["in", "not in"]))
    if kind == "extra":
        return f"extra {equal} '{draw(st.sampled_from(EXTRAS))}'"
    if kind == "version":
        name = draw(st.sampled_from(["python_full_version", "implementation_version"]))
        operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
        return f"{name} {operator} '{draw(st.sampled_from(PYTHONS))}'"
    if kind == "family":
        operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
        return f"python_version {operator} '{draw(st.sampled_from(['3.8', '3.9', '3.10', '3.11', '3.12']))}'"
    name = draw(st.sampled_from(list(STRINGS)))
    value, other = draw(st.sampled_from(STRINGS[name])), draw(st.sampled_from(STRINGS[name]))
    if kind == "in":
        return f"{name} {member} '{value} {other}'"
    if kind == "contains":
        return f"'{value[:3]}' {member} {name}"
    return f"{name} {equal} '{value}'"


@st.composite
def _uncommon(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(list(UNCOMMON)))
    value, other = draw(st.sampled_from(UNCOMMON[name])), draw(st.sampled_from(UNCOMMON[name]))
    operators = ["==", "!=", "<", "<=", ">", ">="]
    shapes = [
        f"{name} {draw(st.sampled_from(operators))} '{value}'",
        f"'{value}' {draw(st.sampled_from(operators))} {name}",
        f"{name} {draw(st.sampled_from(['in', 'not in']))} '{value} {other}'",
    ]
    if name in VERSIONS:
        shapes += [f"{name} ~= '{value}'", f"{name} {draw(st.sampled_from(['==', '!=']))} '{value}.*'"]
    return draw(st.sampled_from(shapes))


@st.composite
def _releases(draw: st.DrawFn) -> str:
    operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
    return f"platform_release {operator} '{draw(st.sampled_from(RELEASES))}'"


def _join(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(children, st.sampled_from(["and", "or"]), children).map(lambda part: f"({' '.join(part)})")


common_texts = st.recursive(_clauses(), _join, max_leaves=8)
texts = st.recursive(st.one_of(_clauses(), _uncommon()), _join, max_leaves=8)
markers = st.recursive(st.one_of(_clauses(), _uncommon(), _releases()), _join, max_leaves=8).map(parse_marker)
bounds = st.sampled_from([("3.8", None), ("3.9", "3.12"), ("3.10", None), ("3.11.4", "4")]).map(
    lambda ends: between(parse_version(ends[0]).key, parse_version(ends[1]).key if ends[1] else None)
)


@st.composite
def environments(draw: st.DrawFn) -> MarkerEnvironment:
    """An environment whose values fit each other."""
    python = draw(st.sampled_from(["3.8.0", "3.9.7", "3.10.2", "3.11.4", "3.12.0", "3.13.1"]))
    platform = draw(st.sampled_from(list(PLATFORMS)))
    os_name, system = PLATFORMS[platform]
    implementation = draw(st.sampled_from(["cpython", "pypy"]))
    return MarkerEnvironment(
        implementation_name=implementation,
        implementation_version=python,
        os_name=os_name,
        platform_machine=draw(st.sampled_from(["x86_64", "arm64", "riscv64"])),
        platform_python_implementation="CPython",
        platform_release=draw(st.sampled_from(["6.1", "20.6.0", "5.15.0-generic"])),
        platform_system=system,
        platform_version="1",
        python_full_version=python,
        python_version=".".join(python.split(".")[:2]),
        sys_platform=platform,
    )


extras = st.frozensets(st.sampled_from(EXTRAS), max_size=1)


@given(markers, markers, markers)
def test_plain_operations_are_a_boolean_algebra(first: Marker, second: Marker, third: Marker) -> None:
    """Commutative, associative, distributive, complemented, De Morgan: as identities of objects."""
    assert plain_and(first, second) is plain_and(second, first)
    assert plain_and(plain_and(first, second), third) is plain_and(first, plain_and(second, third))
    assert plain_and(first, plain_or(second, third)) is plain_or(plain_and(first, second), plain_and(first, third))
    assert plain_and(first, ~first) is FALSE
    assert plain_or(first, ~first) is TRUE
    assert ~plain_and(first, second) is plain_or(~first, ~second)
    assert plain_or(first, plain_and(first, second)) is first


@given(markers, markers)
def test_operators_know_no_less_than_plain_operations(first: Marker, second: Marker) -> None:
    """Both are equal wherever the platform is possible, and only impossible results become false."""
    assert canonical_form(first & second) is canonical_form(plain_and(first, second))
    assert canonical_form(first | second) is canonical_form(plain_or(first, second))
    assert first & second is second & first
    assert ~~first is first
    assert first & ~first is FALSE


@given(markers, markers)
def test_questions_agree_with_operations(first: Marker, second: Marker) -> None:
    """Disjointness and implication are about what is left."""
    assert first.is_disjoint(second) == (first & second).is_false
    assert first.implies(second) == first.is_disjoint(~second)
    assert (first & second).implies(first)


@given(markers, environments(), extras)
def test_operations_are_those_of_the_environments(
    marker: Marker, environment: MarkerEnvironment, active: frozenset[str]
) -> None:
    """A negation holds exactly where the marker does not; C(m) holds where m does."""
    holds = evaluate(marker, environment, active)
    assert evaluate(~marker, environment, active) is not holds
    assert evaluate(canonical_form(marker), environment, active) is holds


@given(markers, markers, environments(), extras)
def test_operators_hold_where_their_operands_do(
    first: Marker, second: Marker, environment: MarkerEnvironment, active: frozenset[str]
) -> None:
    """Evaluation is a homomorphism in every possible environment."""
    left, right = evaluate(first, environment, active), evaluate(second, environment, active)
    assert evaluate(first & second, environment, active) is (left and right)
    assert evaluate(first | second, environment, active) is (left or right)


@given(common_texts, environments(), st.sampled_from([*EXTRAS, ""]))
def test_evaluation_agrees_with_packaging(text: str, environment: MarkerEnvironment, extra: str) -> None:
    """On final releases of Python and platforms that exist the two readers mean the same."""
    values = {name: getattr(environment, name) for name in environment.__struct_fields__}
    expected = PackagingMarker(text).evaluate({**values, "extra": extra})
    assert evaluate(parse_marker(text), environment, frozenset({extra})) is expected


@given(texts)
def test_rendered_markers_are_read_as_the_same_condition(given: str) -> None:
    """Up to what cannot happen, and rendering again changes nothing; releases of macOS have no text of their own."""
    marker = parse_marker(given)
    text = render(marker)
    again = TRUE if text is None else parse_marker(text)
    assert canonical_form(again) is canonical_form(marker)
    assert render(again) == text


@given(markers, markers)
def test_restriction_is_exact_where_the_assumption_holds(value: Marker, assumption: Marker) -> None:
    """restrict(v, a) & a is v & a."""
    restricted = restrict(value, assumption)
    assert canonical_form(plain_and(restricted, assumption)) is canonical_form(plain_and(value, assumption))
    assert restrict(value, TRUE) is value


@given(markers, bounds)
def test_simplified_markers_are_restored_by_the_bounds(marker: Marker, within) -> None:
    """Simplifying loses only what requires-python says."""
    inside = complexify(TRUE, within)
    assert complexify(simplify(marker, within), within) is marker & inside
    assert simplify(marker & inside, within) is simplify(marker, within)


@given(markers)
def test_bounds_contain_every_python_of_the_marker(marker: Marker) -> None:
    """Nothing that can happen holds outside of the bounds."""
    assert canonical_form(plain_and(marker, ~complexify(TRUE, python_bounds(marker)))) is FALSE


@given(markers)
def test_parts_of_a_marker_follow_from_it(marker: Marker) -> None:
    """The parts without extras, and of extras only, are the weakest that the marker implies."""
    assert plain_and(marker, ~without_extras(marker)) is FALSE
    assert plain_and(marker, ~only_extras(marker)) is FALSE
    production, optional = split_by_extra(marker, "x")
    assert production.is_disjoint(optional)
    assert canonical_form(production | optional) is canonical_form(
        production | with_extras(marker, {"x": True, "y": False})
    )


@given(markers, markers)
def test_the_structural_order_is_total(first: Marker, second: Marker) -> None:
    """Different diagrams have different keys."""
    ours, theirs = sort_key(first), sort_key(second)
    assert (ours == theirs) is (first is second)
    assert (ours < theirs) is not (theirs < ours) or first is second
