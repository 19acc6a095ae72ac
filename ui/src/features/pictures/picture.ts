import { LIMITS } from "../../protocol/constants";
import type { Crop } from "./crop";

/** Pixels on each side of what is uploaded, at most. */
const SIDE = 512;

/** Reads a file as a picture. Revoke its `src` when done. */
export async function openPicture(file: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(image.src);
    throw new Error("This file cannot be read as a picture. PNG, JPEG, WebP and GIF work.");
  }
  return image;
}

/** Cuts out the crop and makes it small enough to send. */
export async function cutOut(image: HTMLImageElement, crop: Crop): Promise<Blob> {
  const side = Math.max(1, Math.round(Math.min(SIDE, crop.size)));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser cannot resize pictures.");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, crop.x, crop.y, crop.size, crop.size, 0, 0, side, side);
  // Some browsers write no WebP and answer with PNG, which can be too large for a photograph.
  for (const [type, quality] of [
    ["image/webp", 0.9],
    ["image/jpeg", 0.85],
  ] as const) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
    if (blob && blob.size <= LIMITS.pictureBytes) return blob;
  }
  throw new Error("This browser cannot make the picture small enough.");
}
