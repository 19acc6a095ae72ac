//! Opens devices, and opens others when they go away. It may take its time: the voice thread goes on without.

use crate::device::{Choice, Device, DeviceError, Devices, Direction, Microphone, Speaker};
use std::{
    io,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

/// How often devices that are away are looked for, and the list is compared.
const LOOK: Duration = Duration::from_secs(1);

/// A device, opened or to be closed. Closing may take its time too.
pub(super) enum Opened {
    Microphone(Box<dyn Microphone>),
    Speaker(Box<dyn Speaker>),
}

impl Opened {
    pub(super) fn direction(&self) -> Direction {
        match self {
            Self::Microphone(_) => Direction::Input,
            Self::Speaker(_) => Direction::Output,
        }
    }
}

/// What the voice thread wants.
pub(super) enum Wish {
    /// This device, or another one until it is there.
    Use(Direction, Choice),
    /// None.
    Off(Direction),
    /// The one handed over is broken.
    Lost(Opened),
    /// The one handed over is not used any more.
    Close(Opened),
}

/// What the keeper tells.
pub(super) enum News {
    /// The list of devices.
    Devices(Vec<Device>),
    /// A device to use; whether it stands in for the chosen one.
    Here { opened: Opened, instead: bool },
    /// None works.
    None { direction: Direction, error: DeviceError },
}

/// The voice thread's side.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) wishes: Sender<Wish>,
    pub(super) news: Receiver<News>,
}

/// Starts the keeper. It ends when its [`Keeper`] is dropped.
pub(super) fn spawn(devices: Box<dyn Devices>) -> io::Result<Keeper> {
    let (wishes, wished) = mpsc::channel();
    let (told, news) = mpsc::channel();
    let desk = Desk { devices, told, listed: Vec::new(), slots: [Slot::default(), Slot::default()] };
    thread::Builder::new().name("snug-devices".to_owned()).spawn(move || desk.run(&wished))?;
    Ok(Keeper { wishes, news })
}

#[derive(Debug, Default)]
enum Slot {
    /// Nothing is wanted.
    #[default]
    Off,
    /// This one is wanted; none is open.
    Wanted { choice: Choice, told: bool },
    /// One is open.
    Open { choice: Choice, instead: bool },
}

struct Desk {
    devices: Box<dyn Devices>,
    told: Sender<News>,
    listed: Vec<Device>,
    slots: [Slot; 2],
}

fn index(direction: Direction) -> usize {
    match direction {
        Direction::Input => 0,
        Direction::Output => 1,
    }
}

impl Desk {
    fn run(mut self, wished: &Receiver<Wish>) {
        self.look();
        let mut looked = Instant::now();
        loop {
            match wished.recv_timeout(LOOK.saturating_sub(looked.elapsed())) {
                Ok(wish) => self.take(wish),
                Err(RecvTimeoutError::Timeout) => {
                    self.look();
                    looked = Instant::now();
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn take(&mut self, wish: Wish) {
        match wish {
            Wish::Use(direction, choice) => {
                self.slots[index(direction)] = Slot::Wanted { choice, told: false };
                self.open(direction);
            }
            Wish::Off(direction) => self.slots[index(direction)] = Slot::Off,
            Wish::Close(opened) => drop(opened),
            Wish::Lost(opened) => {
                let direction = opened.direction();
                drop(opened);
                let slot = &mut self.slots[index(direction)];
                if let Slot::Open { choice, .. } = slot {
                    *slot = Slot::Wanted { choice: std::mem::take(choice), told: false };
                    self.open(direction);
                }
            }
        }
    }

    /// Compares the list, and looks for what is away.
    fn look(&mut self) {
        match self.devices.list() {
            Ok(devices) if devices != self.listed => {
                self.listed.clone_from(&devices);
                self.tell(News::Devices(devices));
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the devices are not to be listed now"),
        }
        for direction in [Direction::Input, Direction::Output] {
            match &self.slots[index(direction)] {
                Slot::Wanted { .. } => self.open(direction),
                Slot::Open { choice: Choice::Id(id), instead: true } if self.is_listed(id, direction) => self.open(direction),
                Slot::Off | Slot::Open { .. } => {}
            }
        }
    }

    fn is_listed(&self, id: &str, direction: Direction) -> bool {
        self.listed.iter().any(|device| device.id == id && device.direction == direction)
    }

    fn open(&mut self, direction: Direction) {
        let (choice, is_open, told) = match &self.slots[index(direction)] {
            Slot::Off => return,
            Slot::Wanted { choice, told } => (choice.clone(), false, *told),
            Slot::Open { choice, .. } => (choice.clone(), true, false),
        };
        let mut open = |choice: &Choice| match direction {
            Direction::Input => self.devices.microphone(choice).map(Opened::Microphone),
            Direction::Output => self.devices.speaker(choice).map(Opened::Speaker),
        };
        let result = match (open(&choice), &choice) {
            (Ok(opened), _) => Ok((opened, false)),
            // One that works stands in already.
            (Err(error), _) if is_open => Err(error),
            (Err(error), Choice::Default) => Err(error),
            (Err(error), Choice::Id(_)) => {
                tracing::debug!(%error, "the default device stands in");
                open(&Choice::Default).map(|opened| (opened, true))
            }
        };
        match result {
            Ok((opened, instead)) => {
                self.slots[index(direction)] = Slot::Open { choice, instead };
                self.tell(News::Here { opened, instead });
            }
            Err(_) if is_open => {}
            Err(error) => {
                self.slots[index(direction)] = Slot::Wanted { choice, told: true };
                if !told {
                    self.tell(News::None { direction, error });
                }
            }
        }
    }

    fn tell(&self, news: News) {
        if self.told.send(news).is_err() {
            tracing::trace!("the voice thread is gone");
        }
    }
}
