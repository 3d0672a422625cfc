"""``kuanxian law schema``: the JSON Schema of a case file."""

from kuanxian.cli.law_options import print_json


def print_schema() -> None:
    """Print the JSON Schema (draft 2020-12) of a case file.

    The reader refuses a little more than a schema can say; see the case file's page.

    \b
    Examples:
      kuanxian law schema > case.schema.json
    """  # noqa: D301 - the help page reads a real backspace
    from kuanxian.law.schema import case_schema

    print_json(case_schema())
