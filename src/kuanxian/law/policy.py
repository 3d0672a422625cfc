"""Policy: a firm's own figures and rules. They may only narrow what the law allows.

``rules/<country>/policy.toml`` declares the parameters, with bounds and the value that
applies where a firm says nothing. A firm's own file gives other values and may add rules:

::

    country = "cn"
    name = "house policy 2026"
    [parameters]
    report_min_days = 60
    [[rule]]                       # a whole rule, as in a rule file
    id = "cn.firm.no_sunday_calls"

That a policy narrows is proved (``prove.py``), not believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from kuanxian.base.errors import RuleFileError
from kuanxian.law.facts import Catalogue, FactSpec
from kuanxian.law.rule import Rule, Value
from kuanxian.law.rule_file import Setting, read_fact_value, read_rule
from kuanxian.law.table import Table
from kuanxian.law.tree import Kind, Literal

TYPES: Final = ("int", "bool", "enum")
_KEYS: Final = ("type", "unit", "min", "max", "values", "value", "zh", "en", "words")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure that a firm may set."""

    spec: FactSpec
    """Declared as ``policy.NAME``."""
    shipped: Value
    """What applies where the firm says nothing."""


class Beyond(NamedTuple):
    """A firm's figure outside the bounds of its parameter. It is refused, with a row."""

    name: str
    value: int
    """As the firm gives it; among the policy's values stands the nearest within the bounds."""
    error: RuleFileError


@dataclass(frozen=True, slots=True)
class Policy:
    """A firm's figures and rules, over the shipped ones."""

    name: str
    values: Mapping[str, Value]
    """Every parameter's value, by name without ``policy.``."""
    rules: tuple[Rule, ...] = ()
    """The firm's own."""
    beyond: tuple[Beyond, ...] = ()
    """Nothing is decided by a policy that has any."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """Where the firm's file gives each figure, by ``policy.NAME``."""

    def literals(self, parameters: Mapping[str, Parameter]) -> dict[str, Literal]:
        """Make what is put in the place of ``policy.NAME`` in a condition."""
        return {
            f"policy.{name}": _literal(value, parameters[name].spec)
            for name, value in self.values.items()
        }


def _literal(value: Value, spec: FactSpec) -> Literal:
    kinds = {"int": Kind.INT, "bool": Kind.BOOL, "enum": Kind.TEXT}
    assert value is not None
    return Literal(kinds[spec.type], value)


def read_parameters(table: Table) -> dict[str, Parameter]:
    """Read the parameters that a country's rules know, with the shipped values.

    Raises:
        RuleFileError: A declaration is incomplete, or its value outside its bounds.
    """
    table.check_keys(("parameter",))
    parts = table.table("parameter", optional=True)
    return {name: _read_parameter(name, one) for name, one in parts.children()}


def _read_parameter(name: str, table: Table) -> Parameter:
    table.check_keys(_KEYS)
    kind = table.one_of("type", TYPES)
    values = table.texts("values", () if kind != "enum" else None)
    spec = FactSpec(
        name=f"policy.{name}",
        type=kind,
        unit=table.text("unit", None if kind == "int" else ""),
        min=table.integer("min", None if kind == "int" else 0),
        max=table.integer("max", None if kind == "int" else 0),
        values=values,
        nullable=False,
        source="policy",
        changes="never",
        means={"zh": table.text("zh"), "en": table.text("en")},
    )
    return Parameter(spec, read_fact_value(table, "value", {"value": spec}))


def shipped_policy(parameters: Mapping[str, Parameter]) -> Policy:
    """Make the policy of a firm that says nothing."""
    return Policy("shipped", {name: one.shipped for name, one in parameters.items()})


def parameter_catalogue(parameters: Mapping[str, Parameter]) -> dict[str, FactSpec]:
    """Declare every parameter as a fact with a dotted name."""
    return {one.spec.name: one.spec for one in parameters.values()}


def read_policy(table: Table, parameters: Mapping[str, Parameter], setting: Setting) -> Policy:
    """Read a firm's policy file.

    Args:
        table: The file.
        parameters: What may be set.
        setting: What its rules may refer to.

    Raises:
        RuleFileError: A parameter is not known or no value of its type, or a rule is wrong.
            A figure out of its bounds is among ``beyond``.
    """
    table.check_keys(("country", "name", "parameters", "rule"))
    table.one_of("country", (setting.country.id,))
    given = table.table("parameters", optional=True)
    specs = Catalogue({name: one.spec for name, one in parameters.items()})
    given.check_keys(specs)
    values = {name: one.shipped for name, one in parameters.items()}
    beyond = []
    for name in given.data:
        try:
            values[name] = read_fact_value(given, name, specs)
        except RuleFileError as error:
            figure = given.data[name]
            if type(figure) is not int or specs[name].type != "int":
                raise
            values[name] = max(specs[name].min, min(specs[name].max, figure))
            beyond.append(Beyond(name, figure, error))
    rules = tuple(_read_own(one, setting) for one in table.tables("rule", optional=True))
    lines = {f"policy.{name}": given.line(name) for name in given.data}
    return Policy(table.text("name"), values, rules, tuple(beyond), lines)


def _read_own(table: Table, setting: Setting) -> Rule:
    rule_id = table.text("id")
    if not rule_id.startswith(f"{setting.country.id}.firm.") or rule_id.count(".") != 2:
        raise table.error(
            "id", "a firm's own rule is named apart from the shipped ones",
            f'Write id = "{setting.country.id}.firm.…".',
        )  # fmt: skip
    if table.text("authority", "") != "firm-policy":
        raise table.error(
            "authority", "a firm's own rule is no law", 'Write authority = "firm-policy".'
        )
    return read_rule(table, rule_id, setting)
