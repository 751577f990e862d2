/**
 * Programs that the bench runs, each bound to a processor and in time: one that fails or takes too long ends the bench
 * with what it said, and none outlives it.
 */
import { createInterface } from "node:readline";
import { spawnOn } from "./cpus.js";

const living = new Set();

process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

function start(cpu, command, args) {
  const child = spawnOn(cpu, command, args, { stdio: ["pipe", "pipe", "pipe"] });
  const said = { errors: "" };
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said.errors = (said.errors + text).slice(-2000);
  });
  // A program that has ended no longer reads.
  child.stdin.on("error", () => child.stdin.destroy());
  living.add(child);
  child.ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      living.delete(child);
      resolve({ code, signal, errors: said.errors });
    });
  });
  child.ended.catch(() => living.delete(child));
  return child;
}

/** Runs a program to its end. @returns the JSON of the last line that it printed */
export async function runOn(cpu, command, args, { timeoutS = 60 } = {}) {
  const child = start(cpu, command, args);
  const timeout = setTimeout(() => child.kill("SIGKILL"), timeoutS * 1000);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part) => {
    text += part;
  });
  const { code, signal, errors } = await child.ended;
  clearTimeout(timeout);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${signal ?? code}: ${errors.trim()}`);
  }
  return JSON.parse(text.trim().split("\n").at(-1));
}

/**
 * Starts a program that goes on until `stop`.
 * @returns its pid, and what it said in its first line, as JSON; null where it says nothing
 */
export async function serveOn(cpu, command, args, { speaks = true } = {}) {
  const child = start(cpu, command, args);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value, done } = speaks ? await lines.next() : { value: "null", done: false };
  if (done) {
    const { code, signal, errors } = await child.ended;
    throw new Error(`${command} ended with ${signal ?? code}: ${errors.trim()}`);
  }
  return {
    pid: child.pid,
    first: JSON.parse(value),
    /** @returns the JSON of the line that it prints at its end, if any */
    async stop() {
      child.kill("SIGTERM");
      const last = speaks ? await lines.next() : { done: true };
      const { code, signal, errors } = await child.ended;
      if (code !== 0 && signal !== "SIGTERM")
        throw new Error(`${command} ended with ${code}: ${errors.trim()}`);
      return last.done ? null : JSON.parse(last.value);
    },
  };
}
