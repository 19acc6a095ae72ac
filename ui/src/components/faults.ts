/** The words of a refusal that is about one field, to be shown at it. */
export function faultOf(error: unknown, ...fields: string[]): string | undefined {
  const at = fieldOf(error);
  return at !== undefined && fields.includes(at) && error instanceof Error ? [error.message, (error as { hint?: string }).hint].filter(Boolean).join(" ") : undefined;
}

/** An error, unless it is shown at one of these fields. */
export function otherThan(error: unknown, ...fields: string[]): unknown {
  const at = fieldOf(error);
  return at !== undefined && fields.includes(at) ? undefined : error;
}

function fieldOf(error: unknown): string | undefined {
  const field = error instanceof Error ? (error as { field?: unknown }).field : undefined;
  return typeof field === "string" ? field : undefined;
}
