/**
 * Writes the skeleton of a proxy's driver: `npm run new-proxy squid`, or `npm run new-proxy squid Squid` where
 * sentences call it otherwise. It compiles; what is left to write is what its contract tests then fail for. How to go on is in
 * docs/add-a-proxy.md.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const templates = fileURLToPath(new URL("./new-proxy/", import.meta.url));
const [kind = "", title = capitalised(kind)] = process.argv.slice(2);
if (!/^[a-z][a-z0-9]{1,20}$/.test(kind) || !/^[A-Za-z][\w ]{0,30}$/.test(title))
  fail("want npm run new-proxy NAME [TITLE], where NAME is of small letters and digits, such as squid");
if (existsSync(`src/proxy/${kind}`)) fail(`src/proxy/${kind} is there already`);

const written = [];
for (const name of readdirSync(templates, { recursive: true })) {
  if (!name.endsWith(".txt")) continue;
  const [, area = "", path = ""] = /^(src|test)[\\/](.*)\.txt$/.exec(name) ?? [];
  const file = join(area, "proxy", kind, path.replaceAll("KIND", kind));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, filled(readFileSync(join(templates, name), "utf8")));
  written.push(file);
}
edit("src/scenario/proxy-kind.ts", (text) => {
  let edited = text.replace(/(proxyKinds = \[[^\]]*)(,?)\] as const/, `$1, "${kind}"] as const`);
  edited = withEntry(edited, "workersSetting", `${kind}: "workers",`);
  edited = withEntry(
    edited,
    "workersLine",
    `${kind}: (workers) => \`\${workersSetting.${kind}} \${workers}\`,`,
  );
  return withEntry(edited, "fileEndings", `${kind}: /${kind}[^/]*$/i,`);
});
edit("src/proxy/drivers.ts", (text) =>
  withEntry(
    withImport(text, `import { ${kind}Driver } from "./${kind}/driver.js";`),
    "drivers",
    `${kind}: ${kind}Driver,`,
  ),
);
edit("test/proxy/support/contract-fixtures.ts", (text) =>
  withEntry(
    withImport(text, `import { ${kind}Fixture } from "../${kind}/contract-fixture.js";`),
    "contractFixtures",
    `${kind}: ${kind}Fixture,`,
  ),
);
const biome = ["biome", "check", "--write", `src/proxy/${kind}`, `test/proxy/${kind}`];
const edited = [
  "src/proxy/drivers.ts",
  "src/scenario/proxy-kind.ts",
  "test/proxy/support/contract-fixtures.ts",
];
execFileSync("npx", [...biome, ...edited], { stdio: ["ignore", "ignore", "inherit"] });
process.stdout.write(
  `${[...written, ...edited].sort().join("\n")}\nNext: npm run schemas, and docs/add-a-proxy.md; its contract: node tools/run-tests.js contract\n`,
);

function filled(text) {
  return text
    .replaceAll("KIND_UPPER", kind.toUpperCase())
    .replaceAll("KIND_PASCAL", capitalised(kind))
    .replaceAll("KIND", kind)
    .replaceAll("TITLE", title);
}

function edit(file, by) {
  writeFileSync(file, by(readFileSync(file, "utf8")));
}

/** One more line in the object literal of this name. */
function withEntry(text, name, line) {
  const start = text.indexOf(`export const ${name}`) + 1 || text.indexOf(`const ${name}`) + 1;
  const end = text.indexOf("\n};", start);
  if (start === 0 || end === -1) fail(`found no object ${name} to add ${kind} to`);
  return `${text.slice(0, end)}\n  ${line}${text.slice(end)}`;
}

/** Among the others; the formatter sorts them. */
function withImport(text, line) {
  return text.replace(/^import (?!type)/m, `${line}\n$&`);
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fail(words) {
  process.stderr.write(`Cannot write a driver: ${words}\n`);
  process.exit(2);
}
