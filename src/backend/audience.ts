/**
 * Those that the epoll server answers alike and counts together: a run's own, or all others.
 */
import { FrameDecoder } from "../websocket/frame-decoder.js";
import { Answers, type AnswersSettings } from "./answers.js";
import type { BackendCounts, OthersCounts } from "./backend-counts.js";
import { HandshakeTally } from "./handshake-tally.js";
import { messageBytesMax } from "./pong-server.js";

export class Audience {
  readonly answers: Answers;
  readonly decoder: FrameDecoder;
  handshakes = new HandshakeTally();
  /** WebSockets that are open. */
  open = 0;

  constructor(settings: AnswersSettings) {
    this.answers = new Answers(settings);
    this.decoder = new FrameDecoder({
      sender: "client",
      messageBytesMax,
      textCheck: "utf8",
      sink: this.answers,
    });
  }

  counts(): Omit<BackendCounts, "acceptFailures" | "others" | "pushes"> {
    return {
      ...this.handshakes.counts(),
      open: this.open,
      endings: this.answers.endings.counts(),
      messagesReceived: this.answers.messagesReceived,
      messagesSent: this.answers.messagesSent,
      bytesReceived: this.answers.bytesReceived,
      bytesSent: this.answers.bytesSent,
      answerFaults: this.answers.faultCounts(),
    };
  }

  asOthers(): OthersCounts {
    return {
      websockets: this.handshakes.upgrades,
      otherRequests: this.handshakes.answeredOtherwise,
      messages: this.answers.messagesReceived,
    };
  }

  resetCounts(): void {
    this.handshakes = new HandshakeTally();
    this.answers.resetCounts();
  }
}
