/**
 * A connection to the NATS server through which a controller and its agents hear of each other.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { EnvironmentError, messageOf, UsageError } from "../base/errors.js";
import { maskUrl } from "../base/mask-secrets.js";
import { authenticationOf, type Credentials } from "./credentials.js";

interface NatsAddress {
  /** `nats://HOST:PORT`, or `tls://` where nothing else will do. */
  readonly url: string;
  readonly credentials: Credentials;
}

interface ConnectSettings extends NatsAddress {
  /** Shown by the server's own tools. */
  readonly name: string;
  /** Whether it comes back when the server does; without, its end is the connection's. */
  readonly comesBack: boolean;
}

const timeoutMs = 10_000;

/**
 * Resolves when the server has let it in.
 * @throws UsageError for what is no such URL; EnvironmentError when the server is not there or does not want us
 */
export async function connectNats({
  url,
  credentials,
  name,
  comesBack,
}: ConnectSettings): Promise<NatsConnection> {
  const { connect } = await import("./nats-library.js");
  const { servers, isSecure } = readUrl(url);
  const authentication = await authenticationOf(credentials);
  try {
    return await connect({
      servers,
      ...authentication,
      ...(isSecure ? { tls: authentication.tls ?? {} } : {}),
      name,
      timeout: timeoutMs,
      reconnect: comesBack,
      maxReconnectAttempts: -1,
      // What a restarted server does not know any more is an agent that it never saw.
      pingInterval: 5000,
      maxPingOut: 2,
    });
  } catch (thrown) {
    throw new EnvironmentError(`Cannot join the NATS server at ${maskUrl(url)}: ${troubleOf(thrown)}`, {
      cause: thrown,
    });
  }
}

/**
 * Whether nobody on a network can read what goes over it: by TLS, which the client takes wherever the server has it, or by a
 * server that sees us come from its own host.
 */
export function isPrivate({ info }: Pick<NatsConnection, "info">): boolean {
  const { tls_required, tls_available, client_ip = "" } = info ?? {};
  return tls_required === true || tls_available === true || isLoopback(client_ip);
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

function readUrl(url: string): { readonly servers: string; readonly isSecure: boolean } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["nats:", "tls:"].includes(parsed.protocol))
    throw new UsageError(
      `Cannot use ${maskUrl(url)} as a NATS server: want nats://HOST:PORT or tls://HOST:PORT`,
    );
  if (parsed.password !== "" || parsed.username !== "")
    throw new UsageError(
      `Cannot use ${maskUrl(url)}: a command line is for every user of the machine to read; want the secret in --creds FILE`,
    );
  return { servers: parsed.host, isSecure: parsed.protocol === "tls:" };
}

function troubleOf(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? messageOf(thrown.cause) : "";
  const words = [messageOf(thrown), cause].filter((text) => text !== "").join(": ");
  if (/authorization violation/i.test(words))
    return `it does not let us in (${words}); want the --creds of a user that it knows`;
  if (/certificate|self.signed/i.test(words))
    return `${words}; want its authority's certificate in the --creds file`;
  return words;
}
