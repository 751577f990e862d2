/**
 * A value that is none of a flag's choices is told with the one that was meant.
 */
import { type Command, InvalidArgumentError } from "commander";
import { meantWords } from "../base/nearest-name.js";

/** For every flag of the command that has choices. */
export function suggestChoices({ options }: Command): void {
  for (const option of options) {
    const { argChoices } = option;
    if (argChoices === undefined) continue;
    option.argParser((value: string) => {
      if (argChoices.includes(value)) return value;
      throw new InvalidArgumentError(
        `Allowed choices are ${argChoices.join(", ")}${meantWords(value, argChoices)}.`,
      );
    });
  }
}
