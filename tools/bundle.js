/**
 * Joins the compiled modules of build/ and the libraries that they use into the files of dist/ that users run: `npm run build`.
 * Node finds, reads and links each module by itself, which is most of what a short command takes (`run nginx --dry-run`, of
 * processor time: 0.70 s from 600 files and 130 of libraries). Libraries that are joined are development dependencies: their
 * licenses go with dist/, and npm installs for a user only what is left outside.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  "residence/residence-main",
  "proxy/embedded-relay-main",
];
/** Libraries that bring files of their own to start or to load. */
const outside = ["koffi", "piscina"];
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
  external: outside,
  legalComments: "none",
  // What is CommonJS within asks for Node's own modules by `require`.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module";\nconst require = makeRequire(import.meta.url);',
  },
  plugins: [keepPlaces],
  metafile: true,
  logLevel: "warning",
});
const notices = "third-party-licenses.txt";
writeFileSync(join(to, notices), licenseTexts(Object.keys(metafile.inputs)));
for (const name of assets) cpSync(join(from, name), join(to, name));

const written = Object.keys(metafile.outputs).map((path) =>
  relative(to, fileURLToPath(new URL(`../${path}`, import.meta.url))),
);
for (const name of written) {
  if (dirname(name) !== "." && readFileSync(join(to, name), "utf8").split("import.meta.url").length > 2)
    throw new Error(
      `dist/${name} asks for its own place, which is not dist/: ask in a module that more programs share`,
    );
}
const kept = new Set([...written, ...assets, notices]);
// Last, so that a command that runs meanwhile still finds its own files for a moment.
for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && !kept.has(relative(to, path))) rmSync(path);
}

/** @param files of libraries and of the program itself, from the project's root; every library's own license, as its makers ask for */
function licenseTexts(files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const packages = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
    return {
      title: `${name} ${version} (${license})`,
      license,
      text: file && readFileSync(join(folder, file), "utf8"),
    };
  });
  // Some come without; this license's text names nobody.
  const apache = packages.find(({ license, text }) => license === "Apache-2.0" && text)?.text;
  const texts = packages.map(({ title, license, text = license === "Apache-2.0" ? apache : undefined }) => {
    if (text === undefined) throw new Error(`${title} has no license to go with dist/: leave it outside`);
    return `${title}\n\n${text.trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
