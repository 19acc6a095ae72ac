import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** What gains by compression. Fonts and pictures are compressed already. */
const TEXT = /\.(html|js|css|svg|json|webmanifest|txt)$/;

/**
 * Writes `*.br` and `*.gz` beside the files of the build, as small as they get: the server sends them as they are.
 */
export function compress(): Plugin {
  let folder = "";
  return {
    name: "compress",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = (await readdir(folder, { recursive: true })).filter((name) => TEXT.test(name));
      await Promise.all(names.map((name) => compressFile(join(folder, name))));
    },
  };
}

async function compressFile(path: string): Promise<void> {
  const plain = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  const brotli = promisify<Buffer, object, Buffer>(brotliCompress)(plain, { params });
  const zipped = promisify<Buffer, object, Buffer>(gzip)(plain, { level: 9 });
  for (const [ending, packed] of [["br", await brotli] as const, ["gz", await zipped] as const]) {
    if (packed.length < plain.length) await writeFile(`${path}.${ending}`, packed);
  }
}
