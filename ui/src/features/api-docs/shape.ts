import type { Schema } from "./openapi";

/** A schema as it is shown. */
export type Shape =
  /** A type with a name: shown as a link, opened on demand. */
  | { kind: "named"; name: string }
  | { kind: "object"; fields: Field[]; others: Shape | undefined }
  | { kind: "list"; of: Shape }
  /** One of some. */
  | { kind: "choice"; of: { shape: Shape; note: string }[] }
  /** One of some texts or numbers, each written as in JSON. */
  | { kind: "values"; of: { value: string; note: string }[] }
  /** All of these at once. */
  | { kind: "both"; of: Shape[] }
  | { kind: "plain"; type: string; facts: string[] }
  | { kind: "anything" };

export interface Field {
  name: string;
  shape: Shape;
  note: string;
  required: boolean;
  /** Whether it may be null. */
  nullable: boolean;
}

const NAMED = "#/components/schemas/";

/** The name that a reference leads to. */
export const nameOfRef = (ref: string): string => ref.slice(ref.startsWith(NAMED) ? NAMED.length : ref.lastIndexOf("/") + 1);

/** A schema without the null it may be, and whether it may be. */
export function withoutNull(schema: Schema): { schema: Schema; nullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.includes("null")) {
    const types = schema.type.filter((type) => type !== "null");
    return { schema: { ...schema, type: types.length === 1 ? types[0]! : types }, nullable: true };
  }
  for (const key of ["anyOf", "oneOf"] as const) {
    const options = schema[key];
    if (!options?.some((one) => one.type === "null")) continue;
    const rest = options.filter((one) => one.type !== "null");
    const { [key]: _, ...others } = schema;
    return { schema: rest.length === 1 ? { ...others, ...rest[0]! } : { ...others, [key]: rest }, nullable: true };
  }
  return { schema, nullable: false };
}

export function shapeOf(schema: Schema): Shape {
  const { oneOf, anyOf, allOf, $ref, properties } = schema;
  const options = oneOf ?? anyOf;
  if (options) return options.every((one) => "const" in one) ? { kind: "values", of: options.map((one) => ({ value: JSON.stringify(one.const), note: one.description ?? "" })) } : choice(options);
  if (allOf) return { kind: "both", of: allOf.map(shapeOf) };
  if ($ref !== undefined && properties) return { kind: "both", of: [shapeOf({ $ref }), objectOf(schema)] };
  if ($ref !== undefined) return { kind: "named", name: nameOfRef($ref) };
  if ("const" in schema) return { kind: "values", of: [{ value: JSON.stringify(schema.const), note: "" }] };
  if (schema.enum) return { kind: "values", of: schema.enum.map((value) => ({ value: JSON.stringify(value), note: "" })) };
  if (schema.type === "array") return { kind: "list", of: schema.items ? shapeOf(schema.items) : { kind: "anything" } };
  if (schema.type === "object" || properties) return objectOf(schema);
  if (schema.type === undefined) return { kind: "anything" };
  return { kind: "plain", type: [schema.type].flat().join(" or "), facts: factsOf(schema) };
}

function choice(options: Schema[]): Shape {
  return { kind: "choice", of: options.map((one) => ({ shape: shapeOf(one), note: one.description ?? "" })) };
}

function objectOf(schema: Schema): Shape {
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]): Field => {
    const { schema: inner, nullable } = withoutNull(property);
    return { name, shape: shapeOf(inner), note: property.description ?? "", required: schema.required?.includes(name) ?? false, nullable };
  });
  const { additionalProperties: others } = schema;
  return { kind: "object", fields, others: typeof others === "object" ? shapeOf(others) : undefined };
}

/** What holds for a value beyond its type, in words. */
export function factsOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength } = schema;
  return [
    range(minimum, maximum, ""),
    range(minLength, maxLength, " characters"),
    schema.pattern === undefined ? undefined : `like ${schema.pattern}`,
    schema.format,
    schema.default === undefined || schema.default === "" || schema.default === null ? undefined : `${JSON.stringify(schema.default)} if left out`,
  ].filter((fact) => fact !== undefined);
}

function range(least: number | undefined, most: number | undefined, unit: string): string | undefined {
  if (least !== undefined && most !== undefined) return `${least}–${most}${unit}`;
  if (least !== undefined) return `at least ${least}${unit}`;
  return most === undefined ? undefined : `at most ${most}${unit}`;
}
