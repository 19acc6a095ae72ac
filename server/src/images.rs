//! Pictures of people and spaces: written anew from what was sent, kept by their hash, served for ever.

use crate::{
    error::Refusal,
    http::{
        App,
        extract::{Path, Raw},
        route::{Limit, Need, Route},
    },
    store::{Tx, scalar},
    values,
};
use axum::{
    extract::State,
    http::{
        HeaderMap, Method, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    imageops::FilterType,
};
use snug_protocol::{ErrorCode, ImageHash};
use std::{io::Cursor, sync::Arc};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// The longer side of a picture that is kept, in pixels: twice what any screen of ours shows it at.
const SIDE: u32 = 512;
/// The longer side of a picture that is sent, in pixels.
const SENT_SIDE: u32 = 4_096;
/// Bytes that decoding one may take: 4,096 × 4,096 with four bytes a pixel, and half as much again for the decoder.
const MEMORY: u64 = 96 * 1024 * 1024;
/// The quality of a JPEG that is written anew, of 100.
const QUALITY: u8 = 88;
/// How long a picture stays that nothing refers to, in milliseconds: a day.
const UNUSED_MS: i64 = 24 * 60 * 60 * 1000;

/// One is decoded at a time: they are small, but take [`MEMORY`].
static DECODING: Semaphore = Semaphore::const_new(1);

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route::new(Method::GET, "/images/{hash}", Need::Anyone, Limit::Read, "Shows a picture. It never changes.", show).answer_picture()]
}

async fn show(State(app): State<Arc<App>>, Path(hash): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    if hash.len() != 64 || !hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Refusal::not_found("picture"));
    }
    let tag = format!("\"{hash}\"");
    let fixed = [(ETAG, tag.clone()), (CACHE_CONTROL, "public, max-age=31536000, immutable".into())];
    // Whoever has it has the right one: its name is its hash.
    if headers.get_all(IF_NONE_MATCH).iter().any(|value| value.to_str().is_ok_and(|tags| tags.contains(&tag))) {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    let kept = app.store.read(move |sql| {
        let row = sql.row("SELECT mime, bytes FROM image WHERE hash = $1", values![&hash])?;
        row.map(|mut row| Ok((row.take::<String>()?, row.take::<Vec<u8>>()?))).transpose()
    });
    let (mime, bytes) = kept.await?.ok_or_else(|| Refusal::not_found("picture"))?;
    // Opened by itself it is a picture and nothing else, whatever a browser makes of its bytes.
    let safe = [(CONTENT_TYPE, mime), (X_CONTENT_TYPE_OPTIONS, "nosniff".into()), (CONTENT_SECURITY_POLICY, "default-src 'none'".into())];
    Ok((fixed, safe, bytes).into_response())
}

/// Keeps a picture that was sent: decoded, turned upright, scaled down and written anew, so that nothing is left of
/// what a camera or an editor wrote beside it.
pub async fn store_picture(app: &App, raw: Raw) -> Result<ImageHash, Refusal> {
    let unsupported = || Refusal::new(ErrorCode::UnsupportedType, "The picture must be a PNG, JPEG or WebP file.");
    if !matches!(&*raw.mime, "image/png" | "image/jpeg" | "image/webp") {
        return Err(unsupported());
    }
    let format = image::guess_format(&raw.bytes).ok().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP));
    let format = format.ok_or_else(unsupported)?;
    let turn = DECODING.acquire().await.map_err(|_| Refusal::stopping())?;
    let task = spawn_blocking(move || {
        // Held by the thread: it goes on when whoever asked is gone.
        let _turn = turn;
        rewrite(&raw.bytes, format)
    });
    let picture = task.await.map_err(Refusal::bug)?.map_err(|error| describe(&error))?;
    app.store.write(move |tx| keep(tx, &picture)).await
}

/// A picture as it is kept.
struct Picture {
    mime: &'static str,
    bytes: Vec<u8>,
}

fn rewrite(bytes: &[u8], format: ImageFormat) -> Result<Picture, ImageError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SENT_SIDE);
    limits.max_image_height = Some(SENT_SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.check_dimensions(decoder.dimensions().0, decoder.dimensions().1)?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    if image.width() > SIDE || image.height() > SIDE {
        image = image.resize(SIDE, SIDE, FilterType::Lanczos3);
    }
    image.apply_orientation(orientation);
    let mut bytes = Vec::new();
    if format == ImageFormat::Jpeg {
        // A photograph without loss would take ten times the bytes.
        image.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
        return Ok(Picture { mime: "image/jpeg", bytes });
    }
    let encoder = WebPEncoder::new_lossless(&mut bytes);
    if image.color().has_alpha() {
        image.to_rgba8().write_with_encoder(encoder)?
    } else {
        image.to_rgb8().write_with_encoder(encoder)?
    }
    Ok(Picture { mime: "image/webp", bytes })
}

fn describe(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => {
            Refusal::new(ErrorCode::Invalid, format!("The picture is too large: {SENT_SIDE} × {SENT_SIDE} pixels are the most."))
                .hint("Make it smaller, or choose another one.")
        }
        error => {
            tracing::debug!(%error, "a picture could not be decoded");
            Refusal::new(ErrorCode::Invalid, "The picture is damaged and cannot be read.").hint("Save it again in an editor, or choose another one.")
        }
    }
}

fn keep(tx: &mut Tx<'_>, picture: &Picture) -> Result<ImageHash, Refusal> {
    let hash = blake3::hash(&picture.bytes).to_hex().to_string();
    // One that is there already becomes young again, so that it is not swept before it is referred to.
    tx.sql.execute(
        "INSERT INTO image (hash, mime, bytes, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE SET created_at = excluded.created_at",
        values![&hash, picture.mime, &picture.bytes[..], tx.now],
    )?;
    Ok(ImageHash(hash))
}

/// Refuses a picture that is not kept (any more).
pub(crate) fn require(tx: &mut Tx<'_>, hash: &ImageHash) -> Result<(), Refusal> {
    let there: Option<i64> = scalar(tx.sql, "SELECT created_at FROM image WHERE hash = $1", values![&hash.0])?;
    there.map(drop).ok_or_else(|| Refusal::not_found("picture"))
}

/// Removes the pictures that nothing refers to and that are older than a day. To be called now and then.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, Refusal> {
    Ok(tx.sql.execute(
        "DELETE FROM image WHERE created_at < $1 AND hash NOT IN
         (SELECT avatar FROM account WHERE avatar IS NOT NULL UNION SELECT icon FROM space WHERE icon IS NOT NULL)",
        values![tx.now.0 - UNUSED_MS],
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = DynamicImage::from(RgbaImage::from_pixel(width, height, Rgba([200, 100, 50, 255])));
        let picture = if format == ImageFormat::Jpeg { picture.to_rgb8().into() } else { picture };
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_becomes_at_most_512_pixels_wide() {
        for (format, mime) in [(ImageFormat::Png, "image/webp"), (ImageFormat::WebP, "image/webp"), (ImageFormat::Jpeg, "image/jpeg")] {
            let picture = rewrite(&encoded(1_024, 256, format), format).unwrap();
            assert_eq!(picture.mime, mime);
            let again = image::load_from_memory(&picture.bytes).unwrap();
            assert_eq!((again.width(), again.height()), (512, 128));
        }
    }

    #[test]
    fn a_small_picture_keeps_its_size() {
        let picture = rewrite(&encoded(16, 9, ImageFormat::Png), ImageFormat::Png).unwrap();
        let again = image::load_from_memory(&picture.bytes).unwrap();
        assert_eq!((again.width(), again.height()), (16, 9));
    }

    #[test]
    fn what_is_written_beside_a_picture_is_gone() {
        let mut png = encoded(8, 8, ImageFormat::Png);
        // A tEXt chunk right after the header: length, kind, text; its checksum is not looked at by us.
        let secret = b"Comment\0taken at home";
        let mut chunk = (secret.len() as u32).to_be_bytes().to_vec();
        chunk.extend_from_slice(b"tEXt");
        chunk.extend_from_slice(secret);
        chunk.extend_from_slice(&crc(&chunk[4..]).to_be_bytes());
        png.splice(33..33, chunk);
        let picture = rewrite(&png, ImageFormat::Png).unwrap();
        assert!(!picture.bytes.windows(7).any(|window| window == b"Comment"));
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())))
    }

    #[test]
    fn too_large_and_damaged_ones_are_refused() {
        let error = rewrite(&encoded(4_097, 1, ImageFormat::Png), ImageFormat::Png).err().unwrap();
        assert!(matches!(error, ImageError::Limits(_)), "{error}");
        let mut cut = encoded(64, 64, ImageFormat::Png);
        cut.truncate(60);
        let error = rewrite(&cut, ImageFormat::Png).err().unwrap();
        assert_eq!(describe(&error).code(), ErrorCode::Invalid);
    }
}
