/* Runs in the page, before anything of the app. */

export interface Tap {
  /** When the microphone was opened, by `performance.now()`. */
  opened: number | null;
  connection(): RTCPeerConnectionState | null;
  /** What arrived so far, once it ends: 16 bits, as base64. */
  take(): Promise<{ rate: number; samples: string; missing: number }>;
  /** Whether a track is listened to. */
  listening(): boolean;
}
declare global {
  interface Window {
    tap: Tap;
  }
}

export interface How {
  /** `address:port` in the place of the server's. */
  relay: string;
  /** Whether RED is offered, and so preferred: the app's way. Else Opus with its own repair data. */
  red: boolean;
}

/** Leads media through a relay, and records what arrives, before the app changes it. */
export function tap({ relay, red }: How): void {
  // The empty page before the first one has no microphone.
  if (!isSecureContext) return;
  const [ip, port] = relay.split(":") as [string, string];
  /** One candidate for each m-line, by UDP. */
  const through = (sdp: string): string =>
    sdp
      .split("\r\n")
      .filter((line) => !line.startsWith("a=candidate:") || / udp /i.test(line))
      .map((line) => (line.startsWith("a=candidate:") ? line.replace(/^(a=candidate:\S+ \S+ \S+ \S+) \S+ \S+/, `$1 ${ip} ${port}`) : line))
      .join("\r\n");
  /** Chromium sends by what it was offered, whatever it is told to prefer: RED must not be offered. */
  const plain = (sdp: string): string => {
    const type = /^a=rtpmap:(\d+) red\//m.exec(sdp)?.[1];
    if (type === undefined) return sdp;
    return sdp
      .split("\r\n")
      .filter((line) => !line.startsWith(`a=rtpmap:${type} `) && !line.startsWith(`a=fmtp:${type} `))
      .map((line) => (line.startsWith("m=audio") ? line.replace(new RegExp(` ${type}(?= |$)`), "") : line))
      .join("\r\n");
  };
  const pcs: RTCPeerConnection[] = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      pcs.push(this);
    }

    override setRemoteDescription(one?: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ type: "offer", ...one, sdp: through(red ? (one?.sdp ?? "") : plain(one?.sdp ?? "")) });
    }
  };

  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    window.tap.opened ??= performance.now();
    return stream;
  };

  // Without a device a browser takes 44.1 kHz and resamples twice: most devices have the rate of Opus.
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super({ ...options, sampleRate: 48_000 });
    }
  };

  const worklet = `registerProcessor("tap", class extends AudioWorkletProcessor {
    sound = new Float32Array(4800);
    at = 0;
    frame = currentFrame;
    process([input]) {
      const missing = currentFrame - this.frame;
      this.frame = currentFrame + 128;
      for (let i = 0; i < 128; i++) {
        this.sound[this.at++] = input[0] ? input[0][i] : 0;
        if (this.at === this.sound.length) {
          this.port.postMessage({ sound: this.sound.slice(), missing });
          this.at = 0;
        }
      }
      return true;
    }
  });`;
  const blocks: Float32Array[] = [];
  let rate = 0;
  let missing = 0;
  const loaded = new WeakMap<BaseAudioContext, Promise<void>>();
  const make = AudioContext.prototype.createMediaStreamSource;
  AudioContext.prototype.createMediaStreamSource = function (stream) {
    const source = make.call(this, stream);
    const received = pcs.some((pc) => pc.getReceivers().some((one) => one.track === stream.getAudioTracks()[0]));
    if (!received) return source;
    rate = this.sampleRate;
    const ready = loaded.get(this) ?? this.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: "text/javascript" })));
    loaded.set(this, ready);
    void ready.then(() => {
      const node = new AudioWorkletNode(this, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
      node.port.onmessage = (message: MessageEvent<{ sound: Float32Array; missing: number }>) => {
        blocks.push(message.data.sound);
        missing += message.data.missing;
      };
      source.connect(node);
    });
    return source;
  };

  window.tap = {
    opened: null,
    connection: () => pcs.at(-1)?.connectionState ?? null,
    listening: () => rate > 0,
    async take() {
      const samples = new Int16Array(blocks.reduce((sum, one) => sum + one.length, 0));
      let at = 0;
      for (const block of blocks) for (const sample of block) samples[at++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
      const url = await new Promise<string>((done) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result as string);
        reader.readAsDataURL(new Blob([samples]));
      });
      return { rate, samples: url.slice(url.indexOf(",") + 1), missing };
    },
  };
}
