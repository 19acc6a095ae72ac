import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** What scripts/test-packages gives. */
function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run scripts/test-packages`);
  return value;
}

/** The app, stripped, in no package; it believes the key. */
export const APP = given("SNUG_PACKED_APP");
const KEY = given("SNUG_PACKED_KEY");
const PASSWORD = given("SNUG_PACKED_PASSWORD");

/** A file's signature, which says that it is of this version: as scripts/release makes it. */
export function sign(file: string, version: string, folder: string): string {
  const comment = `timestamp:1700000000\tfile:Snug.AppImage\tversion:${version}`;
  const signature = join(folder, "signature");
  execFileSync("minisign", ["-S", "-s", KEY, "-m", file, "-x", signature, "-t", comment], { input: `${PASSWORD}\n`, stdio: ["pipe", "ignore", "ignore"] });
  return readFileSync(signature).toString("base64");
}

/** A web server of releases. */
export class Host {
  readonly files = new Map<string, Buffer>();
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Host> {
    const server = createServer();
    const host = new Host(server);
    server.on("request", (request, response) => {
      const body = host.files.get(request.url ?? "");
      response.writeHead(body ? 200 : 404, { "Content-Length": body?.length ?? 0 }).end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return host;
  }

  address(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** Offers a file as this version, with a signature that says `signed`. */
  offer(file: string, folder: string, version: string, signed = version): void {
    const platform = `linux-${process.arch === "arm64" ? "aarch64" : "x86_64"}-appimage`;
    this.files.set("/Snug.AppImage", readFileSync(file));
    const entry = { url: this.address("/Snug.AppImage"), signature: sign(file, signed, folder) };
    const latest = { version, notes: "* Louder **bells**", pub_date: "2026-11-21T12:00:00Z", platforms: { [platform]: entry } };
    this.files.set("/latest.json", Buffer.from(JSON.stringify(latest)));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => void this.server.close(() => done()));
  }
}

/** The app in the form of an AppImage: the updater is told by a mark in the program, as scripts/release makes it. */
export function asAppImage(to: string, end = ""): void {
  const program = readFileSync(APP);
  const mark = program.indexOf("__TAURI_BUNDLE_TYPE_VAR_UNK");
  if (mark < 0) throw new Error(`${APP} says already in which package it is`);
  program.write("APP", mark + "__TAURI_BUNDLE_TYPE_VAR_".length);
  writeFileSync(to, Buffer.concat([program, Buffer.from(end)]), { mode: 0o755 });
}
