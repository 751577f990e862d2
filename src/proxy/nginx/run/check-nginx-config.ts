/**
 * Asks nginx itself whether a config is good (`nginx -t`), always of the copy in the private prefix.
 */
import { checkInstance } from "../../instance/check-instance.js";
import { proxyEnvironment } from "../../instance/launch.js";
import { endOfReading } from "./as-written.js";
import { NginxRefusedError } from "./config-refused-error.js";
import { type NginxInstance, nginxArguments, originalWords, writeConfig } from "./nginx-instance.js";

/** A config that nginx only reads; it ends in `endOfReading`. @throws as checkNginxConfig */
export async function readWithNginx(instance: NginxInstance, signal: AbortSignal): Promise<void> {
  try {
    await checkNginxConfig(instance, signal);
  } catch (thrown) {
    const isRead = thrown instanceof NginxRefusedError && thrown.words.includes(`"${endOfReading.name}"`);
    if (!isRead) throw thrown;
  }
}

/**
 * @returns the config's text as it was checked, addresses filled in
 * @throws NginxRefusedError with nginx's own words and the user's own file and line
 */
export async function checkNginxConfig(instance: NginxInstance, signal: AbortSignal): Promise<string> {
  const { text, exitCode, output } = await checkInstance(
    instance,
    {
      arguments: [...nginxArguments(instance), "-t"],
      environment: proxyEnvironment(),
      write: (listenPorts) => writeConfig(instance, listenPorts),
    },
    signal,
  );
  if (exitCode === 0) return text;
  const refusals = refusalLines(output).map((line) => originalWords(instance, line));
  const words = refusals.length > 0 ? refusals.join("; ") : `nginx -t ended with ${exitCode}`;
  throw new NginxRefusedError(instance.configName, words);
}

/**
 * The messages that refuse, without their stamps: "nginx: [emerg] …" on stderr, "2026/11/23 … [emerg] 12#0: …" in the
 * log. Lesser ones are handed back where there is no such message.
 */
export function refusalLines(text: string): string[] {
  const emergencies = messagesOf(text, "emerg");
  return emergencies.length > 0 ? emergencies : messagesOf(text, "crit|alert");
}

function messagesOf(text: string, levels: string): string[] {
  const pattern = new RegExp(`\\[(?:${levels})\\] (?:\\d+#\\d+: )?(.+)$`);
  const messages = text.split("\n").flatMap((line) => line.match(pattern)?.[1]?.trim() ?? []);
  return [...new Set(messages)];
}
