/**
 * A test case of a JUnit file, before it is XML.
 */

export interface TestCase {
  readonly name: string;
  /** What a viewer groups failures by: the verdict, or the kind of failure. */
  readonly type: string;
  readonly outcome: "passed" | "failure" | "skipped" | "error";
  /** In a line. */
  readonly message: string;
  /** Lines of what there is to say beyond it. */
  readonly details: readonly string[];
}
