//! Keys from anywhere, by each way: with a desktop's portal that the test plays, a real X server, the real `snug-ptt`, and devices
//! that are pipes.

mod common;
mod evdev;
mod portal;
mod socket;
mod x11;
