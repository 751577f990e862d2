/**
 * The workload's keys of a conversation, as a scenario gives them (objects) or a flag (one text).
 */
import { z } from "zod";
import type { AnswerRule, FirstStep, KeepAlive, MessageMatch, ReplyRule } from "./conversation.js";
import { oneOf } from "./one-of.js";
import { presetNames } from "./presets.js";
import { quantitySchema } from "./quantity-schema.js";

const separator = " => ";
const text = z.string().min(1, "want some text");

const matchObject = z.discriminatedUnion(
  "match",
  [
    z.strictObject({ match: z.enum(["equals", "contains"]), value: text }),
    z.strictObject({ match: z.literal("json"), path: text, value: z.union([text, z.number(), z.boolean()]) }),
  ],
  { error: "want match: equals, contains or json" },
);

const matchWords = "want a text that it holds, equals:TEXT, json:PATH=VALUE, or match, path and value";
const matchSchema = z
  .union([text, matchObject], { error: matchWords })
  .transform((given): MessageMatch => (typeof given === "string" ? readMatch(given) : plain(given)));

const replyWords = "want same, next, equals:TEXT, contains:TEXT or json:PATH=VALUE, or match, path and value";
const replySchema = z
  .union(
    [
      z.enum(["same", "next"]),
      z.string().regex(/^(?:equals:|contains:|json:[^=]+=)./s, replyWords),
      z.strictObject({ match: z.enum(["same", "next"]) }),
      matchObject,
    ],
    { error: replyWords },
  )
  .transform((given): ReplyRule => {
    if (given === "same" || given === "next") return { match: given };
    if (typeof given === "string") return readMatch(given);
    return "value" in given ? plain(given) : given;
  })
  .describe(
    "What answers a message: same (the default), next (whatever comes), contains:TEXT or json:PATH=VALUE",
  );

const firstObject = z
  .strictObject({
    send: text.nullish(),
    await: matchSchema.nullish(),
    capture: z.record(z.string().regex(/^\w+$/, "want a name of letters and digits"), text).optional(),
  })
  .refine((step) => (step.send ?? step.await) != null, "want send, or await, or both")
  .refine(
    ({ capture = {}, ...step }) => Object.keys(capture).length === 0 || step.await != null,
    "want await beside capture",
  );

const firstSchema = several(
  z.union([text.transform(readFirst), firstObject], {
    error: "want send and await, or one text such as 'hello => welcome'",
  }),
)
  .transform((steps) =>
    steps.map(
      (step): FirstStep => ({
        send: step.send ?? null,
        await: step.await ?? null,
        capture: step.capture ?? {},
      }),
    ),
  )
  .describe(
    "Exchanged on every connection before the load, as SEND => AWAIT: a login, a subscription (none)",
  );

const answerSchema = several(
  z.union(
    [
      text.regex(/^[\s\S]+ => [\s\S]+$/, "want TEXT => ANSWER").transform((given): AnswerRule => {
        const [to, send] = splitAt(given);
        return { to: readMatch(to), send };
      }),
      z.strictObject({ to: matchSchema, send: text }),
    ],
    { error: "want to and send, or one text such as 'ping => pong'" },
  ),
).describe(
  "What is sent when the server says something, as TEXT => ANSWER: its protocol's heartbeats (none)",
);

const keepAliveSchema = z
  .preprocess(
    // As a flag gives it.
    (given) => {
      if (typeof given !== "string" || !given.includes(separator)) return given;
      const [every, send] = splitAt(given);
      return { every, send };
    },
    z.strictObject(
      { every: quantitySchema({ kind: "time", least: 0.1, most: 3600 }), send: text },
      { error: "want every and send, or one text such as '15s => ping'" },
    ),
  )
  .transform((given): KeepAlive => given)
  .describe("What each connection sends by itself, as EVERY => TEXT (nothing)");

/** Beside the others of a workload. */
export const conversationKeys = {
  preset: z
    .enum(presetNames, oneOf(presetNames))
    .describe(`A protocol above WebSocket, which sets the keys below: ${presetNames.join(", ")}`),
  first: firstSchema,
  message: text.describe(
    "What is sent: places are {{id}}, {{seq}}, {{now}}, {{connection}}, a captured name, a column of data",
  ),
  reply: replySchema,
  ignore: several(matchSchema).describe(
    "What the server says of itself, and is no reply: a text that it holds (none)",
  ),
  answer: answerSchema,
  keepAlive: keepAliveSchema,
} as const;

/** `json:PATH=VALUE`, `equals:TEXT`, `contains:TEXT`, or a bare text. */
function readMatch(given: string): MessageMatch {
  const [, path = "", value = ""] = /^json:([^=]+)=([\s\S]+)$/.exec(given) ?? [];
  if (path !== "") return { match: "json", path, value };
  const [, kind, rest = given] = /^(equals|contains):([\s\S]+)$/.exec(given) ?? [];
  return { match: kind === "equals" ? "equals" : "contains", value: rest };
}

function plain(given: z.infer<typeof matchObject>): MessageMatch {
  return given.match === "json" ? { ...given, value: String(given.value) } : given;
}

/** `SEND => AWAIT`, `SEND` alone, or ` => AWAIT` where the server speaks first. */
function readFirst(given: string): z.infer<typeof firstObject> {
  if (!given.includes(separator)) return { send: given };
  const [send, wanted] = splitAt(given);
  return { ...(send === "" ? {} : { send }), await: readMatch(wanted) };
}

function splitAt(given: string): [string, string] {
  const at = given.indexOf(separator);
  return [given.slice(0, at), given.slice(at + separator.length)];
}

/** One, or a list; what is wrong is said of the one that it is about. */
function several<Schema extends z.ZodType>(one: Schema) {
  const error = ({ input, errors }: { readonly input?: unknown; readonly errors?: unknown }) => {
    const [ofOne = [], ofList = []] = (errors ?? []) as { readonly message: string }[][];
    return (Array.isArray(input) ? ofList : ofOne)[0]?.message;
  };
  return z
    .union([one, z.array(one).max(100)], { error })
    .transform((given) => [given].flat() as z.infer<Schema>[]);
}
