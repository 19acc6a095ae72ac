/** A square cut out of a picture, in the picture's own pixels. */
export interface Crop {
  x: number;
  y: number;
  size: number;
}

/** A picture's size in pixels. */
export interface Size {
  width: number;
  height: number;
}

export const MOST_ZOOM = 5;

/** The largest square in the middle. */
export function middle(of: Size): Crop {
  const size = Math.min(of.width, of.height);
  return { x: (of.width - size) / 2, y: (of.height - size) / 2, size };
}

/** The crop moved by so many pixels, as far as the picture goes. */
export function moved(crop: Crop, dx: number, dy: number, of: Size): Crop {
  return { size: crop.size, x: clamp(crop.x + dx, of.width - crop.size), y: clamp(crop.y + dy, of.height - crop.size) };
}

/** How far one is in: 1 is all that fits, {@link MOST_ZOOM} the closest. */
export const zoomOf = (crop: Crop, of: Size): number => Math.min(of.width, of.height) / crop.size;

/** The crop at another zoom, around the same middle. */
export function zoomed(crop: Crop, zoom: number, of: Size): Crop {
  const size = Math.min(of.width, of.height) / Math.min(MOST_ZOOM, Math.max(1, zoom));
  const shift = (crop.size - size) / 2;
  return moved({ x: crop.x, y: crop.y, size }, shift, shift, of);
}

const clamp = (value: number, most: number): number => Math.min(Math.max(0, value), Math.max(0, most));
