/**
 * The line's process: lays it in the network namespace that it was started in, and carries its packets until its parent is
 * gone.
 */
import { readFileSync } from "node:fs";
import { messageOf } from "../base/errors.js";
import { epollEvents } from "../linux/epoll.js";
import { EventLoop } from "../linux/event-loop.js";
import { setUpLink } from "../linux/link-settings.js";
import { bringInterfaceUp } from "../linux/network-interface.js";
import { findNodeLoop } from "../linux/node-loop.js";
import { setTimerSlack } from "../linux/timer-slack.js";
import { openTunDevice } from "../linux/tun-device.js";
import { applyKernelSettings } from "./kernel-settings.js";
import { Line } from "./line.js";
import { lineAddresses, lineInterface } from "./line-addresses.js";
import type { LineFigures, LineReply, LineRequest } from "./line-messages.js";

/** Packets that the kernel keeps for the line while it is at work. */
const queueLength = 10_000;
/** The kernel's usual 50 µs would be the line's own. */
const slackNs = 1000;

let line: Line | null = null;
/** Dropped by the kernel, for the line did not take them, when counting began. */
let droppedBefore = 0;

const reply = (message: LineReply): void => {
  process.send?.(message);
};

process.on("message", (request: LineRequest) => {
  try {
    reply(answer(request));
  } catch (thrown) {
    reply({ kind: "failed", message: messageOf(thrown) });
  }
});

// The run that owns this process is gone.
process.on("disconnect", () => process.exit(0));

function answer(request: LineRequest): LineReply {
  if (request.kind === "lay") {
    line = lay(request);
    return { kind: "done" };
  }
  if (line === null) throw new Error("no line is laid");
  switch (request.kind) {
    case "weather":
      line.weather = request.weather;
      break;
    case "begin":
      line.weather = request.weather;
      line.isCut = false;
      line.sow(request.seed);
      count(line);
      break;
    case "cut":
      line.isCut = true;
      break;
    case "count":
      count(line);
      break;
    case "figures":
      return { kind: "figures", figures: withDropped(line.figures()) };
  }
  return { kind: "done" };
}

function lay({ kernel }: Extract<LineRequest, { kind: "lay" }>): Line {
  applyKernelSettings(kernel);
  bringInterfaceUp("lo", null);
  const fd = openTunDevice(lineInterface);
  const { near: address, netmask } = lineAddresses;
  setUpLink(lineInterface, { queueLength });
  bringInterfaceUp(lineInterface, { address, netmask });
  setTimerSlack(slackNs);
  const loop = new EventLoop({
    busyPoll: false,
    nodeLoop: findNodeLoop(),
    handle: () => laid.handleReadable(),
  });
  const laid = new Line({ fd, loop });
  loop.epoll.add(fd, epollEvents.readable, fd);
  // What a handler throws is a mistake of ours: it ends the process.
  void loop.run();
  return laid;
}

function count(counting: Line): void {
  counting.count();
  droppedBefore = droppedByKernel();
}

function withDropped(figures: LineFigures): LineFigures {
  return { ...figures, overflowed: figures.overflowed + droppedByKernel() - droppedBefore };
}

/** The twelfth figure of an interface's line in /proc/net/dev: dropped while they were to be sent. */
function droppedByKernel(): number {
  const row = readFileSync("/proc/net/dev", "latin1")
    .split("\n")
    .find((text) => text.trim().startsWith(`${lineInterface}:`));
  return Number(row?.trim().split(/[\s:]+/)[12] ?? 0);
}
