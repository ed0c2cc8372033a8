/**
 * Builds dist/ from src/. The same sources give the same bytes: versions are pinned by the lock file, and nothing of
 * the machine, the time or the path enters. `--check` builds in memory and fails when dist/ differs.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const [SOURCE, DIST] = [join(HERE, "src"), join(HERE, "dist")];
const LARGEST_WIDGET = 90 * 1024;
const COMPRESSED = /\.(js|css|json|svg)$/;

const bundled = await build({
  absWorkingDir: HERE,
  entryPoints: {
    widget: "src/widget.js",
    chat: "src/pages/chat.js",
    deployments: "src/pages/deployments.js",
    app: "src/pages/app.css",
  },
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome115", "firefox117", "safari17"],
  charset: "utf8",
  legalComments: "eof",
  loader: { ".css": "text" },
  plugins: [
    {
      name: "pages",
      setup: (one) =>
        one.onLoad({ filter: /pages\/app\.css$/ }, async ({ path }) => ({
          contents: await readFile(path, "utf8"),
          loader: "css",
        })),
    },
    {
      name: "small",
      setup: (one) =>
        one.onLoad({ filter: /style\/.*\.css$/ }, async ({ path }) => ({
          contents: tight(await readFile(path, "utf8")),
          loader: "text",
        })),
    },
  ],
  write: false,
  outdir: DIST,
});

/** The widget's style travels as a text: line ends and indents are left out. */
function tight(css) {
  return css
    .replace(/\s*\n\s*/g, " ")
    .replace(/\s*([{};])\s*/g, "$1")
    .trim();
}

const files = new Map(bundled.outputFiles.map((file) => [relative(DIST, file.path), Buffer.from(file.contents)]));
for (const name of await readdir(join(SOURCE, "locale")))
  files.set(`locale/${name}`, await readFile(join(SOURCE, "locale", name)));

for (const name of ["favicon.svg", "favicon-news.svg"]) files.set(name, await readFile(join(SOURCE, "pages", name)));

/** A page names each file with its tag, by which a browser may keep it for good. */
const tag = (name) => createHash("sha256").update(files.get(name)).digest("hex").slice(0, 16);
for (const name of ["chat.html", "deployments.html"]) {
  const page = await readFile(join(SOURCE, "pages", name), "utf8");
  files.set(name, Buffer.from(page.replace(/\{\{([\w./]+)\}\}/g, (_, asset) => tag(asset))));
}

const weight = gzipSync(files.get("widget.js"), { level: 9 }).length;
if (weight > LARGEST_WIDGET) throw new Error(`widget.js is ${weight} bytes gzipped, above ${LARGEST_WIDGET}`);

/** What a browser that takes it is sent: as small as can be, for it is made once. */
const SMALL = {
  gz: [(bytes) => gzipSync(bytes, { level: 9 }), gunzipSync],
  br: [(bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }), brotliDecompressSync],
};

if (process.argv.includes("--check")) {
  const stale = [];
  for (const [name, bytes] of files) {
    const found = await readFile(join(DIST, name)).catch(() => null);
    if (!found?.equals(bytes)) stale.push(name);
    // By what they hold: another release of the compressor may write the same in other bytes.
    for (const [kind, [, opened]] of Object.entries(COMPRESSED.test(name) ? SMALL : {})) {
      const small = await readFile(join(DIST, `${name}.${kind}`)).catch(() => null);
      if (!small || !opened(small).equals(bytes)) stale.push(`${name}.${kind}`);
    }
  }
  if (stale.length) {
    console.error(`dist/ is not what src/ builds to: ${stale.join(", ")}. Run npm run build.`);
    process.exit(1);
  }
} else {
  await rm(DIST, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(DIST, name)), { recursive: true });
    await writeFile(join(DIST, name), bytes);
    for (const [kind, [made]] of Object.entries(COMPRESSED.test(name) ? SMALL : {}))
      await writeFile(join(DIST, `${name}.${kind}`), made(bytes));
  }
}
console.log(`widget.js: ${files.get("widget.js").length} bytes, ${weight} gzipped`);
