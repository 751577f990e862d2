/**
 * Joins the compiled modules of build/ into the few files of dist/ that users run: `npm run build`. Node finds, reads and
 * links each module by itself, which is half of what a short command takes (`run nginx --dry-run`, of processor time:
 * 0.70 s from 600 files, 0.36 s from a few dozen). Libraries stay where npm installs them.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const from = fileURLToPath(new URL("../build/", import.meta.url));
const to = fileURLToPath(new URL("../dist/", import.meta.url));
/** What Node is asked to start: the command, the threads and processes that it makes. */
const programs = [
  "cli",
  "load/worker",
  "load/generator-main",
  "backend/backend-main",
  "line/line-main",
  "proxy/embedded-relay-main",
];
/** Read as they are. */
const assets = ["report/html/page.js", "report/html/page.css"];

/** A module finds the files beside it by its own place, which is the same in dist/ as it is in build/. */
const keepPlaces = {
  name: "keep-places",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!path.startsWith(from) || !text.includes("import.meta.url")) return undefined;
      const place = `new URL("./${relative(from, path)}", import.meta.url).href`;
      return { contents: text.replaceAll("import.meta.url", place), loader: "js" };
    });
  },
};

const { metafile } = await build({
  entryPoints: programs.map((name) => ({ in: join(from, `${name}.js`), out: name })),
  outdir: to,
  // Beside the command, so that a place counted from them is a place in dist/.
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  plugins: [keepPlaces],
  metafile: true,
  logLevel: "warning",
});
for (const name of assets) cpSync(join(from, name), join(to, name));

const written = Object.keys(metafile.outputs).map((path) =>
  relative(to, fileURLToPath(new URL(`../${path}`, import.meta.url))),
);
for (const name of written) {
  if (dirname(name) !== "." && readFileSync(join(to, name), "utf8").includes("import.meta.url"))
    throw new Error(
      `dist/${name} asks for its own place, which is not dist/: ask in a module that more programs share`,
    );
}
const kept = new Set([...written, ...assets]);
// Last, so that a command that runs meanwhile still finds its own files for a moment.
for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(relative(to, path))) rmSync(path);
}
