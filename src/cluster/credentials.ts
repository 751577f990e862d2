/**
 * A credentials file: who one is to a NATS server, and whom to believe that it is the server. As NATS's own tools write it
 * (a JWT and a seed), or a seed alone, in which a server without JWTs believes; beside them the authority's certificate.
 */
import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "@nats-io/transport-node";
import { messageOf, UsageError } from "../base/errors.js";

export interface Credentials {
  /** As the file has it: a JWT and a seed, or null. */
  readonly creds: string | null;
  /** An nkey's seed, or null. */
  readonly seed: string | null;
  /** The agent that they are for, where they say so; else null. */
  readonly agent: string | null;
  /** PEM of authorities; null to believe those that Node believes. */
  readonly caPem: string | null;
}

/** Nobody in particular: for a server that asks nobody. */
export const noCredentials: Credentials = { creds: null, seed: null, agent: null, caPem: null };

/** @throws UsageError for a file that cannot be read or has no seed in it, which is never quoted */
export function readCredentials(file: string): Credentials {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    throw new UsageError(`Cannot read the credentials ${file}: ${messageOf(thrown)}`);
  }
  const seed = /^\s*(SU[A-Z2-7]{56})\s*$/m.exec(text)?.[1] ?? null;
  if (seed === null)
    throw new UsageError(
      `Cannot use the credentials ${file}: want an nkey's seed in it (SU…), as wsrally cluster init or nsc write it`,
    );
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  const hasToken = text.includes("-----BEGIN NATS USER JWT-----");
  return {
    creds: hasToken ? text : null,
    seed: hasToken ? null : seed,
    agent: /^# wsrally agent (\S+)$/m.exec(text)?.[1] ?? null,
    caPem: certificates === null ? null : certificates.join("\n"),
  };
}

/** The file's text. @param agent whose it is; null for the controller's */
export function credentialsText(seed: string, caPem: string | null, agent: string | null): string {
  return `${agent === null ? "" : `# wsrally agent ${agent}\n`}-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n${caPem === null ? "" : `\n${caPem.trim()}\n`}`;
}

type Authentication = Pick<ConnectionOptions, "authenticator" | "tls">;

/** What a connection needs of them. */
export async function authenticationOf({ creds, seed, caPem }: Credentials): Promise<Authentication> {
  const { credsAuthenticator, nkeyAuthenticator } = await import("./nats-library.js");
  const bytes = new TextEncoder();
  const authenticator =
    creds !== null
      ? credsAuthenticator(bytes.encode(creds))
      : seed !== null
        ? nkeyAuthenticator(bytes.encode(seed))
        : null;
  return {
    ...(authenticator === null ? {} : { authenticator }),
    ...(caPem === null ? {} : { tls: { ca: caPem } }),
  };
}
