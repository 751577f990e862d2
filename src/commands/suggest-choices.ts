/**
 * A value that is none of a flag's choices is told with the one that was meant.
 */
import { type Command, InvalidArgumentError } from "commander";
import { meantWords } from "../base/nearest-name.js";

/** For every flag and argument of the command that has choices. */
export function suggestChoices({ options, registeredArguments }: Command): void {
  for (const taken of [...options, ...registeredArguments]) {
    const { argChoices } = taken;
    if (argChoices === undefined) continue;
    taken.argParser((value: string) => {
      if (argChoices.includes(value)) return value;
      throw new InvalidArgumentError(
        `Allowed choices are ${argChoices.join(", ")}${meantWords(value, argChoices)}.`,
      );
    });
  }
}
