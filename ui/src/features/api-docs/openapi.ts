/* The part of OpenAPI 3.1 that the server's document uses. */

export interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  default?: unknown;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

/** What is sent or answered, by its media type. */
export type Content = Record<string, { schema?: Schema }>;

interface RawOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; description?: string; content?: Content };
  responses?: Record<string, { description?: string; content?: Content }>;
  security?: unknown[];
}

export interface Document {
  info: { title: string; version: string; description?: string };
  servers?: { url: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema> };
}

export const METHODS = ["get", "post", "put", "patch", "delete"] as const;
export type Method = (typeof METHODS)[number];

/** One route, ready to be shown. */
export interface Operation {
  id: string;
  method: Method;
  path: string;
  tag: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  body: { required: boolean; content: Content } | undefined;
  answers: { status: string; description: string; content: Content }[];
  /** Whether it works without a token. */
  anyone: boolean;
}

/** The document, if it is one. */
export function documentOf(found: unknown): Document {
  const document = found as Partial<Document> | null;
  if (typeof document !== "object" || document === null || typeof document.paths !== "object" || typeof document.info !== "object") throw new Error("The server's description of its API cannot be read.");
  return document as Document;
}

/** The routes by tag, as they stand in the document. */
export function groupsOf(document: Document): { tag: string; operations: Operation[] }[] {
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const raw = methods[method];
      if (!raw) continue;
      const operation = read(path, method, raw);
      groups.set(operation.tag, [...(groups.get(operation.tag) ?? []), operation]);
    }
  }
  return [...groups].map(([tag, operations]) => ({ tag, operations })).sort((a, b) => a.tag.localeCompare(b.tag));
}

function read(path: string, method: Method, raw: RawOperation): Operation {
  return {
    id: raw.operationId ?? `${method}${path}`.replaceAll(/[^a-z]+/gi, "_"),
    method,
    path,
    tag: raw.tags?.[0] ?? "other",
    summary: raw.summary ?? "",
    description: raw.description ?? "",
    parameters: raw.parameters ?? [],
    body: raw.requestBody && { required: raw.requestBody.required ?? false, content: raw.requestBody.content ?? {} },
    answers: Object.entries(raw.responses ?? {}).map(([status, answer]) => ({ status, description: answer.description ?? "", content: answer.content ?? {} })),
    anyone: (raw.security ?? []).length === 0,
  };
}

/** The routes and types that all words of `text` are found in. */
export function search(document: Document, text: string): { groups: ReturnType<typeof groupsOf>; types: string[] } {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...texts: string[]) => {
    const all = texts.join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const groups = groupsOf(document)
    .map(({ tag, operations }) => ({ tag, operations: operations.filter((one) => fits(one.method, one.path, one.tag, one.summary, one.description)) }))
    .filter((group) => group.operations.length > 0);
  const types = Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) => (fits(name, schema.description ?? "", ...Object.keys(schema.properties ?? {})) ? [name] : []));
  return { groups, types };
}
