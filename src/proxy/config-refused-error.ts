/**
 * A config that its proxy refuses: told apart from other troubles of the machine, because `probe` and `gate` take it for
 * a fault of the config.
 */
import { EnvironmentError } from "../base/errors.js";

export interface RefusalDetails extends ErrorOptions {
  readonly hint?: string | null;
}

export class ConfigRefusedError extends EnvironmentError {
  /** The proxy's own words, with the user's own file and line in them. */
  readonly words: string;
  /** What to think of besides, or null. */
  readonly hint: string | null;

  constructor(proxy: string, file: string, words: string, { hint = null, ...options }: RefusalDetails = {}) {
    super(`${proxy} refuses ${file}: ${words}${hint === null ? "" : ` (${hint})`}`, options);
    this.words = words;
    this.hint = hint;
  }
}
