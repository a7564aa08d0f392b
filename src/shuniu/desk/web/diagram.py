"""The state graph of a setup as a drawing: states under one another, each transition an arc in a lane of its own."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.desk.rules.setup import Setup

WIDTH, HEIGHT, GAP, LANE, MARGIN = 150, 34, 26, 13, 12


@dataclass(frozen=True, slots=True)
class Box:
    label: str
    tone: str
    x: int
    y: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def middle(self) -> int:
        return self.y + self.height // 2 + 5


@dataclass(frozen=True, slots=True)
class Arc:
    """The path of an arrow, and what it is called."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arcs: tuple[Arc, ...]


def draw(setup: Setup) -> Drawing:
    """Forward transitions to the right, those that lead back to the left; the next state straight below."""
    place = {stage.key: row for row, stage in enumerate(setup.states)}
    pairs = sorted(
        {
            (place[s], place[m.target], str(m.label))
            for m in setup.moves
            for s in m.source
            if {s, m.target} <= place.keys()
        },
        key=lambda pair: abs(pair[1] - pair[0]),
    )
    left = MARGIN + LANE * (1 + sum(1 for a, b, _label in pairs if b <= a))
    lanes, arcs = {"left": 0, "right": 0}, []
    for a, b, label in pairs:
        side = "left" if b <= a else "right"
        if b - a != 1:
            lanes[side] += 1
        arcs.append(Arc(_path(a, b, left, lanes[side]), label))
    width = left + WIDTH + LANE * (lanes["right"] + 1) + MARGIN
    boxes = tuple(Box(str(s.label), s.tone.value, left, _top(row)) for row, s in enumerate(setup.states))
    return Drawing(width, _top(len(setup.states)), boxes, tuple(arcs))


def _top(row: int) -> int:
    return MARGIN + row * (HEIGHT + GAP)


def _path(a: int, b: int, left: int, lane: int) -> str:
    if b - a == 1:
        x = left + WIDTH // 2
        return f"M{x} {_top(a) + HEIGHT} V{_top(b) - 2}"
    start, end = _top(a) + HEIGHT // 2, _top(b) + HEIGHT // 2
    if b > a:
        edge, x = left + WIDTH, left + WIDTH + LANE * lane
        return f"M{edge} {start + 5} H{x} V{end - 5} H{edge + 2}"
    x = left - LANE * lane
    return f"M{left} {start - 5} H{x} V{end + 5} H{left - 2}"
