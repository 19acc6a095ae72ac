//! Any packets at any time: the jitter buffer gives 10 ms of sound within its range whenever it is asked.
//!
//! Each step is 8 bytes (how long to wait, how many blocks to pull, sequence, timestamp and kind, length) and a payload.

#![no_main]

use libfuzzer_sys::fuzz_target;
use snug_engine::{
    codec::Decoder,
    jitter::{JitterBuffer, Packet},
    sound::BLOCK,
};
use std::time::{Duration, Instant};

fuzz_target!(|data: &[u8]| {
    let mut now = Instant::now();
    let mut buffer = JitterBuffer::new(now, Decoder::new().unwrap());
    let mut block = [0.0; BLOCK];
    let (mut sequence, mut timestamp) = (0u16, 0u32);
    let mut rest = data;
    while let Some((&[wait, pulls, step, high, low, scale, kind, length], after)) = rest.split_first_chunk() {
        let (payload, after) = after.split_at(usize::from(length).min(after.len()));
        rest = after;
        sequence = sequence.wrapping_add_signed(i16::from(step as i8));
        timestamp = timestamp.wrapping_add_signed(i32::from(i16::from_be_bytes([high, low])) << (scale & 15));
        now += Duration::from_millis(wait.into());
        buffer.handle(now, Packet { sequence, timestamp, red: kind & 1 == 1, payload });
        if kind & 0x80 == 0x80 {
            buffer.reset();
        }
        for _ in 0..pulls % 16 {
            now += Duration::from_millis(10);
            buffer.pull(now, &mut block);
            assert!(block.iter().all(|sample| (-1.0..=1.0).contains(sample)));
        }
        buffer.stats();
    }
});
