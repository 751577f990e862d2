/**
 * A config that nginx refuses: told apart from other troubles of the machine, because `probe` and `gate` take it for
 * a fault of the config.
 */
import { EnvironmentError } from "../../base/errors.js";

export class ConfigRefusedError extends EnvironmentError {
  /** nginx's own words, with the user's own file and line in them. */
  readonly words: string;

  constructor(file: string, words: string, options?: ErrorOptions) {
    super(`nginx refuses ${file}: ${words}`, options);
    this.words = words;
  }
}
