/**
 * What the user typed in confidence is not repeated on standard error, whoever writes there: a command, its progress, a
 * server's words in an error, or commander about a flag that it does not take.
 */
import { Secrets } from "../base/secrets.js";

/** Whose value is a secret whole. */
const headerFlags = new Map([
  ["--header", ""],
  ["--cookie", "Cookie"],
  ["--subprotocol", "Sec-WebSocket-Protocol"],
]);

/** @param argv the words after the program's name */
export function secretsOfWords(argv: readonly string[]): Secrets {
  const secrets = new Secrets();
  for (const [at, word] of argv.entries()) {
    const [, flag = argv[at - 1] ?? "", value = word] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const header = headerFlags.get(flag);
    if (header !== undefined) addHeader(header, value, secrets);
    // An arm may have a name before its URL.
    else secrets.addUrl(value.replace(/^[\w.-]+=(?=wss?:)/i, ""));
  }
  return secrets;
}

function addHeader(header: string, text: string, secrets: Secrets): void {
  const [, name = header, value = text] = (header === "" ? /^([^:\s]+):\s*(.*)$/s.exec(text) : null) ?? [];
  secrets.addHeader(name === "" ? "Authorization" : name, value);
}

interface TextStream {
  write(chunk: string | Uint8Array, ...rest: never[]): boolean;
}

/** From here on nothing written to the stream repeats one of them. */
export function hideOn(stream: TextStream, secrets: Secrets): void {
  const write = stream.write.bind(stream);
  stream.write = (chunk, ...rest) => write(typeof chunk === "string" ? secrets.hide(chunk) : chunk, ...rest);
}
