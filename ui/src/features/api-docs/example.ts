import type { Method, Operation, Schema } from "./openapi";
import { nameOfRef, withoutNull } from "./shape";

/** How deep an example goes into types within types. */
const DEPTH = 6;

/** Values that say more than an empty text, by the name of the type. */
const TELLING: Record<string, unknown> = { Timestamp: 1_795_219_200_000, Permissions: "1819395" };

/** A value that fits a schema. */
export function example(schema: Schema, types: Readonly<Record<string, Schema>>, depth = DEPTH): unknown {
  const { schema: inner } = withoutNull(schema);
  if ("const" in inner) return inner.const;
  if (inner.enum) return inner.enum[0];
  if (inner.default !== undefined && inner.default !== null && inner.default !== "") return inner.default;
  const first = inner.oneOf?.[0] ?? inner.anyOf?.[0];
  if (first) return example(first, types, depth);
  const named = inner.$ref === undefined ? undefined : ofType(nameOfRef(inner.$ref), types, depth - 1);
  const parts = [named, ...(inner.allOf ?? []).map((one) => example(one, types, depth)), inner.properties ? ofObject(inner, types, depth) : undefined].filter((part) => part !== undefined);
  if (parts.length > 1) return Object.assign({}, ...parts);
  return parts.length === 1 ? parts[0] : ofPlain(inner, types, depth);
}

function ofType(name: string, types: Readonly<Record<string, Schema>>, depth: number): unknown {
  if (name in TELLING) return TELLING[name];
  const schema = types[name];
  if (!schema || depth <= 0) return {};
  if (name.endsWith("Id") && schema.type === "string") return "248113725440262144";
  return example(schema, types, depth);
}

function ofObject(schema: Schema, types: Readonly<Record<string, Schema>>, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, example(property, types, depth)]));
}

function ofPlain(schema: Schema, types: Readonly<Record<string, Schema>>, depth: number): unknown {
  switch ([schema.type].flat()[0]) {
    case "string":
      return "…";
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    case "array":
      return schema.items && depth > 0 ? [example(schema.items, types, depth - 1)] : [];
    case "object":
      return {};
    default:
      return null;
  }
}

/** The JSON schema of what is sent or answered. */
export function jsonOf(content: Readonly<Record<string, { schema?: Schema }>>): Schema | undefined {
  return content["application/json"]?.schema;
}

/** The request as a line for a shell. */
export function curl(operation: Operation, base: string, types: Readonly<Record<string, Schema>>): string {
  const body = operation.body && jsonOf(operation.body.content);
  const picture = operation.body && !body;
  const lines = [`curl${flag(operation.method)} ${base}${operation.path}`];
  if (!operation.anyone) lines.push("-H 'Authorization: Bearer …'");
  if (body) lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(example(body, types)).replaceAll("'", "'\\''")}'`);
  if (picture) lines.push("-H 'Content-Type: image/png'", "--data-binary @picture.png");
  return lines.join(" \\\n  ");
}

const flag = (method: Method): string => (method === "get" ? "" : ` -X ${method.toUpperCase()}`);
