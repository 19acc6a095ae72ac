import type { Loop, VoiceListener, VoiceSettings, VoiceTest } from "../engine";
import { watchDevices } from "./devices";
import { Microphone } from "./microphone";
import { applySink, context, keepAwake } from "./output";

/** Long enough to say a word and then hear it. */
const LATER_S = 1;

/** The microphone by itself, with a meter, played back if one wants. */
export class BrowserTest implements VoiceTest {
  readonly #context = context();
  readonly #microphone: Microphone;
  readonly #loop: GainNode;
  readonly #stop: () => void;
  #output: string | null;

  constructor(settings: VoiceSettings, listener: Pick<VoiceListener, "meter" | "trouble">) {
    this.#output = settings.output;
    const rest = keepAwake();
    void applySink(settings.output);
    this.#microphone = new Microphone(this.#context, settings.input, listener);
    const delay = new DelayNode(this.#context, { delayTime: LATER_S, maxDelayTime: LATER_S });
    this.#loop = new GainNode(this.#context, { gain: 0 });
    this.#microphone.output.connect(delay).connect(this.#loop).connect(this.#context.destination);
    const stop = watchDevices(() => this.#microphone.devicesChanged());
    this.#stop = () => {
      stop();
      rest();
    };
  }

  configure(settings: VoiceSettings): void {
    this.#microphone.configure(settings.input);
    if (settings.output !== this.#output) void applySink(settings.output);
    this.#output = settings.output;
  }

  setLoop(loop: Loop): void {
    void this.#context.resume();
    this.#microphone.setRaw(loop === "raw");
    this.#loop.gain.setTargetAtTime(loop === "off" ? 0 : 1, this.#context.currentTime, 0.02);
  }

  retry(): void {
    this.#microphone.retry();
  }

  close(): void {
    this.#stop();
    this.#loop.disconnect();
    this.#microphone.close();
  }
}
