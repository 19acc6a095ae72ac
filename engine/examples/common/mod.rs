//! What the examples share: where sound comes from and goes to, and meters in a terminal.

use clap::Args;
use snug_engine::device::{
    Choice, DeviceError, Devices,
    file::{Files, Split},
    system::System,
};

/// Where sound comes from and goes to.
#[derive(Args, Debug)]
pub(crate) struct Sound {
    /// The microphone: a WAV file, `device` for the default one, or the id of one that --list shows.
    #[arg(long, default_value = "device")]
    input: String,
    /// The loudspeaker: a WAV file to write, `device`, `none`, or an id.
    #[arg(long, default_value = "device")]
    output: String,
    /// Begin the input file anew when it ends.
    #[arg(long)]
    repeat: bool,
    /// List the devices, and nothing else.
    #[arg(long)]
    pub(crate) list: bool,
}

fn is_file(name: &str) -> bool {
    name.ends_with(".wav")
}

fn choice(name: &str) -> Choice {
    if name == "device" || is_file(name) { Choice::Default } else { Choice::Id(name.to_owned()) }
}

impl Sound {
    /// The devices, the microphone's choice and the loudspeaker's.
    pub(crate) fn open(&self) -> (Box<dyn Devices>, Choice, Choice) {
        let file = |name: &str| is_file(name).then(|| name.into());
        let files = Files { input: file(&self.input), output: file(&self.output), repeat: self.repeat };
        let input_is_file = is_file(&self.input);
        let output_is_file = is_file(&self.output) || self.output == "none";
        let devices: Box<dyn Devices> = match (input_is_file, output_is_file) {
            (true, true) => Box::new(files),
            (true, false) => Box::new(Split { microphones: files, speakers: System::default() }),
            (false, true) => Box::new(Split { microphones: System::default(), speakers: files }),
            (false, false) => Box::new(System::default()),
        };
        (devices, choice(&self.input), choice(&self.output))
    }

    /// Prints what --list is to show.
    pub(crate) fn print_devices() -> Result<(), DeviceError> {
        for device in System::default().list()? {
            println!("{:?}\t{}\t{}", device.direction, device.id, device.name);
        }
        Ok(())
    }
}

/// A level as a bar: from -60 dBFS to 0.
pub(crate) fn bar(level_db: f32) -> String {
    let filled = ((level_db + 60.0) / 3.0).clamp(0.0, 20.0) as usize;
    format!("[{}{}]", "#".repeat(filled), " ".repeat(20 - filled))
}
