import type { VoiceListener } from "../engine";
import type { Facts, Figures, LineReading, OwnFigure, Reading } from "../reading";
import type { Recorder } from "../recorder";
import { SILENCE } from "../engine";
import { context } from "./output";
import type { Read } from "./readings";
import { troubleSentence } from "./sentences";

/** How often a connection is measured. */
export const READ_MS = 1_000;

/** Notes what a call in a browser is like: what its listener is told goes through here. */
export class Recording {
  #loudest = SILENCE;
  #meters = 0;
  #open = 0;

  constructor(private readonly recorder: Recorder) {}

  /** The same listener, listened in on. */
  around(listener: VoiceListener): VoiceListener {
    return {
      ...listener,
      meter: (meter) => {
        this.#loudest = Math.max(this.#loudest, meter.level);
        this.#meters += 1;
        this.#open += Number(meter.open);
        listener.meter(meter);
      },
      media: (connection, state) => {
        if (state === "connected") this.#note("Connected to the server.", false);
        else if (state === "interrupted") this.#note("Nothing comes through to the server.", true);
        else this.#note("The connection broke.", true);
        listener.media(connection, state);
      },
      trouble: (trouble) => {
        this.#note(trouble === null ? "The microphone works." : troubleSentence(trouble), trouble !== null);
        listener.trouble(trouble);
      },
      outputLost: (was) => {
        this.#note(`The output “${was}” is gone. The default one is used.`, true);
        listener.outputLost(was);
      },
      networkChanged: () => {
        this.#note("The network has changed.", false);
        listener.networkChanged();
      },
    };
  }

  /** Takes what was measured; `who` is whom the lines carry. */
  take(read: Read, devices: Pick<Facts, "microphone">, who: (mid: string) => Pick<LineReading, "user" | "kind"> | undefined): void {
    const heard = this.#meters > 0;
    const own: Figures<OwnFigure> = { heardDb: heard ? this.#loudest : null, open: heard ? this.#open / this.#meters : null, ...read.own };
    [this.#loudest, this.#meters, this.#open] = [SILENCE, 0, 0];
    const lines = read.lines.flatMap((line): LineReading[] => {
      const carried = who(line.mid);
      return carried ? [{ ...line, ...carried }] : [];
    });
    const facts: Facts = { ...devices, speaker: speaker(), stack: "the browser’s WebRTC", codec: read.codec, path: read.path };
    this.recorder.take({ at: Date.now(), own, lines, facts } satisfies Reading);
  }

  #note(text: string, bad: boolean): void {
    this.recorder.note({ at: Date.now(), text, bad });
  }
}

function speaker(): Facts["speaker"] {
  const { sampleRate, baseLatency, outputLatency } = context();
  // Firefox and Chromium say it; others do not.
  const later = Number.isFinite(outputLatency) && outputLatency > 0 ? { latencyMs: outputLatency * 1_000 } : {};
  return { name: null, rate: sampleRate, callback: baseLatency ? Math.round(baseLatency * sampleRate) : null, ...later };
}
