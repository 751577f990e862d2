/**
 * Writes docs/reference/ and the manual pages in man/ from the compiled tree: `npm run docs`. They are committed, and `npm run check`
 * fails where they are not what the program says.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { commandFacts, sharedGroups } from "./docs/command-facts.js";
import { commandsPage } from "./docs/commands-page.js";
import { manualPages } from "./docs/manual-pages.js";
import { page } from "./docs/markdown.js";
import { namesPage } from "./docs/names-page.js";
import { scenarioPage } from "./docs/scenario-page.js";
import { settingsPage } from "./docs/settings-page.js";

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

function write(folder, pages) {
  mkdirSync(root(folder), { recursive: true });
  for (const name of readdirSync(root(folder))) if (!(name in pages)) rmSync(root(`${folder}/${name}`));
  for (const [name, text] of Object.entries(pages)) writeFileSync(root(`${folder}/${name}`), text);
}

const facts = await commandFacts();
write("docs/reference", {
  "README.md": page("Reference", [
    "Everything by name, made from the program itself. By task: [docs](../README.md).",
    [
      "- [Commands](commands.md) and their flags",
      "- [Scenario keys](scenario.md)",
      "- [Settings](settings.md): what `--set` takes",
      "- [Names](names.md): exit codes, metrics, SLO names, findings, failures",
      "- JSON Schemas of every document: [schemas/](../../schemas/)",
    ].join("\n"),
  ]),
  "commands.md": commandsPage(facts, sharedGroups(facts)),
  "scenario.md": scenarioPage(JSON.parse(readFileSync(root("schemas/scenario.schema.json"), "utf8"))),
  "settings.md": settingsPage(),
  "names.md": namesPage(),
});
write("man", manualPages(facts, readFileSync(root("CHANGELOG.md"), "utf8")));
