//! What connections leave behind when they are over. Alone in its program: it counts what the program has open.
#![allow(dead_code)] // It uses a part of the stage.

#[path = "transport/stage.rs"]
mod stage;

use snug_engine::transport::Stack;
use stage::Stage;
use std::{
    fs, thread,
    time::{Duration, Instant},
};

/// Open files and threads.
fn open() -> (usize, usize) {
    let count = |folder| fs::read_dir(folder).unwrap().count();
    (count("/proc/self/fd"), count("/proc/self/task"))
}

#[test]
fn connections_that_are_over_leave_nothing_behind() {
    for stack in Stack::ALL {
        // The first ones bring what stays for good.
        drop(Stage::with(&[stack, stack]));
        thread::sleep(Duration::from_millis(500));
        let before = open();
        for _ in 0..4 {
            let mut stage = Stage::with(&[stack, stack]);
            // One is closed, the other only dropped.
            stage.peers[0].transport.close();
        }
        let begun = Instant::now();
        while open().0 > before.0 || open().1 > before.1 {
            assert!(begun.elapsed() < Duration::from_secs(10), "{stack}: {before:?} files and threads were open before, and {:?} after", open());
            thread::sleep(Duration::from_millis(20));
        }
    }
}
