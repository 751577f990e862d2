/**
 * Makes a running Caddy load its config anew, by its admin's socket in the private folder. Caddy does nothing for a config
 * that has not changed, unless it is told to load it all the same, as it loads one in which anything at all was changed.
 */
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { EnvironmentError, messageOf } from "../../../base/errors.js";
import { type CaddyInstance, configFileOf, originalWords } from "./caddy-instance.js";
import { adminSocket } from "./template.js";

const limitMs = 10_000;

/** @throws EnvironmentError with Caddy's own words when it does not take it */
export async function reloadCaddy(instance: CaddyInstance, config: "changed" | "same"): Promise<void> {
  // As it stands in the folder now.
  const text = await readFile(join(instance.prefix, configFileOf(instance)), "utf8");
  const { status, body } = await ask(instance, text, config === "changed").catch((thrown: unknown) => {
    throw new EnvironmentError(`Caddy did not reload: ${messageOf(thrown)}`, { cause: thrown });
  });
  if (status === 200) return;
  throw new EnvironmentError(
    `Caddy refuses its config at the reload: ${originalWords(instance, body.trim() || `status ${status}`)}`,
  );
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** In HTTP/1.0, which needs no Host: before 2.11 Caddy takes no name but the empty one over a socket of this kind. */
function ask({ prefix, language }: CaddyInstance, text: string, isForced: boolean): Promise<Answer> {
  const body = Buffer.from(text);
  const head = [
    "POST /load HTTP/1.0",
    `Content-Type: ${language === "json" ? "application/json" : "text/caddyfile"}`,
    `Content-Length: ${body.length}`,
    ...(isForced ? ["Cache-Control: must-revalidate"] : []),
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(join(prefix, adminSocket));
    let answer = "";
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`no answer within ${limitMs / 1000} s`)));
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    socket.on("error", reject);
    socket.on("end", () => {
      const [, status, rest = ""] = /^HTTP\/1\.\d (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/.exec(answer) ?? [];
      resolve({ status: Number(status ?? 0), body: rest });
    });
    socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
  });
}
