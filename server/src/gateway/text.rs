//! The text of a frame, in pieces: what many are sent alike is there once, however many are sent it.

use axum::body::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{
    io::{self, Write},
    sync::Arc,
};

/// The text of a frame.
#[derive(Debug)]
pub struct Text(Vec<Bytes>);

impl Text {
    /// A value as JSON. What of it is one of `shared` is not copied.
    pub fn json(value: &impl Serialize, shared: &[&Arc<RawValue>]) -> Self {
        let shared = shared.iter().map(|json| Bytes::from_owner(Shared((*json).clone()))).collect();
        let mut pieces = Pieces { shared, done: Vec::new(), own: Vec::new() };
        serde_json::to_writer(&mut pieces, value).expect("our types have string keys only");
        pieces.end();
        Self(pieces.done)
    }

    /// The whole, in parts of at most `most` bytes, and whether it is the last one.
    pub fn parts(self, most: usize) -> impl Iterator<Item = (Bytes, bool)> {
        let mut left = self.0.iter().map(|piece| piece.len().div_ceil(most)).sum::<usize>();
        self.0.into_iter().flat_map(move |piece| Parts { piece, most }).map(move |part| {
            left -= 1;
            (part, left == 0)
        })
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(vec![text.into()])
    }
}

struct Parts {
    piece: Bytes,
    most: usize,
}

impl Iterator for Parts {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let part = self.piece.split_to(self.most.min(self.piece.len()));
        (!part.is_empty()).then_some(part)
    }
}

struct Shared(Arc<RawValue>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.get().as_bytes()
    }
}

struct Pieces {
    shared: Vec<Bytes>,
    done: Vec<Bytes>,
    own: Vec<u8>,
}

impl Pieces {
    fn end(&mut self) {
        if !self.own.is_empty() {
            self.done.push(std::mem::take(&mut self.own).into());
        }
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A raw value is written whole, from where it is.
        match self.shared.iter().find(|shared| shared.as_ptr() == bytes.as_ptr() && shared.len() == bytes.len()).cloned() {
            Some(shared) => {
                self.end();
                self.done.push(shared);
            }
            None => self.own.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Frame<'a> {
        before: u32,
        large: &'a RawValue,
        after: &'a str,
    }

    #[test]
    fn what_is_shared_is_not_copied() {
        let large: Arc<RawValue> = serde_json::value::to_raw_value(&["x".repeat(100), "é".repeat(50)]).unwrap().into();
        let frame = Frame { before: 1, large: &large, after: "end" };
        let text = Text::json(&frame, &[&large]);
        assert_eq!(text.0.len(), 3);
        assert_eq!(text.0[1].as_ptr(), large.get().as_ptr());
        assert_eq!(text.0.concat(), serde_json::to_vec(&frame).unwrap());
    }

    #[test]
    fn the_parts_are_the_whole() {
        let text = || Text(vec!["0123456789".into(), "abc".into(), "defg".into()]);
        for most in 1..20 {
            let parts: Vec<_> = text().parts(most).collect();
            assert!(parts.iter().all(|(part, _)| (1..=most).contains(&part.len())));
            assert_eq!(parts.iter().map(|(_, last)| usize::from(*last)).sum::<usize>(), 1);
            assert!(parts.last().unwrap().1);
            assert_eq!(parts.into_iter().flat_map(|(part, _)| part).collect::<Vec<_>>(), b"0123456789abcdefg");
        }
    }
}
