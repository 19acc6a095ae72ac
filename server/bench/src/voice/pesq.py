"""Says how much like the speech in the first file that in the second sounds: PESQ (ITU-T P.862), for each pair of files.

Files have one channel of 16 bits at 16 kHz. Prints {"nb": P.862.1, "wb": P.862.2} for each pair, a line
each; null where no speech is found.
"""

import json
import sys
import wave

import numpy
import pesq

RATE = 16_000


def read(path):
    with wave.open(path) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
            sys.exit(f"{path} is not of one channel of 16 bits at {RATE} Hz")
        return numpy.frombuffer(file.readframes(file.getnframes()), numpy.int16)


def score(said, heard):
    try:
        return {mode: float(pesq.pesq(RATE, said, heard, mode)) for mode in ("nb", "wb")}
    except pesq.NoUtterancesError:
        return None


for said, heard in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
    print(json.dumps(score(read(said), read(heard))), flush=True)
