/**
 * Runs the `run:` steps of a composite action as GitHub's runner does: expressions by GitHub's own library, each script
 * by `bash --noprofile --norc -eo pipefail`, with the files of GITHUB_OUTPUT and GITHUB_STEP_SUMMARY. Steps that use
 * other actions are left out.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { parse } from "yaml";

interface ActionStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

export interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export function readAction(file: string): CompositeAction {
  return parse(readFileSync(file, "utf8")) as CompositeAction;
}

export interface ActionRun {
  readonly inputs: Readonly<Record<string, string>>;
  /** The checkout. */
  readonly workspace: string;
  /** Where the runner keeps its files. */
  readonly temp: string;
  readonly actionPath: string;
  readonly baseRef: string;
}

export interface ActionResult {
  /** Of the step that failed; 0 when none did. */
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

type Values = { readonly [key: string]: string | Values };

export async function runAction(action: CompositeAction, run: ActionRun): Promise<ActionResult> {
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, run.inputs[name] ?? input.default ?? ""]),
  );
  const steps: Record<string, { outputs: Record<string, string> }> = {};
  const contexts = (): Values => ({
    inputs,
    github: { action_path: run.actionPath, base_ref: run.baseRef },
    runner: { os: "Linux", arch: "X64", temp: run.temp },
    steps,
  });
  mkdirSync(run.temp, { recursive: true });
  const summary = join(run.temp, "summary.md");
  writeFileSync(summary, "");
  let log = "";
  let code = 0;
  for (const [index, step] of action.runs.steps.entries()) {
    const isDue = step.if === undefined ? code === 0 : isTrue(step.if, contexts(), code === 0);
    if (!isDue || step.run === undefined) continue;
    if (step.shell !== "bash") throw new Error(`Step ${step.name} has no shell`);
    const [script, output] = [join(run.temp, `step-${index}.sh`), join(run.temp, `output-${index}`)];
    writeFileSync(script, fill(step.run, contexts()));
    writeFileSync(output, "");
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value, contexts())]);
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      cwd: resolve(run.workspace, fill(step["working-directory"] ?? ".", contexts())),
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: run.workspace,
        GITHUB_BASE_REF: run.baseRef,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        ...Object.fromEntries(env),
      },
    });
    const ended = new Promise<number | null>((settle) => child.on("close", settle));
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    log += stdout + stderr;
    if (step.id !== undefined) steps[step.id] = { outputs: readOutputs(output) };
    if (code === 0) code = status ?? 1;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value, contexts())]);
  return { code, log, summary: readFileSync(summary, "utf8"), outputs: Object.fromEntries(outputs) };
}

/** `name=value` or `name<<DELIMITER`, as the runner reads its file commands. */
function readOutputs(file: string): Record<string, string> {
  const found = readFileSync(file, "utf8").matchAll(/^([^=\n<]+)(?:=(.*)|<<(.+)\n([\s\S]*?)\n?^\3)$/gm);
  return Object.fromEntries([...found].map(([, name, inline, , block]) => [name, inline ?? block ?? ""]));
}

/** The text with each `${{ … }}` evaluated. */
function fill(template: string, contexts: Values): string {
  return template.replace(/\$\{\{(.*?)\}\}/g, (_whole, expression: string) =>
    evaluate(expression, contexts, true).coerceString(),
  );
}

function isTrue(expression: string, contexts: Values, isGoingWell: boolean): boolean {
  const hasStatus = /\b(always|success|failure|cancelled)\(\)/.test(expression);
  const value = evaluate(expression, contexts, isGoingWell);
  return (hasStatus || isGoingWell) && value.coerceString() === "true";
}

function evaluate(expression: string, contexts: Values, isGoingWell: boolean): data.ExpressionData {
  const functions = [
    { name: "always", minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(true) },
    { name: "success", minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(isGoingWell) },
  ];
  const { tokens } = new Lexer(expression.trim()).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const byName = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(tree, toDictionary(contexts), byName).evaluate();
}

function toDictionary(values: Values): data.Dictionary {
  return new data.Dictionary(
    ...Object.entries(values).map(([key, value]) => ({
      key,
      value: typeof value === "string" ? new data.StringData(value) : toDictionary(value),
    })),
  );
}
