/**
 * The two sorts of error that a user sees as one clear line. A failure on the network is data and never one of
 * these; a fault of our own is an `AssertionError` and crashes.
 */
import { type ExitCode, exitCodes } from "./exit-codes.js";

/** An error whose message is meant for the user as it stands, with the exit code that goes with it. */
export abstract class UserFacingError extends Error {
  abstract readonly exitCode: ExitCode;
}

/** The user asked for something that cannot be: says the action, the value and what is wanted. */
export class UsageError extends UserFacingError {
  override readonly name = "UsageError";
  readonly exitCode = exitCodes.usage;
}

/** The machine or the proxy does not allow what was asked. */
export class EnvironmentError extends UserFacingError {
  override readonly name = "EnvironmentError";
  readonly exitCode = exitCodes.environment;
}

/** What a machine is short of, by the system's codes: no call of ours is to blame for it, whichever was the first to meet it. */
const shortages = [
  "ENOSPC",
  "EDQUOT",
  "EFBIG",
  "EROFS",
  "EIO",
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAGAIN",
  "ENOBUFS",
];

/** A system error that shows what the machine is short of, as an error that says so; anything else as it is. */
export function shortageOr(thrown: unknown): unknown {
  if (thrown instanceof UserFacingError || !shortages.includes(codeOf(thrown) ?? "")) return thrown;
  return new EnvironmentError(`This machine does not let wsrally go on: ${messageOf(thrown)}`, {
    cause: thrown,
  });
}

/** The user stopped the run; what was measured until then is kept. */
export class InterruptedError extends UserFacingError {
  override readonly name = "InterruptedError";
  readonly exitCode = exitCodes.interrupted;
}

/** A probe found a fault, or a measurement failed what it was held to; the report has said which. */
export class FaultsFoundError extends UserFacingError {
  override readonly name = "FaultsFoundError";
  readonly exitCode = exitCodes.failed;
}

/** Figures do not follow from what they are said to; the report has said which. */
export class UnfoundedError extends UserFacingError {
  override readonly name = "UnfoundedError";
  readonly exitCode = exitCodes.failed;
}

/** A gate, or an SLO, could not be judged; the report has said why. */
export class InconclusiveError extends UserFacingError {
  override readonly name = "InconclusiveError";
  readonly exitCode = exitCodes.inconclusive;
}

/** The message of anything that was thrown, without its stack. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The stable code of a system error (`ENOENT`, `EADDRINUSE` …), or undefined. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
