/** wsrally itself, as its user runs it, on whatever processors it chooses. */
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { guard } from "./own.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Exit codes of a run that has something to say: 3 and 20 come after a document, too. */
const spoken = [0, 3, 20];

/**
 * @param codes that it may end with
 * @param before words that start it, with something taken from it
 * @returns the exit code, and the document that it printed
 * @throws with what it said when it ended otherwise
 */
export async function runCli(folder, args, { codes = spoken, before = [] } = {}) {
  const [program, ...words] = [...before, process.execPath, cli, ...args, "--json", "--out", folder];
  const child = guard.spawn(program, words, {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      said[name] += text;
    });
  }
  const [code] = await once(child, "close");
  if (!codes.includes(code))
    throw new Error(`wsrally ${args.join(" ")} ended with ${code}: ${said.stderr.trim().split("\n").at(-1)}`);
  return { code, document: JSON.parse(said.stdout) };
}
