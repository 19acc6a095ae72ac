"""Somebody in a voice channel, by aiortc: a stack of WebRTC that shares no code with the others.

Usage: aiortc_friend.py SERVER INVITE NAME SPEECH.wav HEARD.wav

Registers with the invite, joins the first voice channel, and says the speech again and again. Writes what it hears to a
file when it is told to stop (SIGTERM): each track as a channel. Says "Up" when media flows.
"""

import array
import asyncio
import json
import signal
import sys
import urllib.request
import wave

import websockets
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer
from aiortc.mediastreams import MediaStreamError

PASSWORD = "correct horse battery staple"
RATE = 48_000


def register(server, invite, name):
    body = {"username": name, "password": PASSWORD, "display_name": None, "invite": invite, "server_password": None, "knock": None, "cookie": False}
    request = urllib.request.Request(f"{server}/api/v1/auth/register", json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["tokens"]["access_token"]


class Friend:
    def __init__(self, socket, speech):
        self.socket = socket
        self.speech = MediaPlayer(speech, loop=True)
        self.connection = None
        self.number = None
        self.heard = []

    async def send(self, op, data):
        await self.socket.send(json.dumps({"op": op, "d": data}))

    async def answer(self, offer):
        if offer["connection"] != self.number:
            self.number = offer["connection"]
            # No STUN servers: ours knows where everyone is. Where m-lines share a transport from the start, aiortc takes its
            # addresses from the last of them, and an offer names them in the first.
            self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_COMPAT))
            self.connection.on("track", lambda track: asyncio.ensure_future(self.listen(track)))
            self.connection.on("connectionstatechange", self.changed)
        await self.connection.setRemoteDescription(RTCSessionDescription(offer["sdp"], "offer"))
        takes = [take["mid"] for take in offer["takes"]]
        for transceiver in self.connection.getTransceivers():
            if transceiver.mid in takes and transceiver.sender.track is None:
                transceiver.sender.replaceTrack(self.speech.audio)
                transceiver.direction = "sendonly"
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        sdp = self.connection.localDescription.sdp
        await self.send("voice_answer", {"connection": offer["connection"], "negotiation": offer["negotiation"], "sdp": sdp})

    def changed(self):
        if self.connection.connectionState == "connected":
            print("Up", flush=True)

    async def listen(self, track):
        """Keeps what a track brings, as bytes of 16-bit samples, mono."""
        heard = bytearray()
        self.heard.append(heard)
        try:
            while True:
                frame = await track.recv()
                # Packed stereo at 48 kHz: the left side is every other sample.
                samples = memoryview(bytes(frame.planes[0]))[: frame.samples * len(frame.layout.channels) * 2].cast("h")
                heard += bytes(samples[:: len(frame.layout.channels)].tobytes())
        except MediaStreamError:
            pass

    async def talk(self, token):
        async for message in self.socket:
            frame = json.loads(message)
            if frame["op"] == "hello":
                await self.send("identify", {"token": token, "version": frame["d"]["version"]})
                beats = asyncio.ensure_future(self.beat(frame["d"]["heartbeat_interval_ms"] / 1000))
            elif frame["op"] == "ready":
                channels = [channel for space in frame["d"]["spaces"] for channel in space["channels"] if channel["kind"] == "voice"]
                await self.send("voice_join", {"channel_id": channels[0]["id"], "self_mute": False, "self_deaf": False})
            elif frame["op"] == "dispatch" and frame["t"] == "voice_offer":
                await self.answer(frame["d"])
        beats.cancel()

    async def beat(self, seconds):
        while True:
            await asyncio.sleep(seconds / 2)
            await self.send("heartbeat", {"s": 0})

    def write(self, path):
        frames = max((len(heard) // 2 for heard in self.heard), default=0)
        mixed = array.array("h", bytes(2 * frames * len(self.heard)))
        for channel, heard in enumerate(self.heard):
            # All end now; some began later.
            samples = array.array("h", bytes(2 * frames - len(heard)) + bytes(heard))
            mixed[channel :: len(self.heard)] = samples
        with wave.open(path, "wb") as file:
            file.setnchannels(len(self.heard))
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(mixed.tobytes())


async def main(server, invite, name, speech, path):
    token = register(server, invite, name)
    async with websockets.connect(server.replace("http", "ws", 1) + "/ws", max_size=None) as socket:
        friend = Friend(socket, speech)
        talk = asyncio.ensure_future(friend.talk(token))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, talk.cancel)
        try:
            await talk
        except asyncio.CancelledError:
            pass
        friend.write(path)
        if friend.connection:
            await friend.connection.close()


asyncio.run(main(*sys.argv[1:]))
