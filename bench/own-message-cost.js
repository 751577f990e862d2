/**
 * What a message of the user's own costs to make and to match, beside a payload of equal size, in processor time of this
 * thread: `npm run build && node bench/own-message-cost.js`. The variants take turns; the lowest round of each is shown, for
 * whatever else runs only adds to it. A whole round trip of the generator takes some 5,000 ns.
 */
import { createMessageSource } from "../build/load/message-source.js";
import { Fills } from "../build/load/talk/fills.js";
import { createTalkSource } from "../build/load/talk/talk-source.js";

const rounds = 40;
const messages = 100_000;
const bytes = 200;

const id = { field: "id" };
const text = ['{"id":"', id, '","text":"', "x".repeat(bytes - 18 - 18), '"}'];
const talk = (reply) => ({
  first: [],
  message: text,
  binary: false,
  reply,
  ignore: [],
  answer: [],
  captures: 0,
});
const own = (reply) => createTalkSource(talk(reply), text, new Fills(0, 1, [], 0));

const variants = {
  "payload, echoed": createMessageSource({ kind: "payload", bytes, binary: false }, { seed: 1, answers: [] }),
  "template, same": own({ match: "same" }),
  "template, contains {{id}}": own({ match: "contains", value: [id] }),
  "template, next": own({ match: "next" }),
  "template, json id": own({ match: "json", path: ["id"], value: [id] }),
};

/** Nanoseconds a message. */
function round(source) {
  const before = process.cpuUsage();
  for (let sequence = 0; sequence < messages; sequence++) {
    const data = source.messageFor(sequence, 0);
    if (source.check(data, 0, data.length, false, 0) === -2) throw new Error("A reply was not known");
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / messages;
}

const lowest = Object.fromEntries(Object.keys(variants).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let index = 0; index < rounds; index++) {
  for (const [name, source] of Object.entries(variants)) lowest[name] = Math.min(lowest[name], round(source));
}
for (const [name, spentNs] of Object.entries(lowest)) {
  process.stdout.write(`${name.padEnd(28)}${spentNs.toFixed(0).padStart(6)} ns a message\n`);
}
