import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_ZOOM, middle, moved, zoomed, zoomOf } from "./crop";

const landscape = { width: 1600, height: 900 };

test("a new crop is the largest square in the middle", () => {
  expect(middle(landscape)).toEqual({ x: 350, y: 0, size: 900 });
});

test("zooming keeps the middle where it was", () => {
  expect(zoomed(middle(landscape), 2, landscape)).toEqual({ x: 575, y: 225, size: 450 });
});

test("zoom is read back as it was set", () => {
  expect(zoomOf(zoomed(middle(landscape), 3, landscape), landscape)).toBeCloseTo(3);
});

test("no move or zoom leaves the picture", () => {
  const step = fc.oneof(
    fc.record({ dx: fc.integer({ min: -5000, max: 5000 }), dy: fc.integer({ min: -5000, max: 5000 }) }),
    fc.record({ zoom: fc.double({ min: 0.1, max: MOST_ZOOM * 2, noNaN: true }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 6000 }), fc.array(step), (width, height, steps) => {
      const of = { width, height };
      const end = steps.reduce((crop, one) => ("zoom" in one ? zoomed(crop, one.zoom, of) : moved(crop, one.dx, one.dy, of)), middle(of));
      const slack = 1e-6;
      expect(end.x).toBeGreaterThanOrEqual(0);
      expect(end.y).toBeGreaterThanOrEqual(0);
      expect(end.x + end.size).toBeLessThanOrEqual(width + slack);
      expect(end.y + end.size).toBeLessThanOrEqual(height + slack);
    }),
  );
});
