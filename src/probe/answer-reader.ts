/**
 * Reads an answer to a request as far as a probe looks at it: the head and the start of a body, or what came in place of
 * them.
 */
import { HeadReader, headFaultWords } from "../websocket/head-reader.js";
import { listHolds, valuesOf } from "../websocket/header-fields.js";
import type { Answer } from "./answer.js";
import { readChunks } from "./read-chunks.js";

type Answered = Extract<Answer, { kind: "answered" }>;

const bodyLimitBytes = 300;
const strangeBytesShown = 40;
/** How far into a head that is too long its end is looked for. */
const longHeadBytes = 1024 * 1024;
/** Of a body in chunks, sizes and their extensions included: more than that for what is shown is no peer's to send. */
const chunksLimitBytes = 64 * 1024;
/** No body follows them, whatever is announced (RFC 9112, 6.3). */
const bodiless: ReadonlySet<number> = new Set([204, 304]);
const headEnd = "\r\n\r\n";

export class AnswerReader {
  /** What came behind the head of a 101. */
  rest = Buffer.alloc(0);
  readonly #reader = new HeadReader();
  #head: Answered | null = null;
  #body: Buffer = Buffer.alloc(0);
  /** A body in chunks as it came. */
  #chunks = Buffer.alloc(0);
  #longHead: LongHead | null = null;

  /** @returns the answer, once it has come as far as it is read */
  read(data: Buffer): Answer | null {
    if (this.#longHead !== null) return this.#longHead.read(data);
    if (this.#head === null) return this.#readHead(data);
    return this.#readBody(this.#head, data);
  }

  /** What there is when no more comes. @param nothing says why, where that is nothing */
  atEnd(nothing: Answer): Answer {
    if (this.#longHead !== null) return this.#longHead.unended();
    return this.#head === null ? nothing : this.#answered(this.#head);
  }

  #readHead(data: Buffer): Answer | null {
    const before = this.#reader.soFar.length;
    const reading = this.#reader.read(data, 0, data.length);
    if (reading.kind === "incomplete") return null;
    const soFar = this.#reader.soFar;
    if (reading.kind === "fault" && soFar.toString("latin1", 0, 5) === "HTTP/") {
      if (reading.code !== "head-too-large" && reading.code !== "too-many-fields")
        return { kind: "bad-head", words: headFaultWords[reading.code] };
      this.#longHead = new LongHead(soFar);
      return this.#longHead.read(data.subarray(soFar.length - before));
    }
    const match = reading.kind === "head" ? /^HTTP\/1\.[01] (\d{3})/.exec(reading.head.firstLine) : null;
    if (reading.kind === "fault" || match === null)
      return { kind: "not-http", words: JSON.stringify(soFar.toString("latin1", 0, strangeBytesShown)) };
    const { firstLine: statusLine, fields } = reading.head;
    const head: Answered = { kind: "answered", status: Number(match[1]), statusLine, fields, bodyStart: "" };
    this.#head = head;
    const rest = data.subarray(reading.bodyAt);
    if (head.status !== 101) return this.#readBody(head, rest);
    this.rest = Buffer.from(rest);
    return head;
  }

  /** Whether the head is there, and what is waited for is the rest of a body that is only shown. */
  get isInBody(): boolean {
    return this.#head !== null;
  }

  #readBody(head: Answered, data: Buffer): Answer | null {
    if (bodiless.has(head.status)) return head;
    if (listHolds(head.fields, "Transfer-Encoding", "chunked")) return this.#readChunked(head, data);
    this.#body = Buffer.concat([this.#body, data.subarray(0, bodyLimitBytes)]);
    const announced = Number(valuesOf(head.fields, "Content-Length")[0]);
    const isWhole =
      this.#body.length >= Math.min(bodyLimitBytes, Number.isNaN(announced) ? Infinity : announced);
    return isWhole ? this.#answered(head) : null;
  }

  #readChunked(head: Answered, data: Buffer): Answer | null {
    this.#chunks = Buffer.concat([this.#chunks, data]);
    const { body, isWhole } = readChunks(this.#chunks);
    this.#body = body;
    const isEnough = body.length >= bodyLimitBytes || this.#chunks.length > chunksLimitBytes;
    return isWhole || isEnough ? this.#answered(head) : null;
  }

  #answered(head: Answered): Answered {
    return { ...head, bodyStart: this.#body.toString("utf8").slice(0, bodyLimitBytes) };
  }
}

/** The length of a head that is longer than is read, as far as its end is waited for. */
class LongHead {
  #bytes: number;
  #tail: string;

  /** @param soFar what came until it was too long */
  constructor(soFar: Buffer) {
    this.#bytes = soFar.length;
    this.#tail = soFar.toString("latin1", Math.max(0, soFar.length - headEnd.length));
  }

  /** Takes what came behind it. @returns null for "go on" */
  read(data: Buffer): Answer | null {
    const text = this.#tail + data.toString("latin1");
    const end = text.indexOf(headEnd);
    if (end !== -1) {
      const bytes = this.#bytes - this.#tail.length + end + headEnd.length;
      return { kind: "bad-head", words: `the head is too long, ${bytes.toLocaleString("en")} bytes` };
    }
    this.#bytes += data.length;
    this.#tail = text.slice(-headEnd.length);
    return this.#bytes < longHeadBytes ? null : this.unended();
  }

  unended(): Answer {
    const words = `the head is too long, ${this.#bytes.toLocaleString("en")} bytes and no end of it`;
    return { kind: "bad-head", words };
  }
}
