/**
 * What a run's own handshakes are known by, where it is better not on a command line, which every user of a machine can
 * read: in a file, or in the environment.
 */
import { messageOf, UsageError } from "../base/errors.js";
import { readSmallFile } from "../base/read-small-file.js";
import { tokenPattern, tokenWords } from "../scenario/behind.js";

const tokenVariable = "WSRALLY_TOKEN";
export const tokenFileWords = `the same from a file, for every user can read a command line; or in ${tokenVariable}`;

interface GivenToken {
  readonly token?: unknown;
  readonly tokenFile?: unknown;
}

/**
 * @returns what is given as itself, in a file, or by the environment; undefined for nothing
 * @throws UsageError for two of them, or for a file that has no such word, which is not quoted
 */
export function givenToken(
  { token, tokenFile }: GivenToken,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (token !== undefined && tokenFile !== undefined)
    throw new UsageError("Cannot use both --token and --token-file: want one of them");
  if (typeof token === "string") return token;
  if (typeof tokenFile === "string") return checked(readWord(tokenFile), tokenFile);
  const { [tokenVariable]: word } = environment;
  return word === undefined || word === "" ? undefined : checked(word, tokenVariable);
}

function readWord(file: string): string {
  try {
    return readSmallFile(file).toString("utf8");
  } catch (thrown) {
    throw new UsageError(`Cannot read ${file} for --token-file: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function checked(text: string, where: string): string {
  const word = text.trim();
  if (!tokenPattern.test(word)) throw new UsageError(`Cannot use the token in ${where}: want ${tokenWords}`);
  return word;
}
