"""A chart with two logarithmic axes: lines, of which a sample and the name stand beside the end, points, and marks."""

import math

from .svg import Svg

WIDTH, HEIGHT = 820, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 570, 62, 384
NAME_HEIGHT = 16


class Axis:
    """From a little below the smallest value to a little above the greatest, `begin` to `end` on paper."""

    def __init__(self, values, begin, end):
        low, high = math.log10(min(values)), math.log10(max(values))
        room = max(0.06 * (high - low), 0.08)
        self.low, self.high, self.begin, self.end = low - room, high + room, begin, end

    def at(self, value):
        return self.begin + (self.end - self.begin) * (math.log10(value) - self.low) / (self.high - self.low)

    def ticks(self):
        """Powers of ten; 2 and 5 of them as well where there would be few, every other where there would be many."""
        decades = self.high - self.low
        factors, step = ((1, 2, 5), 1) if decades < 2.5 else ((1,), 1 if decades < 9 else 2)
        powers = range(step * math.floor(self.low / step), math.ceil(self.high) + 1, step)
        values = [factor * 10.0**power for power in powers for factor in factors]
        return [value for value in values if self.low <= math.log10(value) <= self.high]


class Chart:
    """`x` and `y`: (label, all values, how a tick is written)."""

    def __init__(self, name, title, description, x, y):
        self.svg = Svg(WIDTH, HEIGHT, name, title, description)
        self.x, self.y = Axis(x[1], LEFT, RIGHT), Axis(y[1], BOTTOM, TOP)
        self.names = []
        self.svg.text(LEFT, 24, title, "heading")
        for value in self.x.ticks():
            self.svg.line(self.x.at(value), TOP, self.x.at(value), BOTTOM, "grid")
            self.svg.text(self.x.at(value), BOTTOM + 18, x[2](value), "tick", "middle")
        for value in self.y.ticks():
            self.svg.line(LEFT, self.y.at(value), RIGHT, self.y.at(value), "grid")
            self.svg.text(LEFT - 8, self.y.at(value) + 4, y[2](value), "tick", "end")
        self.svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis")
        self.svg.text((LEFT + RIGHT) / 2, HEIGHT - 14, x[0], "label", "middle")
        self.svg.text(LEFT, TOP - 14, y[0], "label")

    def line(self, points, classes, name=""):
        """Through the points, whose name stands beside the last of them."""
        placed = [(self.x.at(x), self.y.at(y)) for x, y in points]
        if len(placed) > 1:
            self.svg.path(placed, "curve " + classes)
        if name:
            self.names.append((placed[-1][1], name, classes, len(placed) > 1))

    def point(self, x, y, classes, tooltip, between=None, shift=0):
        """`between`: the quartiles, as a whisker; `shift`: to the right on paper, where others would hide it."""
        at = self.x.at(x) + shift
        if between and abs(self.y.at(between[0]) - self.y.at(between[1])) > 1:
            self.svg.line(at, self.y.at(between[0]), at, self.y.at(between[1]), "whisker " + classes)
        self.svg.circle(at, self.y.at(y), 3.6, "point " + classes, tooltip)

    def mark(self, x, note):
        """A vertical line, if it is on the paper."""
        if self.x.low < math.log10(x) < self.x.high:
            self.svg.line(self.x.at(x), TOP, self.x.at(x), BOTTOM, "mark")
            side, anchor = (4, "start") if self.x.at(x) < (LEFT + RIGHT) / 2 else (-4, "end")
            self.svg.text(self.x.at(x) + side, TOP + 12, note, "note halo", anchor)

    def along(self, x, y, note):
        """A note on a line that rises as y does with x."""
        decade = (self.x.at(10) - self.x.at(1), self.y.at(10) - self.y.at(1))
        angle = math.degrees(math.atan2(decade[1], decade[0]))
        at_x, at_y = self.x.at(x), self.y.at(y)
        self.svg.text(at_x, at_y - 6, note, "note halo", "middle", f"rotate({angle:.1f} {at_x:.1f} {at_y:.1f})")

    def element(self):
        self._draw_names()
        return self.svg.element()

    def _draw_names(self):
        """Each as near to the end of its line as the others leave room, in the lines' order."""
        places = []
        for y, *rest in sorted(self.names):
            places.append([max(y, places[-1][0] + NAME_HEIGHT if places else TOP), *rest])
        lowest = BOTTOM
        for place in reversed(places):
            place[0] = min(place[0], lowest)
            lowest = place[0] - NAME_HEIGHT
        for y, name, classes, has_line in places:
            if has_line:
                self.svg.path([(RIGHT + 10, y), (RIGHT + 34, y)], "curve " + classes)
            if not has_line or not classes.startswith("limit"):
                self.svg.circle(RIGHT + 22, y, 3.6, "point " + classes)
            self.svg.text(RIGHT + 42, y + 4, name, "name " + classes)
