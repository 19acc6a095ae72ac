//! Opus with real speech.

mod common;

use snug_engine::codec::{Decode, Decoder, Encoder, Encoding};

fn packets(encoder: &mut Encoder, sound: &[f32]) -> Vec<Vec<u8>> {
    sound.chunks_exact(960).map(|frame| encoder.encode(frame).unwrap().to_vec()).collect()
}

#[test]
fn packets_repair_the_one_before_them_once_loss_is_reported() {
    let speech = common::speech("en-us", common::SENTENCES);
    let decoder = Decoder::new().unwrap();
    for bitrate in [28_000, 64_000] {
        let mut encoder = Encoder::new(Encoding { bitrate, fec: true, ..Encoding::default() }).unwrap();
        let share = |packets: &[Vec<u8>]| packets.iter().filter(|packet| decoder.repairs(packet)).count() as f32 / packets.len() as f32;
        assert_eq!(share(&packets(&mut encoder, &speech)), 0.0);
        encoder.set(Encoding { bitrate, fec: true, loss: 0.2, ..Encoding::default() }).unwrap();
        let share = share(&packets(&mut encoder, &speech));
        assert!(share > 0.5, "{share} at {bitrate}");
    }
}

#[test]
fn the_bitrate_changes_while_somebody_speaks() {
    let speech = common::speech("en-us", common::SENTENCES);
    let mut encoder = Encoder::new(Encoding::default()).unwrap();
    let mut bitrate = |wanted| {
        encoder.set(Encoding { bitrate: wanted, ..Encoding::default() }).unwrap();
        let packets = packets(&mut encoder, &speech);
        packets.iter().map(Vec::len).sum::<usize>() * 8 * 50 / packets.len()
    };
    for wanted in [64_000, 16_000, 128_000] {
        let found = bitrate(wanted);
        assert!((wanted as usize / 2..wanted as usize * 13 / 10).contains(&found), "{found} for {wanted}");
    }
}
