import type * as P from "../../src/protocol/generated";

export interface How {
  token: string;
  channel: P.ChannelId;
  /** Or listens. */
  speaks: boolean;
}

/** Runs in a page, and needs nothing else: joins a voice channel, and resolves when media flows. */
export async function call({ token, channel, speaks }: How): Promise<void> {
  const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const track = speaks ? (await navigator.mediaDevices.getUserMedia({ audio: sound })).getAudioTracks()[0]! : null;
  const pc = new RTCPeerConnection();
  pc.ontrack = ({ track: heard }) => {
    const audio = new Audio();
    audio.srcObject = new MediaStream([heard]);
    void audio.play();
  };
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`);
  const send = (frame: P.ClientFrame): void => socket.send(JSON.stringify(frame));

  async function answer(offer: P.VoiceOffer): Promise<void> {
    await pc.setRemoteDescription({ type: "offer", sdp: offer.sdp });
    const mids = offer.takes.filter((take) => take.kind === "microphone").map((take) => take.mid);
    for (const transceiver of pc.getTransceivers()) {
      if (!mids.includes(transceiver.mid ?? "")) continue;
      transceiver.direction = "sendonly";
      await transceiver.sender.replaceTrack(track);
    }
    await pc.setLocalDescription(await pc.createAnswer());
    send({ op: "voice_answer", d: { connection: offer.connection, negotiation: offer.negotiation, sdp: pc.localDescription?.sdp ?? "" } });
  }

  let turn = Promise.resolve();
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const frame = JSON.parse(data) as P.ServerFrame;
    if (frame.op === "hello") {
      send({ op: "identify", d: { token, version: 1 } });
      setInterval(() => send({ op: "heartbeat", d: { s: 0 } }), frame.d.heartbeat_interval_ms / 2);
    } else if (frame.op === "ready") send({ op: "voice_join", d: { channel_id: channel, self_mute: false, self_deaf: false } });
    else if (frame.op === "dispatch" && frame.t === "voice_offer") {
      const offer = frame.d;
      turn = turn.then(() => answer(offer));
    }
  };
  await new Promise<void>((done) => {
    pc.onconnectionstatechange = () => pc.connectionState === "connected" && done();
  });
}
