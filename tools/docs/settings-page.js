/** The reference of what `--set` changes in each built-in config. */
import { drivers } from "../../build/proxy/drivers.js";
import { code, page } from "./markdown.js";

export function settingsPage() {
  return page("Settings", [
    "What `--set NAME=VALUE`, `set` of an arm and the axes of a matrix change in the built-in config of a kind of [arm](../arms.md). A value is written as the proxy's own config has it.",
    ...Object.values(drivers).flatMap(({ title, settings: { names } }) => [
      `## ${title}`,
      [...names].sort().map(code).join(", "),
    ]),
  ]);
}
