"""Charts: bars and columns as inline SVG, from whole numbers.

A chart is as wide as its place: lengths are percentages, text keeps its size, so it
reads on a phone and on paper. Colours come from the style sheet by class. A chart
never stands alone; the table below it holds the same figures.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from markupsafe import Markup, escape

_BAR_HEIGHT: Final = 50
_LONGEST_PER_MILLE: Final = 480
"""The longest bar; the rest of the width is for its value."""

_PLOT_HEIGHT: Final = 180
_PLOT_TOP: Final = 24
_AXIS_PER_MILLE: Final = 110
_RIGHT_PER_MILLE: Final = 25
"""Left free, so that the last label is not cut off."""
_STEPS: Final = (10, 20, 50, 100, 200, 250, 500, 1000)
"""Heights an axis may have, in thousandths."""


class Bar(NamedTuple):
    """One bar or column."""

    label: str
    note: str
    """Smaller, beside the label; may be empty."""
    size: int
    """What its length shows, 0 or more."""
    value: str
    """The same as people read it."""
    tone: int = 0
    """Colour class, 0 … 7: the later the worse."""


def draw_bars(name: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """Draw horizontal bars, one below the other, each with its value beside it.

    Args:
        name: An id for the chart, unique on the page.
        title: What it shows.
        description: The same in a sentence, for people who hear it.
        bars: From top to bottom.
    """
    longest = max((bar.size for bar in bars), default=0) or 1
    rows = []
    for place, bar in enumerate(bars):
        top = place * _BAR_HEIGHT
        length = bar.size * _LONGEST_PER_MILLE // longest
        label = Markup('<text class="label" x="0" y="{}">{} <tspan class="note">{}</tspan></text>')
        rows.append(label.format(top + 14, bar.label, bar.note))
        rows.append(
            Markup('<rect class="tone{}" x="0" y="{}" width="{}" height="18" rx="2"/>').format(
                bar.tone, top + 20, _percent(max(length, 3))
            )
        )
        rows.append(_text(_percent(length + 15), top + 34, "value", bar.value))
    return _svg(name, title, description, len(bars) * _BAR_HEIGHT, rows)


def draw_columns(name: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """Draw columns of thousandths over an axis in percent, labelled below.

    Args:
        name: An id for the chart, unique on the page.
        title: What it shows.
        description: The same in a sentence, for people who hear it.
        bars: From left to right; ``size`` in thousandths, 0 … 1000.
    """
    top = next((s for s in _STEPS if s >= max((bar.size for bar in bars), default=0)), 1000)
    rows = []
    for quarter in range(5):
        y = _PLOT_TOP + _PLOT_HEIGHT - _PLOT_HEIGHT * quarter // 4
        label = f"{top * quarter // 40}.{top * quarter // 4 % 10}%"
        line = Markup('<line class="grid" x1="{}" x2="100%" y1="{}" y2="{}"/>')
        rows.append(line.format(_percent(_AXIS_PER_MILLE), y, y))
        rows.append(_text(_percent(_AXIS_PER_MILLE - 15), y + 4, "note end", label))
    count = max(len(bars), 1)
    stride = -(-count // 5)  # five labels fit a phone
    for place, bar in enumerate(bars):
        room = (1000 - _AXIS_PER_MILLE - _RIGHT_PER_MILLE) * 10 // count
        left = _AXIS_PER_MILLE * 10 + room * place
        height = max(_PLOT_HEIGHT * bar.size // top, 1)
        rows.append(
            Markup(
                '<rect class="tone{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
            ).format(
                bar.tone,
                _fine_percent(left + room // 8),
                _PLOT_TOP + _PLOT_HEIGHT - height,
                _fine_percent(room * 3 // 4),
                height,
                f"{bar.label}: {bar.value}",
            )
        )
        if (count - 1 - place) % stride == 0:
            middle = _fine_percent(left + room // 2)
            rows.append(_text(middle, _PLOT_TOP + _PLOT_HEIGHT + 18, "note middle", bar.label))
    return _svg(name, title, description, _PLOT_TOP + _PLOT_HEIGHT + 28, rows)


def _svg(name: str, title: str, description: str, height: int, rows: list[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" role="img" width="100%" height="{height}" '
        'aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>'
        "{rows}</svg>"
    ).format(
        height=height,
        name=name,
        title=title,
        description=description,
        rows=Markup("").join(rows),
    )


def _text(x: str, y: int, kind: str, text: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, x, y, escape(text))


def _percent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}%"


def _fine_percent(ten_thousandths: int) -> str:
    return f"{ten_thousandths // 100}.{ten_thousandths % 100:02d}%"
