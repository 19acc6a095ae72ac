//! How good speech is to ears: PESQ (ITU-T P.862.2), by the reference implementation that the Python package `pesq` compiles.

use snug_engine::drift;
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// Two sounds come in, a score comes out.
const SCRIPT: &str = "
import sys, numpy, pesq
said, heard = numpy.split(numpy.frombuffer(sys.stdin.buffer.read(), '<f4'), 2)
print(pesq.pesq(16000, said, heard, 'wb'))
";

/// From 1.04 to 4.64. Nothing without a Python that has the package: `scripts/test` names one in `SNUG_PESQ_PYTHON`.
pub(crate) fn pesq(said: &[f32], heard: &[f32]) -> Option<f64> {
    let python = std::env::var_os("SNUG_PESQ_PYTHON")?;
    assert_eq!(said.len(), heard.len());
    let mut child = Command::new(python).args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for sound in [said, heard] {
        let bytes: Vec<u8> = drift::resample(sound, 48_000, 16_000).unwrap().into_iter().flat_map(f32::to_le_bytes).collect();
        input.write_all(&bytes).unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "PESQ failed");
    Some(String::from_utf8(output.stdout).unwrap().trim().parse().unwrap())
}
