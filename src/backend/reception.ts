/**
 * What becomes of a request: whose it is, how it is answered, and what is counted of that.
 */
import { carriesToken } from "../websocket/run-token.js";
import { type Asked, answerRequest, controlAnswer, type RequestAnswer } from "./answer-request.js";
import type { Audience } from "./audience.js";
import type { Connection } from "./connection.js";

interface ReceptionSettings {
  readonly path: string | null;
  /** Null counts everybody alike. */
  readonly token: string | null;
  /** Answers who asks with the token; null for what is no such question. */
  readonly control: (path: string) => string | null;
  readonly audienceOf: (connection: Connection) => Audience;
}

export class Reception {
  /** What handshakes are answered while nobody is taken in; null: they are. */
  refusal: 503 | null = null;
  readonly #settings: ReceptionSettings;

  constructor(settings: ReceptionSettings) {
    this.#settings = settings;
  }

  /** The connection is open from then on, or about to end. */
  receive(connection: Connection, asked: Asked): RequestAnswer {
    const { path, token, control, audienceOf } = this.#settings;
    connection.isOthers = token !== null && (asked.request === null || !carriesToken(asked.request, token));
    const told = token === null || connection.isOthers ? null : controlAnswer(asked, control);
    if (told !== null) {
      connection.phase = "ending";
      return told;
    }
    const audience = audienceOf(connection);
    const answer = answerRequest(asked, { path, refusal: this.refusal, isPublic: connection.isOthers });
    audience.handshakes.answered(answer);
    connection.phase = answer.kind === "accepted" ? "open" : "ending";
    if (answer.kind === "accepted") {
      audience.open++;
      connection.isUpgraded = true;
    }
    return answer;
  }
}
