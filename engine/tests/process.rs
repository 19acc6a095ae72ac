//! Echo and noise, with speech in a room.

mod common;
#[path = "common/pesq.rs"]
mod pesq;

use common::{Seeded, db, energy};
use pesq::pesq;
use snug_engine::{
    process::{Noise, Processor, Settings},
    sound::{BLOCK, Block},
};

const SECOND: usize = 48_000;

fn blocks(sound: &[f32]) -> impl Iterator<Item = Block> {
    sound.chunks_exact(BLOCK).map(|block| block.try_into().unwrap())
}

/// What the microphone sends while `far` is played.
fn process(settings: Settings, far: &[f32], microphone: &[f32]) -> Vec<f32> {
    let mut processor = Processor::new(settings);
    let mut sent = Vec::new();
    for (far, mut near) in blocks(far).zip(blocks(microphone)) {
        processor.play(&far);
        processor.process(&mut near);
        sent.extend_from_slice(&near);
    }
    sent
}

/// Sound as it comes back from a room, 10 dB softer: after 30 ms, then for 150 ms less and less.
fn echo(far: &[f32]) -> Vec<f32> {
    echo_of(far, 7)
}

/// As from another room for every seed.
fn echo_of(far: &[f32], room: u64) -> Vec<f32> {
    let mut random = Seeded(room);
    let mut room = vec![(1_440, 1.0)];
    for _ in 0..150 {
        let at = random.next() * 7_200.0;
        let sign = if random.next() < 0.5 { -1.0 } else { 1.0 };
        room.push((1_440 + at as usize, sign * 0.5 * (-at / 1_500.0).exp()));
    }
    let mut back = vec![0.0; far.len()];
    for (delay, gain) in room {
        for (to, from) in back[delay..].iter_mut().zip(far) {
            *to += from * gain;
        }
    }
    let scale = (energy(far) / energy(&back) * 0.1).sqrt() as f32;
    back.iter().map(|sample| sample * scale).collect()
}

fn lasting(sound: &[f32], samples: usize) -> Vec<f32> {
    sound.iter().copied().cycle().take(samples).collect()
}

/// How far the best alignment of two sounds may be off: what processing delays.
const DELAY: usize = 960;

/// The best correlation of two sounds.
fn likeness(a: &[f32], b: &[f32]) -> f64 {
    let at = |shift: usize| {
        let dot: f64 = a.iter().zip(&b[shift..]).map(|(x, y)| f64::from(x * y)).sum();
        let length = a.len().min(b.len() - shift) as f64;
        dot / length / (energy(a) * energy(b)).sqrt()
    };
    (0..DELAY).step_by(4).map(at).fold(-1.0, f64::max)
}

#[test]
fn echo_is_gone_and_whoever_speaks_is_heard() {
    let far_voice = common::speech("en-us", common::SENTENCES);
    let near_voice = common::speech("en-gb", "Four hours of steady work faced us. A large size in stockings is hard to sell.");
    let near_voice = &near_voice[..near_voice.len() / BLOCK * BLOCK];
    // The far side speaks for 12 s; then, after half a second, the near one; then both.
    let mut far = lasting(&far_voice, 12 * SECOND);
    far.extend(vec![0.0; SECOND / 2 + near_voice.len()]);
    far.extend(lasting(&far_voice, near_voice.len()));
    let back = echo(&far);
    let mut microphone = back.clone();
    let begins = 12 * SECOND + SECOND / 2;
    for (at, sample) in near_voice.iter().enumerate() {
        microphone[begins + at] += sample;
        microphone[begins + near_voice.len() + at] += sample;
    }
    let settings = Settings { echo: true, noise: Noise::Off, gain: false };
    let sent = process(settings, &far, &microphone);

    let alone = 6 * SECOND..12 * SECOND;
    let reduction = db(energy(&back[alone.clone()]) / energy(&sent[alone]));
    assert!(reduction > 30.0, "echo is {reduction:.1} dB softer");

    // The high-pass changes the shape of a voice: what it is like without any echo is what it should be like.
    let without = process(settings, &vec![0.0; near_voice.len()], near_voice);
    let near = begins..begins + near_voice.len();
    let both = begins + near_voice.len()..sent.len();
    let alike = likeness(&without, &sent[near.clone()]);
    assert!(alike > 0.9, "the near voice alone: {alike:.2}");
    let kept = db(energy(&sent[near.clone()]) / energy(&without));
    assert!(kept.abs() < 2.0, "the near voice alone: {kept:.1} dB");
    let alike = likeness(&without, &sent[both.clone()]);
    assert!(alike > 0.7, "the near voice over the far one: {alike:.2}");

    let score = |sound: &[f32]| pesq(near_voice, sound);
    if let (Some(best), Some(alone), Some(over), Some(untouched)) =
        (score(&without), score(&sent[near]), score(&sent[both.clone()]), score(&microphone[both]))
    {
        println!(
            "PESQ of the near voice: {best:.2} without echo, {alone:.2} alone, {over:.2} over the far one, which as it is leaves {untouched:.2}"
        );
        assert!(best - alone < 0.3, "PESQ of the near voice alone: {alone:.2} of {best:.2}");
        // What takes the echo away may take of the voice, but less than the echo did.
        assert!(over > untouched, "PESQ of the near voice over the far one: {over:.2} of {untouched:.2}");
    }
}

#[test]
fn a_loudspeaker_that_is_moved_is_not_heard() {
    let far = lasting(&common::speech("en-us", common::SENTENCES), 16 * SECOND);
    let moves = 12 * SECOND;
    for (before, after) in [(7, 21), (8, 22), (3, 4)] {
        let mut microphone = echo_of(&far, before);
        microphone[moves..].copy_from_slice(&echo_of(&far, after)[moves..]);
        let sent = process(Settings { echo: true, noise: Noise::Off, gain: false }, &far, &microphone);
        let reduction = |from: usize, to: usize| {
            let part = moves + from * SECOND / 2..moves + to * SECOND / 2;
            db(energy(&microphone[part.clone()]) / energy(&sent[part]))
        };
        let (at_once, soon) = (reduction(0, 2), reduction(2, 8));
        println!("a move from room {before} to {after}: echo is {at_once:.1} dB softer in the first second, then {soon:.1}");
        assert!(at_once > 15.0 && soon > 30.0, "from room {before} to {after}: {at_once:.1} dB softer at once, then {soon:.1}");
    }
}

/// Pink noise (Kellet's filter).
fn pink(samples: usize) -> Vec<f32> {
    let mut random = Seeded(11);
    let mut state = [0.0f32; 3];
    (0..samples)
        .map(|_| {
            let white = random.next() - 0.5;
            state[0] = 0.99765 * state[0] + white * 0.099_046;
            state[1] = 0.963 * state[1] + white * 0.296_516_4;
            state[2] = 0.57 * state[2] + white * 1.052_691_3;
            state.iter().sum::<f32>() + white * 0.1848
        })
        .collect()
}

/// Keys: short clicks that ring at a few kilohertz, seven in a second.
fn keyboard(samples: usize) -> Vec<f32> {
    let mut random = Seeded(13);
    let mut sound = vec![0.0; samples];
    let mut at = 0;
    while at + 4_000 < samples {
        let pitch = 1_500.0 + random.next() * 3_500.0;
        for part in [0, 3_000] {
            for index in 0..900 {
                let t = index as f32 / 48_000.0;
                let ring = (t * pitch * std::f32::consts::TAU).sin() + random.next() - 0.5;
                sound[at + part + index] += ring * (-t * 300.0).exp();
            }
        }
        at += 4_000 + (random.next() * 6_000.0) as usize;
    }
    sound
}

/// By how many decibels the ratio of speech to noise gets better: levels where somebody speaks and where nobody does.
fn improvement(noise: &[f32], settings: Settings) -> f64 {
    let voice = common::speech("en-us", "Glue the sheet to the dark blue background.");
    let mut clean = vec![0.0; SECOND];
    for _ in 0..5 {
        clean.extend_from_slice(&voice);
        clean.extend(vec![0.0; SECOND]);
    }
    let speaking: Vec<bool> = clean.chunks(BLOCK).map(|block| energy(block) > 1e-5).collect();
    let level = |sound: &[f32], wanted: bool| {
        let start = sound.len() / BLOCK / 3;
        let (sum, count) = sound
            .chunks_exact(BLOCK)
            .zip(&speaking)
            .skip(start)
            .filter(|(_, speaking)| **speaking == wanted)
            .fold((0.0, 0), |(sum, count), (block, _)| (sum + energy(block), count + 1));
        sum / f64::from(count)
    };
    let scale = (level(&clean, true) / energy(&noise[..clean.len()]) * 0.1).sqrt() as f32;
    let noisy: Vec<f32> = clean.iter().zip(noise).map(|(voice, noise)| voice + noise * scale).collect();
    let sent = process(settings, &vec![0.0; noisy.len()], &noisy);
    let ratio = |sound: &[f32]| level(sound, true) / level(sound, false);
    db(ratio(&sent) / ratio(&noisy))
}

#[test]
fn noise_is_much_softer_than_speech() {
    let settings = |noise| Settings { echo: false, noise, gain: false };
    let long = 40 * SECOND;
    let pink = pink(long);
    let keyboard = keyboard(long);
    for noise in [Noise::Standard, Noise::Strong] {
        for (name, sound) in [("pink noise", &pink), ("keyboard", &keyboard)] {
            let better = improvement(sound, settings(noise));
            println!("{name} with {noise:?}: {better:.1} dB better");
            assert!(better > 8.0, "{name} with {noise:?}: {better:.1} dB better");
        }
    }
}

#[test]
fn speech_without_noise_stays_as_it_is() {
    let voice = lasting(&common::speech("en-us", common::SENTENCES), 20 * SECOND);
    // After it is known that there is no noise.
    let heard = 5 * SECOND..20 * SECOND;
    let score = |noise| {
        let sent = process(Settings { echo: false, noise, gain: true }, &vec![0.0; voice.len()], &voice);
        pesq(&voice[heard.clone()], &sent[heard.clone()])
    };
    for (noise, loss) in [(Noise::Standard, 0.25), (Noise::Strong, 0.25)] {
        if let (Some(without), Some(with)) = (score(Noise::Off), score(noise)) {
            println!("PESQ with {noise:?}: {with:.2} of {without:.2}");
            assert!(without - with < loss, "PESQ with {noise:?}: {with:.2} of {without:.2}");
        }
    }
}

#[test]
fn a_soft_voice_becomes_louder_and_a_loud_one_does_not_clip() {
    let voice = lasting(&common::speech("en-us", common::SENTENCES), 20 * SECOND);
    let settings = Settings { echo: false, noise: Noise::Off, gain: true };
    let level = |gain: f32| {
        let microphone: Vec<f32> = voice.iter().map(|sample| (sample * gain).clamp(-1.0, 1.0)).collect();
        let sent = process(settings, &vec![0.0; microphone.len()], &microphone);
        let end = &sent[15 * SECOND..];
        assert!(end.iter().all(|sample| sample.abs() <= 1.0));
        db(energy(end))
    };
    let (soft, normal) = (level(0.03), level(0.5));
    assert!((soft - normal).abs() < 6.0, "{soft:.1} and {normal:.1} dB");
}

#[test]
fn with_everything_off_the_microphone_is_heard_as_it_is() {
    let off = Settings { echo: false, noise: Noise::Off, gain: false };
    let mut voice = common::speech("en-us", "Rice is often served in round bowls.");
    voice.truncate(SECOND);
    assert!(process(off, &vec![0.1; SECOND], &voice) == voice);
}
