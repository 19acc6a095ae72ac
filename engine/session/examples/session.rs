//! A session for tests that are not written in Rust. It says how programs find it, `NAME=VALUE` line by line and an empty one, and
//! then does what it is told on standard input, a line each, with `ok` or `failed: …` for an answer. It ends with its input.
//!
//! ```text
//! plug NAME             a loudspeaker
//! unplug NAME
//! speaker NAME          by default
//! microphone NAME       by default
//! say NAME FILE         a microphone that says what is in a WAV file, again and again
//! hush NAME             it is pulled out
//! record NAME FILE      what is played on a loudspeaker, from now on
//! stop NAME             ends that, and writes the file
//! kill                  PipeWire ends, as in a crash
//! restart               and is there again
//! pulse                 for browsers
//! ```

use snug_session::{
    Class, Session,
    sound::{Place, RATE, Sound},
};
use std::{
    collections::HashMap,
    error::Error,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
};

/// How long a microphone talks.
const LONG_S: usize = 600;

type Outcome = Result<(), Box<dyn Error>>;

struct Stage {
    session: Session,
    microphones: HashMap<String, Sound>,
    tapes: HashMap<String, (Sound, PathBuf)>,
}

fn main() -> Outcome {
    let session = Session::start()?;
    for (name, value) in session.variables() {
        println!("{name}={}", value.display());
    }
    println!();
    let mut stage = Stage { session, microphones: HashMap::new(), tapes: HashMap::new() };
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match stage.follow(&words) {
            Ok(()) => println!("ok"),
            Err(error) => println!("failed: {error}"),
        }
        io::stdout().flush()?;
    }
    Ok(())
}

impl Stage {
    fn follow(&mut self, words: &[&str]) -> Outcome {
        match *words {
            ["plug", name] => self.session.plug(Class::Sink, name, name)?,
            ["unplug", name] => self.session.unplug(name)?,
            ["speaker", name] => self.session.set_default_sink(name)?,
            ["microphone", name] => self.session.set_default_source(name)?,
            ["say", name, file] => {
                let place = Place::Microphone { name: name.to_owned(), description: name.to_owned() };
                let sound = Sound::play(&self.session.socket(), place, again_and_again(Path::new(file))?)?;
                self.microphones.insert(name.to_owned(), sound);
            }
            ["hush", name] => drop(self.microphones.remove(name)),
            ["record", name, file] => {
                let sound = Sound::record(&self.session.socket(), Place::Monitor(name.to_owned()))?;
                self.tapes.insert(name.to_owned(), (sound, file.into()));
            }
            ["stop", name] => {
                let (sound, file) = self.tapes.remove(name).ok_or("nothing is recorded there")?;
                write(&file, &sound.tape().samples)?;
            }
            ["kill"] => self.session.kill(),
            ["restart"] => self.session.restart()?,
            ["pulse"] => self.session.start_pulse()?,
            _ => return Err("that is not known".into()),
        }
        Ok(())
    }
}

/// What is in a file, at this session's rate, until nobody listens any more.
fn again_and_again(file: &Path) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut reader = hound::WavReader::open(file)?;
    let spec = reader.spec();
    if spec.channels != 1 || spec.bits_per_sample != 16 {
        return Err("a file with one channel of 16 bits is wanted".into());
    }
    let samples: Vec<f32> = reader.samples::<i16>().map(|sample| sample.map(|sample| f32::from(sample) / 32_768.0)).collect::<Result<_, _>>()?;
    if samples.is_empty() {
        return Err("there is nothing in the file".into());
    }
    let step = f64::from(spec.sample_rate) / f64::from(RATE);
    Ok((0..LONG_S * RATE as usize)
        .map(|at| {
            let place = at as f64 * step;
            let (before, share) = (place as usize % samples.len(), place.fract() as f32);
            samples[before] * (1.0 - share) + samples[(before + 1) % samples.len()] * share
        })
        .collect())
}

fn write(file: &Path, samples: &[f32]) -> Outcome {
    let spec = hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 32, sample_format: hound::SampleFormat::Float };
    let mut writer = hound::WavWriter::create(file, spec)?;
    for sample in samples {
        writer.write_sample(*sample)?;
    }
    Ok(writer.finalize()?)
}
