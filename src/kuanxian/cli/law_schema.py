"""``kuanxian law schema``: the JSON Schema of a case file."""

from kuanxian.cli.law_options import print_json


def print_schema() -> None:
    """Print the JSON Schema (draft 2020-12) of a case file.

    Stated facts are those of the shipped rules, with their types and bounds. The reader refuses a
    little more than a schema can say; see the case file's page.

    \b
    Examples:
      kuanxian law schema > case.schema.json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.law.case_stated import stated_fields
    from kuanxian.law.facts import read_catalogue
    from kuanxian.law.load import SHIPPED
    from kuanxian.law.schema import case_schema
    from kuanxian.law.table import read_toml

    catalogue = read_catalogue(read_toml(SHIPPED / "facts.toml", "facts.toml"))
    print_json(case_schema(stated_fields(catalogue)))
