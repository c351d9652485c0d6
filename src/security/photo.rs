//! Turns an uploaded file into two harmless square pictures (OP-3, U1 to U4).

use std::{io::Cursor, sync::Arc, time::Duration};

use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
    imageops,
};
use tokio::sync::Semaphore;

/// The most bytes an upload may have (U1); the upload stops being read there.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;

const MOST_SIDE: u32 = 4096;
const MOST_PIXELS: u64 = 16_000_000;
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
const LARGE: u32 = 512;
const SMALL: u32 = 128;
const JPEG_QUALITY: u8 = 85;
const AT_ONCE: usize = 2;
const DEADLINE: Duration = Duration::from_secs(5);

/// A photo fit to be stored and served: newly encoded from pixels alone, so nothing else of the upload is left in it (U4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// 512 x 512 pixels.
    pub large: Vec<u8>,
    /// 128 x 128 pixels.
    pub small: Vec<u8>,
    /// The type of both: `image/jpeg`, or `image/png` where something shows through.
    pub mime: &'static str,
}

/// Why an upload did not become a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// More than [`MOST_BYTES`].
    #[error("the file is larger than 2 MiB")]
    TooLarge,
    /// No picture by its content, whatever its name says: also SVG, HTML, PDF.
    #[error("the file is not a picture")]
    NotAnImage,
    /// A picture, but no PNG, JPEG or WebP.
    #[error("pictures must be PNG, JPEG or WebP")]
    UnsupportedKind,
    /// A side over 4096 pixels or more than 16 megapixels.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// It begins like a picture and cannot be read to the end.
    #[error("the picture is damaged")]
    Broken,
    /// It took longer than five seconds.
    #[error("the picture took too long to read")]
    TooSlow,
}

/// Processes uploads two at a time on blocking threads, each within five seconds (U3).
#[derive(Debug, Clone)]
pub struct Photos {
    places: Arc<Semaphore>,
    deadline: Duration,
}

impl Photos {
    /// Both places free.
    #[must_use]
    pub fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), deadline: DEADLINE }
    }

    /// [`process`] away from the request threads.
    ///
    /// # Errors
    /// [`PhotoError`]; [`PhotoError::TooSlow`] counts the wait for a place too.
    pub async fn process(&self, bytes: Vec<u8>) -> Result<Photo, PhotoError> {
        let places = Arc::clone(&self.places);
        let work = async move {
            let place = places.acquire_owned().await.map_err(|_| PhotoError::TooSlow)?;
            // The place goes along and is freed when the decoder really ends, not when somebody stops waiting for it.
            tokio::task::spawn_blocking(move || {
                let _place = place;
                process(&bytes)
            })
            .await
            .map_err(|_| PhotoError::Broken)?
        };
        tokio::time::timeout(self.deadline, work).await.unwrap_or(Err(PhotoError::TooSlow))
    }
}

impl Default for Photos {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a PNG, JPEG or WebP by its content, turns it upright, cuts the middle square and encodes it anew in two sizes.
/// Takes up to a second of processor time and 160 MiB: call it through [`Photos`] on a server.
///
/// # Errors
/// [`PhotoError`].
pub fn process(bytes: &[u8]) -> Result<Photo, PhotoError> {
    if bytes.len() > MOST_BYTES {
        return Err(PhotoError::TooLarge);
    }
    let large = upright_square(bytes)?;
    let small = large.resize_exact(SMALL, SMALL, imageops::FilterType::Lanczos3);
    // Many pictures carry an alpha channel and use it nowhere; those are smaller as JPEG.
    let see_through = large.color().has_alpha() && large.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX);
    Ok(if see_through {
        Photo { large: png(&large)?, small: png(&small)?, mime: "image/png" }
    } else {
        Photo { large: jpeg(&large)?, small: jpeg(&small)?, mime: "image/jpeg" }
    })
}

fn upright_square(bytes: &[u8]) -> Result<DynamicImage, PhotoError> {
    let format = image::guess_format(bytes).map_err(|_| PhotoError::NotAnImage)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(PhotoError::UnsupportedKind);
    }
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PhotoError::Broken);
    }
    if width > MOST_SIDE || height > MOST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY
    {
        return Err(PhotoError::TooManyPixels);
    }
    // A damaged orientation is no reason to refuse the picture.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let whole = DynamicImage::from_decoder(decoder)?;
    let side = width.min(height);
    let square = whole.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    drop(whole);
    // The middle square stays the middle square however it is turned, so the turn comes last, on the fewest pixels.
    let mut large = square.resize_exact(LARGE, LARGE, imageops::FilterType::Lanczos3);
    large.apply_orientation(orientation);
    Ok(large)
}

impl From<ImageError> for PhotoError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooManyPixels,
            ImageError::Unsupported(_) => Self::UnsupportedKind,
            _ => Self::Broken,
        }
    }
}

fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&picture.to_rgb8())?;
    Ok(bytes)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, PhotoError> {
    let mut bytes = Vec::new();
    let pixels = picture.to_rgba8();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive).write_image(
        &pixels,
        pixels.width(),
        pixels.height(),
        image::ExtendedColorType::Rgba8,
    )?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage, Rgba, RgbaImage, codecs::webp::WebPEncoder};

    use super::*;

    const RED: Rgb<u8> = Rgb([220, 20, 20]);
    const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

    /// The left half red, the right half blue.
    fn halves(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE }).into()
    }

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn is_near(pixel: Rgba<u8>, wanted: Rgb<u8>) -> bool {
        pixel.0.iter().zip(wanted.0).all(|(a, b)| a.abs_diff(b) < 30)
    }

    /// A JPEG with an EXIF block before its first segment: orientation, and a place on earth.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
        exif.extend([2, 0]); // two entries
        exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]); // orientation, SHORT
        exif.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]); // GPS directory at offset 38
        exif.extend([0, 0, 0, 0]);
        exif.extend([1, 0, 0x1d, 0, 2, 0, 11, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0]); // GPS date stamp, ASCII, at offset 56
        exif.extend(b"2020:02:02\0");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn every_supported_kind_becomes_two_squares() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let photo = process(&encoded(&halves(640, 300), format)).unwrap();
            assert_eq!(photo.mime, "image/jpeg");
            for (bytes, side) in [(&photo.large, 512), (&photo.small, 128)] {
                let picture = image::load_from_memory(bytes).unwrap();
                assert_eq!((picture.width(), picture.height()), (side, side), "{format:?}");
                let picture = picture.to_rgba8();
                assert!(
                    is_near(*picture.get_pixel(10, side / 2), RED) && is_near(*picture.get_pixel(side - 10, side / 2), BLUE),
                    "{format:?}"
                );
            }
            assert!(photo.large.len() < 20_000 && photo.small.len() < 5_000);
        }
    }

    #[test]
    fn what_shows_through_stays_so_and_an_idle_alpha_channel_goes() {
        let round = RgbaImage::from_fn(200, 200, |x, y| Rgba([9, 120, 9, if x + y < 200 { 0 } else { 255 }]));
        let photo = process(&encoded(&round.into(), ImageFormat::Png)).unwrap();
        assert_eq!(photo.mime, "image/png");
        assert_eq!(image::load_from_memory(&photo.small).unwrap().to_rgba8().get_pixel(2, 2).0[3], 0);
        let full = RgbaImage::from_pixel(50, 50, Rgba([9, 9, 9, 255]));
        let mut webp = Vec::new();
        WebPEncoder::new_lossless(&mut webp).encode(&full, 50, 50, image::ExtendedColorType::Rgba8).unwrap();
        assert_eq!(process(&webp).unwrap().mime, "image/jpeg");
    }

    #[test]
    fn a_photo_taken_sideways_stands_upright_and_tells_no_place() {
        let upload = with_exif(&encoded(&halves(400, 400), ImageFormat::Jpeg), 6);
        assert!(upload.windows(10).any(|w| w == b"2020:02:02"));
        let photo = process(&upload).unwrap();
        let picture = image::load_from_memory(&photo.large).unwrap().to_rgba8();
        // Orientation 6: the stored left edge is the upright top edge.
        assert!(is_near(*picture.get_pixel(256, 40), RED) && is_near(*picture.get_pixel(256, 470), BLUE));
        for bytes in [&photo.large, &photo.small] {
            assert!(!bytes.windows(4).any(|w| w == b"Exif") && !bytes.windows(10).any(|w| w == b"2020:02:02"));
        }
    }

    #[test]
    fn a_polyglot_loses_everything_that_is_no_pixel() {
        let hidden = b"<html><script>alert(1)</script></html>";
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let upload = [encoded(&halves(64, 64), format).as_slice(), hidden].concat();
            let photo = process(&upload).unwrap();
            for bytes in [&photo.large, &photo.small] {
                assert!(!bytes.windows(7).any(|w| w == b"<script"), "{format:?}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_by_its_content() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        for upload in [&svg[..], b"<!doctype html><title>x</title>", b"%PDF-1.7\n", b"", b"\x89P"] {
            assert_eq!(process(upload), Err(PhotoError::NotAnImage));
        }
    }

    #[test]
    fn other_kinds_of_pictures_are_named_as_such() {
        for upload in [&b"GIF89a\x01\0\x01\0\0\0\0;"[..], b"BM\0\0\0\0\0\0\0\0\0\0\0\0\0\0", b"II*\0\x08\0\0\0", b"\0\0\x01\0\x01\0"] {
            assert_eq!(process(upload), Err(PhotoError::UnsupportedKind));
        }
    }

    /// The signature and header chunk of a PNG that claims these sides, and nothing else.
    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut chunk = b"IHDR".to_vec();
        chunk.extend(width.to_be_bytes());
        chunk.extend(height.to_be_bytes());
        chunk.extend([8, 6, 0, 0, 0]);
        let mut crc = u32::MAX;
        for byte in &chunk {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            }
        }
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
        bytes.extend(chunk);
        bytes.extend((!crc).to_be_bytes());
        bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
        bytes
    }

    #[test]
    fn a_picture_of_gigabytes_is_refused_by_its_header() {
        for (width, height) in [(30_000, 30_000), (4097, 10), (10, 4097), (4096, 4000)] {
            assert_eq!(process(&png_header(width, height)), Err(PhotoError::TooManyPixels), "{width} x {height}");
        }
        assert_eq!(process(&png_header(4096, 3906)), Err(PhotoError::Broken), "within the limits, but without pixels");
    }

    #[test]
    fn a_file_cut_short_is_broken() {
        let noisy: DynamicImage = RgbImage::from_fn(300, 300, |x, y| Rgb([(x * 7 + y * 13) as u8, (x * y) as u8, (x ^ y) as u8])).into();
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let whole = encoded(&noisy, format);
            for part in [whole.len() / 2, 40] {
                assert_eq!(process(&whole[..part]), Err(PhotoError::Broken), "{format:?} to {part}");
            }
        }
        assert_eq!(process(&encoded(&noisy, ImageFormat::Jpeg)[..60]), Err(PhotoError::Broken));
    }

    #[test]
    fn more_than_two_mebibytes_are_not_looked_at() {
        assert_eq!(process(&vec![0; MOST_BYTES + 1]), Err(PhotoError::TooLarge));
    }

    #[tokio::test]
    async fn uploads_wait_their_turn_and_all_succeed() {
        let photos = Photos::new();
        let upload = encoded(&halves(800, 600), ImageFormat::Jpeg);
        let all = futures_util::future::join_all((0..6).map(|_| photos.process(upload.clone()))).await;
        assert!(all.iter().all(Result::is_ok));
        assert_eq!(photos.process(b"no picture".to_vec()).await, Err(PhotoError::NotAnImage));
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_the_deadline() {
        let photos = Photos { deadline: Duration::from_millis(20), ..Photos::new() };
        let _taken = Arc::clone(&photos.places).acquire_many_owned(2).await.unwrap();
        assert_eq!(photos.process(encoded(&halves(8, 8), ImageFormat::Png)).await, Err(PhotoError::TooSlow));
    }
}
