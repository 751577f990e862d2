/**
 * What tells a run's own requests from everybody else's where they reach a backend through somebody else's proxy: a word
 * in a header, or in the query where headers do not get through.
 */
import { type HeaderField, valuesOf } from "./header-fields.js";

export const tokenHeader = "Wsrally-Token";
const tokenParameter = "wsrally-token";

/** Where it stands in a request. */
export type TokenPlace = "header" | "query";

interface Asked {
  readonly fields: readonly HeaderField[];
  /** With its query. */
  readonly target: string;
}

export function carriesToken({ fields, target }: Asked, token: string): boolean {
  if (valuesOf(fields, tokenHeader).includes(token)) return true;
  const query = target.split("?").slice(1).join("?");
  return query.split("&").includes(`${tokenParameter}=${token}`);
}

/** What to put behind a path with or without a query. */
export function tokenQuery(path: string, token: string): string {
  return `${path.includes("?") ? "&" : "?"}${tokenParameter}=${token}`;
}

export interface RunToken {
  readonly token: string;
  readonly place: TokenPlace;
}
