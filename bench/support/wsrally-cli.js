/** wsrally itself, as its user runs it, on whatever processors it chooses. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { guard } from "./own.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/**
 * @returns the run document, also of a run that found nothing (3 and 20 say so after it)
 * @throws with what it said when there is none
 */
export async function runCli(folder, args) {
  const child = guard.spawn(process.execPath, [cli, ...args, "--json", "--out", folder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, "close");
  if (said.stdout === "")
    throw new Error(`wsrally ${args.join(" ")} ended with ${code}: ${said.stderr.slice(-500)}`);
  return JSON.parse(said.stdout);
}
