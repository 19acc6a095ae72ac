import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/*
 * Voices, each with words of its own, so that one is not taken for another. After its words each is silent for a while: else
 * all would talk at once all the time.
 */

const PAUSE_S = 7;

const VOICES = {
  ada: ["en-us", "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. It is easy to tell the depth of a well."],
  ben: ["en-gb+f3", "Rice is often served in round bowls. The juice of lemons makes fine punch. The box was thrown beside the parked truck."],
  clara: ["de", "Der Wind weht kalt über das weite Feld. Am Abend sitzen alle am Feuer und erzählen. Morgen fährt der Zug sehr früh."],
  denis: ["fr+f2", "Le chat dort sur la chaise près de la fenêtre. Demain nous irons marcher le long de la rivière. Il fait beau ce matin."],
  elena: ["es+m4", "El perro corre por la playa toda la mañana. Mi hermana compra pan y queso en el mercado. La luna brilla sobre el mar."],
  fabio: ["it", "La bambina gioca nel giardino con la palla rossa. Domani andremo al mare con gli amici. Il treno parte alle nove."],
} as const;

export type Voice = keyof typeof VOICES;

/** Lets espeak-ng say somebody's words, into a file in a folder, and be silent after them for so many seconds. */
export function speak(voice: Voice, folder: string, pause = PAUSE_S): string {
  const file = join(folder, `${voice}.wav`);
  const [language, words] = VOICES[voice];
  execFileSync("espeak-ng", ["-v", language, "-s", "160", "-w", file, words]);
  const spoken = readFileSync(file);
  const rate = spoken.readUInt32LE(24);
  const whole = Buffer.concat([spoken, Buffer.alloc(pause * rate * 2)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  whole.writeUInt32LE(whole.length - 44, 40);
  writeFileSync(file, whole);
  return file;
}
