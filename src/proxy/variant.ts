/**
 * What a copy of a config can be asked to do sooner, so that it need not be waited for.
 */
export type Variant =
  /** Quiet WebSockets end, and the log tells. */
  | { readonly kind: "idle"; readonly seconds: number }
  /** After a reload, open ones are cut. */
  | { readonly kind: "shutdown"; readonly seconds: number };
