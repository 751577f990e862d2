/**
 * What an explanation goes by: the config seen from a path, the path, and which nginx reads it.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigView } from "./config-view.js";

export interface Reading {
  readonly view: ConfigView;
  /** As the client asks for it, query included. */
  readonly path: string;
  readonly facts: ConfigFacts;
  /** "1.31.3"; null where it is not known which nginx it will be. */
  readonly version: string | null;
  /** What `nginx -V` says, likewise. */
  readonly build: string | null;
}

/** Null where the config has no part in it. */
type Explainer<Kind extends Symptom["kind"]> = (
  reading: Reading,
  symptom: Extract<Symptom, { readonly kind: Kind }>,
) => Explanation | null;

/** By the kind of what was seen; of the others nginx has nothing to say. */
export type Explainers = { readonly [Kind in Symptom["kind"]]?: Explainer<Kind> };
