/**
 * Makes a running Caddy load its config anew, by its admin's socket in the private folder. Caddy does nothing for a config
 * that has not changed, unless it is told to load it all the same, as it loads one in which anything at all was changed.
 */
import { readFile } from "node:fs/promises";
import { request } from "node:http";
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

function ask(
  { prefix, language }: CaddyInstance,
  text: string,
  isForced: boolean,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: join(prefix, adminSocket),
        path: "/load",
        method: "POST",
        signal: AbortSignal.timeout(limitMs),
        headers: {
          // The one name that every version takes over a socket of this kind.
          Host: "",
          "Content-Type": language === "json" ? "application/json" : "text/caddyfile",
          ...(isForced ? { "Cache-Control": "must-revalidate" } : {}),
        },
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      },
    );
    asked.on("error", reject);
    asked.end(text);
  });
}
