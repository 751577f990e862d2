/**
 * The line itself: takes packets from the kernel, lets the weather have its way with them, and gives them back at the other
 * end. Both ends are one interface, for its addresses tell which way a packet goes.
 */
import { monotonicClock } from "../base/clock.js";
import { LatencyHistogram } from "../base/latency-histogram.js";
import { createPrng, type Prng } from "../base/prng.js";
import type { Ns } from "../base/units.js";
import { errnos, lastErrno, SystemCallError } from "../linux/errno.js";
import type { EventLoop } from "../linux/event-loop.js";
import { libc } from "../linux/libc.js";
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import type { Weather } from "../scenario/weather-schema.js";
import { lineAddresses } from "./line-addresses.js";
import type { LineFigures } from "./line-messages.js";
import { PacketQueue, packetBytes } from "./packet-queue.js";
import { farByte, farOf, flowOf, flows, notCarried, passageOf, turnAddresses } from "./packets.js";
import { drawDelayNs, drawLoss, fairWeather } from "./weather.js";

/** A second of as many packets as a line carries. */
const waitingMost = 65_536;
/** Between looks at what has fallen due. */
const packetsAtOnce = 32;

interface LineSettings {
  /** Of the interface, non-blocking. */
  readonly fd: number;
  readonly loop: EventLoop;
}

const noCounts = { toProxy: 0, toClients: 0, lost: 0, cutOff: 0, overflowed: 0 };

export class Line {
  readonly #fd: number;
  readonly #loop: EventLoop;
  #prng: Prng = createPrng(0);
  /** What is read before it is known where it goes. */
  readonly #arrived = new PinnedBuffer(packetBytes);
  readonly #queue = new PacketQueue(waitingMost, flows);
  readonly #sendDue = (): void => {
    this.#wakeNs = Number.POSITIVE_INFINITY;
    this.#send();
  };
  weather: Weather = fairWeather;
  /** Whether the mortals are. */
  isCut = false;
  #counts = { ...noCounts };
  #late = new LatencyHistogram();
  #from = { ns: monotonicClock.now(), cpu: process.cpuUsage() };
  #wakeNs = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => undefined;

  constructor({ fd, loop }: LineSettings) {
    this.#fd = fd;
    this.#loop = loop;
  }

  /** Packets are there to be read; what is left of them makes the descriptor readable again. */
  handleReadable(): void {
    const { address, bytes } = this.#arrived;
    for (let count = 0; count < packetsAtOnce; count++) {
      const length = libc().read(this.#fd, address, packetBytes);
      if (length < 0) {
        const errno = lastErrno();
        if (errno !== errnos.EAGAIN && errno !== errnos.EINTR) throw new SystemCallError("read", errno);
        break;
      }
      this.#take(bytes, length);
    }
    this.#send();
  }

  /** All that is drawn from now on is the seed's. */
  sow(seed: number): void {
    this.#prng = createPrng(seed);
  }

  count(): void {
    this.#counts = { ...noCounts };
    this.#late = new LatencyHistogram();
    this.#from = { ns: monotonicClock.now(), cpu: process.cpuUsage() };
  }

  figures(): LineFigures {
    const { user, system } = process.cpuUsage(this.#from.cpu);
    const us = (quantile: number): number | null => {
      const ns = this.#late.quantile(quantile);
      return ns === null ? null : ns / 1e3;
    };
    return {
      ...this.#counts,
      lateUs: { p50: us(0.5), p99: us(0.99) },
      busyShare: ((user + system) * 1e3) / Math.max(1, monotonicClock.now() - this.#from.ns),
    };
  }

  #take(bytes: Buffer, length: number): void {
    const passage = passageOf(bytes, 0, length);
    if (passage === notCarried) return;
    if (this.isCut && farOf(passage) === mortal) {
      this.#counts.cutOff++;
      return;
    }
    if (drawLoss(this.weather, this.#prng)) {
      this.#counts.lost++;
      return;
    }
    if (this.#queue.isFull) {
      this.#counts.overflowed++;
      return;
    }
    const flow = flowOf(bytes, 0, passage);
    turnAddresses(bytes, 0, length, passage);
    this.#queue.add(bytes, length, flow, monotonicClock.now() + drawDelayNs(this.weather, this.#prng));
  }

  /** All that have fallen due, and no earlier than the next one again. */
  #send(): void {
    const queue = this.#queue;
    for (let nowNs = monotonicClock.now(); queue.nextNs <= nowNs; nowNs = monotonicClock.now()) {
      this.#late.record((nowNs - queue.nextNs) as Ns);
      const length = libc().write(this.#fd, queue.memory.address + queue.firstAt, queue.firstLength);
      // Refused for want of memory, or because the interface is going: lost, as packets are.
      if (length < 0) this.#counts.overflowed++;
      else if (queue.firstFlow % 2 === 0) this.#counts.toProxy++;
      else this.#counts.toClients++;
      queue.drop();
    }
    if (queue.nextNs >= this.#wakeNs) return;
    this.#disarm();
    this.#wakeNs = queue.nextNs;
    this.#disarm = this.#loop.timers.at(queue.nextNs, this.#sendDue);
  }
}

const mortal = farByte(lineAddresses.mortals);
