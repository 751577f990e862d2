/** Sessions whose events are written down, and whose frames are kept. */
import { ClientSession } from "#wsrally/http2/client-session.js";
import { errorNameOf, frameTypes } from "#wsrally/http2/frame-types.js";
import type { Outlet } from "#wsrally/http2/outlet.js";
import { ServerSession } from "#wsrally/http2/server-session.js";
import type { Session } from "#wsrally/http2/session.js";
import type { SessionEvents } from "#wsrally/http2/session-events.js";
import { frameOf } from "#wsrally/http2/write-frames.js";

const typeNames = Object.fromEntries(Object.entries(frameTypes).map(([name, type]) => [type, name]));

interface Watched<Of> {
  readonly session: Of;
  /** In words, in order. */
  readonly events: string[];
  /** What went out since the last call: `data 1 +end 3` is of 3 bytes. */
  takeSent(): string[];
  /** Payload bytes of DATA that went out so far, by stream. */
  readonly dataSent: Map<number, number>;
  read(...frames: readonly Buffer[]): void;
}

export type WatchedSession = Watched<ClientSession>;

/** @param isBlocked whether what it writes has to wait */
export function watchSession(isBlocked = () => false): WatchedSession {
  return watch(isBlocked, (outlet, events) => {
    return new ClientSession(0, outlet, {
      ...commonEvents(events),
      settled: () => void events.push("settled"),
      answered: ({ id }, fields) => void events.push(`answered ${id} ${fields[0]?.value}`),
    });
  });
}

/** It accepts what is asked; its client has sent the preface's first half. */
export function watchServer(isBlocked = () => false): Watched<ServerSession> {
  return watch(isBlocked, (outlet, events) => {
    const session: ServerSession = new ServerSession(0, outlet, {
      ...commonEvents(events),
      requested: (stream, fields) => {
        const end = stream.isEnded ? " +end" : "";
        events.push(`requested ${stream.id}${end} ${fields.map(({ value }) => value).join(" ")}`);
        session.answer(stream, [{ name: ":status", value: "200" }]);
      },
    });
    return session;
  });
}

function commonEvents(events: string[]): SessionEvents {
  return {
    data: ({ id }, data, start, end) => void events.push(`data ${id} ${data.toString("latin1", start, end)}`),
    drained: ({ id }) => void events.push(`drained ${id}`),
    ended: ({ id }) => void events.push(`ended ${id}`),
    reset: ({ id }, code) => void events.push(`reset ${id} ${errorNameOf(code)}`),
    goaway: (code, unseen) =>
      void events.push(`goaway ${errorNameOf(code)} [${unseen.map(({ id }) => id).join(" ")}]`),
    vacated: () => void events.push("vacated"),
    broken: ({ name, detail }) => void events.push(`broken ${name}: ${detail}`),
  };
}

function watch<Of extends Session>(
  isBlocked: () => boolean,
  create: (outlet: Outlet, events: string[]) => Of,
): Watched<Of> {
  const events: string[] = [];
  const sent: string[] = [];
  const dataSent = new Map<number, number>();
  const bytes = Buffer.alloc(64 * 1024);
  const outlet: Outlet = {
    bytes,
    isBlocked: () => isBlocked(),
    begin: () => 0,
    end: (_connection, end) => {
      for (let at = 0; at < end; ) {
        const length = bytes.readUIntBE(at, 3);
        const type = bytes[at + 3] as number;
        const stream = bytes.readUInt32BE(at + 5);
        const code = type === frameTypes.rstStream ? bytes.readUInt32BE(at + 9) : bytes.readUInt32BE(at + 13);
        const ends = type === frameTypes.rstStream || type === frameTypes.goaway;
        const isLast = type === frameTypes.data && bytes[at + 4] === 1;
        sent.push(
          [typeNames[type], stream, ...(isLast ? ["+end"] : []), ends ? errorNameOf(code) : length].join(" "),
        );
        if (type === frameTypes.data) dataSent.set(stream, (dataSent.get(stream) ?? 0) + length);
        at += 9 + length;
      }
    },
  };
  const session = create(outlet, events);
  return {
    session,
    events,
    takeSent: () => sent.splice(0),
    dataSent,
    read: (...frames) => {
      const all = Buffer.concat(frames);
      session.read(all, 0, all.length);
    },
  };
}

/** As a peer sends them. */
export const frames = {
  settings: (...settings: readonly (readonly [id: number, value: number])[]): Buffer => {
    const payload = Buffer.alloc(6 * settings.length);
    settings.forEach(([id, value], index) => {
      payload.writeUInt16BE(id, 6 * index);
      payload.writeUInt32BE(value, 6 * index + 2);
    });
    return frameOf(frameTypes.settings, 0, 0, payload);
  },
  /** Accepts. @param flag END_HEADERS unless given */
  ok: (stream: number, flag = 4): Buffer => frameOf(frameTypes.headers, flag, stream, Buffer.of(0x88)),
  data: (stream: number, text: string, flag = 0): Buffer =>
    frameOf(frameTypes.data, flag, stream, Buffer.from(text, "latin1")),
  of: (type: keyof typeof frameTypes, flag: number, stream: number, payload = ""): Buffer =>
    frameOf(frameTypes[type], flag, stream, Buffer.from(payload.replaceAll(" ", ""), "hex")),
};
