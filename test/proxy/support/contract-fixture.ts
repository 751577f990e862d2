/**
 * All that the contract tests have to be told of a kind of proxy: how its users write a config with a given property.
 */
import type { Settings } from "#wsrally/proxy/driver.js";

/** What a config is to say besides carrying WebSockets to `upstreamHost`. */
export interface AskedConfig {
  /** A quiet WebSocket is cut after so many seconds; far longer than any test unless given. */
  readonly idleS?: number;
  /** After a reload open WebSockets are cut within so many seconds; never unless given. */
  readonly shutdownS?: number;
  /** It has room for a few tens of WebSockets only. */
  readonly isCramped?: boolean;
  /** Processes or threads that carry connections; one unless given. */
  readonly workers?: number;
  /** What the proxy itself answers to `GET /mark`, as its body or its header `X-Mark`. */
  readonly mark?: string;
  /** Of a header with a password in it that goes to the upstream. */
  readonly secret?: string;
  /** One more line where the process is described. */
  readonly processLine?: string;
  /** One more line where the way of the WebSocket is described. */
  readonly routeLine?: string;
}

/** What a stranger's config must leave alone; all of it lies outside of the config's folder. */
export interface Decoys {
  readonly folder: string;
  /** In the folder, with a text that nobody else has. */
  readonly file: string;
  /** Makes itself known when it is run. */
  readonly program: string;
  /** Where connections and datagrams are counted. */
  readonly host: string;
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Of an environment variable with a secret in it. */
  readonly variable: string;
}

export interface ContractFixture {
  readonly fileName: string;
  config(asked?: AskedConfig): string;
  /** No config says how many WebSockets there is room for, nor by how many processes or threads. */
  readonly isUnsized?: true;
  /** No config says by how many processes or threads it is carried. */
  readonly countsNoWorkers?: true;
  /** No config says when a quiet WebSocket ends, or one from before a reload: never. */
  readonly isEndless?: true;
  /** A reload is one of the routes of the one process. */
  readonly reloadsInPlace?: true;
  /** A reload closes open WebSockets at once; others keep them in an old process. */
  readonly closesAtReload?: true;
  /** No config makes it cut open WebSockets after a reload. */
  readonly keepsAtReload?: true;
  /** It reads no config again; how many threads it has is on its command line. */
  readonly isFixed?: true;
  /** A line of the route that the proxy itself refuses, and what it says of it. */
  readonly brokenLine: { readonly line: string; readonly words: RegExp };
  /** What `--set` takes, and how the config shows it. */
  readonly accepted: { readonly set: Settings; readonly shows: RegExp };
  /** A name that `--set` does not take, and the one that was meant. */
  readonly mistyped: { readonly name: string; readonly meant: string };
  /** A value that the proxy itself refuses, and what it says of it. */
  readonly badValue: { readonly set: Settings; readonly words: RegExp };
  /** Each tries to reach one of the decoys. */
  hostile(decoys: Decoys): readonly AskedConfig[];
}

/** Where the users' configs pass WebSockets to; it does not exist. */
export const upstreamHost = "app.internal";
