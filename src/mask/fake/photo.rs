//! `fake: photo`: a drawn placeholder in the place of a picture, of the same kind (PNG, JPEG, SVG) and in the same writing: raw bytes,
//! hexadecimal digits (`\x…`, `0x…` or bare), base64, or a data URL. A grey head and shoulders before one of sixteen colours.
//! Refuses everything else: GIF, WebP, PDF and what is no picture are unfit, and get a drawn PNG as placeholder.
//!
//! Nothing of the input is kept, its size and place of taking included. The pictures are drawn once a column, by the crate
//! `image`; a value costs one copy.

use std::io::Cursor;

use data_encoding::{BASE64, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE};
use image::{
    ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
};

use super::spec::{Build, KindSpec, Made, describing};
use crate::mask::draw::keyed;
use crate::mask::{Lanes, Mask, MaskCx, Outcome, Output, Reaches, Refusal, Uniqueness};
use crate::row::canon::Canon;
use crate::row::shape::TypeClass;
use crate::secret::{Mac, Message, lanes};
use crate::vocabulary::Draw;

/// `fake: photo`.
pub(super) static PHOTO: KindSpec = KindSpec {
    name: "photo",
    summary: "a drawn head and shoulders in the place of a picture: PNG, JPEG or SVG, written as the input is",
    longest: |_| Some(MOST_CHARS),
    reaches: |_| Reaches::Nobody("drawn by this program"),
    canon: |_| Canon::Bytes,
    high: true,
    build,
    ..describing()
};

/// No picture is longer in any writing; a test holds it.
const MOST_CHARS: u32 = 8_000;
/// Pixels of a side.
const SIDE: u32 = 96;

/// What a picture is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Png,
    Jpeg,
    Svg,
}

const KINDS: [Kind; 3] = [Kind::Png, Kind::Jpeg, Kind::Svg];

/// How its bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    Raw,
    /// Behind this, hexadecimal digits.
    Hex(&'static str),
    Base64,
    DataUrl,
}

/// The first bytes of a picture, decoded from any writing.
const HEAD: usize = 96;

impl Kind {
    fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if head.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let markup =
            text.starts_with(b"<?xml") || text.starts_with(b"<!DOCTYPE svg") || text.starts_with(b"<svg");
        // An XML document is one if an SVG element follows its declaration soon.
        (markup && (text.starts_with(b"<svg") || memchr::memmem::find(text, b"<svg").is_some()))
            .then_some(Self::Svg)
    }

    fn media(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Svg => "image/svg+xml",
        }
    }

    /// Draws a picture.
    fn draw(self, [r, g, b]: [u8; 3]) -> Option<Vec<u8>> {
        let middle = SIDE / 2;
        let inside = |x: u32, y: u32| {
            let from = |cx: u32, cy: u32| u64::from(x.abs_diff(cx)).pow(2) + u64::from(y.abs_diff(cy)).pow(2);
            from(middle, 36) <= 18 * 18 || from(middle, 96) <= 36 * 36
        };
        let image = RgbImage::from_fn(SIDE, SIDE, |x, y| {
            if inside(x, y) { Rgb([0xe6, 0xe6, 0xe6]) } else { Rgb([r, g, b]) }
        });
        let mut out = Cursor::new(Vec::new());
        match self {
            Self::Png => {
                PngEncoder::new(&mut out).write_image(&image, SIDE, SIDE, ExtendedColorType::Rgb8).ok()?
            }
            Self::Jpeg => JpegEncoder::new_with_quality(&mut out, 70)
                .encode(&image, SIDE, SIDE, ExtendedColorType::Rgb8)
                .ok()?,
            Self::Svg => {
                let svg = format!(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\"><rect width=\"96\" height=\"96\" fill=\"#{r:02x}{g:02x}{b:02x}\"/><g fill=\"#e6e6e6\"><circle cx=\"48\" cy=\"36\" r=\"18\"/><circle cx=\"48\" cy=\"96\" r=\"36\"/></g></svg>"
                );
                return Some(svg.into_bytes());
            }
        }
        Some(out.into_inner())
    }
}

/// Backgrounds: quiet ones, light enough to tell from black.
const COLOURS: [[u8; 3]; 16] = [
    [0x5b, 0x7d, 0xb1],
    [0x6a, 0x9a, 0x8b],
    [0xb1, 0x7d, 0x5b],
    [0x8b, 0x6a, 0x9a],
    [0x9a, 0x8b, 0x6a],
    [0x5b, 0xa0, 0xa8],
    [0xa8, 0x5b, 0x74],
    [0x74, 0x9a, 0x5b],
    [0x7a, 0x74, 0xb8],
    [0xb8, 0x9a, 0x5b],
    [0x5b, 0x8a, 0x5b],
    [0xa0, 0x6a, 0x5b],
    [0x5b, 0x66, 0x8a],
    [0x8a, 0x8a, 0x8a],
    [0xb8, 0x74, 0x8a],
    [0x66, 0x8a, 0xa0],
];

/// Reads the writing of a value, and its first bytes.
fn read(field: &[u8]) -> Option<(Kind, Writing)> {
    if let Some(kind) = Kind::of(field) {
        return Some((kind, Writing::Raw));
    }
    for prefix in ["\\x", "0x", ""] {
        let Some(digits) = field.strip_prefix(prefix.as_bytes()) else { continue };
        if let Some(kind) = decoded(&HEXLOWER_PERMISSIVE, digits, 2 * HEAD, 2) {
            return Some((kind, Writing::Hex(prefix)));
        }
    }
    let (text, writing) = match field.get(..5) {
        Some(head) if head.eq_ignore_ascii_case(b"data:") => {
            let comma = memchr::memchr(b',', field.get(..256.min(field.len()))?)?;
            (field.get(comma + 1..)?, Writing::DataUrl)
        }
        _ => (field, Writing::Base64),
    };
    Some((decoded(&BASE64, text, HEAD, 4)?, writing))
}

/// Decodes the first `most` characters of a text, in whole groups, and says what they begin.
fn decoded(encoding: &Encoding, text: &[u8], most: usize, group: usize) -> Option<Kind> {
    let len = text.len().min(most);
    let text = text.get(..len - len % group)?;
    let mut head = [0; HEAD];
    let len = encoding.decode_len(text.len()).ok()?;
    let len = encoding.decode_mut(text, head.get_mut(..len)?).ok()?;
    Kind::of(head.get(..len)?)
}

/// Appends bytes in an encoding.
fn encode(encoding: &Encoding, bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + encoding.encode_len(bytes.len()), 0);
    encoding.encode_mut(bytes, out.get_mut(start..).unwrap_or_default());
}

struct Photo {
    /// The pictures of each kind, one a colour.
    drawn: Vec<(Kind, Vec<Vec<u8>>)>,
    bytes: bool,
    /// Whether the value decides, so that a picture that equals it is drawn anew.
    redraws: bool,
    attribute: Option<Message>,
    mac: Mac,
}

fn build(cx: &Build<'_>) -> Result<Made, Refusal> {
    let bytes = *cx.class == TypeClass::Bytes;
    // MySQL's short types of bytes would cut a picture.
    if bytes && (cx.spelled.contains('(') || cx.spelled == "tinyblob") {
        let what = "`fake: photo` needs a column of bytes without a narrow limit".into();
        return Err(Refusal { what, hint: Some("use `suppress`, or `constant`".into()) });
    }
    if !bytes && !cx.class.is_text() {
        return Err(Refusal { what: "`fake: photo` needs a column of bytes or text".into(), hint: None });
    }
    cx.at_least(PHOTO.name, MOST_CHARS)?;
    let draw = |kind: Kind| Some((kind, COLOURS.iter().map(|c| kind.draw(*c)).collect::<Option<Vec<_>>>()?));
    let Some(drawn) = KINDS.into_iter().map(draw).collect() else {
        return Err(Refusal {
            what: "no picture could be drawn (a fault of this program)".into(),
            hint: None,
        });
    };
    let output =
        if cx.class.is_text() { Output::Text { max_chars: Some(MOST_CHARS) } } else { Output::Typed };
    let attribute = cx.lane_apart();
    let mask = Box::new(Photo { drawn, bytes, redraws: !cx.by_subject, attribute, mac: cx.mac.clone() });
    Ok(Made { mask, output, uniqueness: Uniqueness::Lost })
}

impl Photo {
    fn append(&self, kind: Kind, writing: Writing, colour: u64, out: &mut Vec<u8>) {
        let colour = usize::try_from(colour % 16).unwrap_or(0);
        let pictures = self.drawn.iter().find(|(drawn, _)| *drawn == kind).map(|(_, pictures)| pictures);
        let picture = pictures.and_then(|pictures| pictures.get(colour)).map_or(&[][..], Vec::as_slice);
        match writing {
            Writing::Raw => out.extend_from_slice(picture),
            Writing::Hex(prefix) => {
                out.extend_from_slice(prefix.as_bytes());
                encode(&HEXLOWER, picture, out);
            }
            Writing::Base64 => encode(&BASE64, picture, out),
            Writing::DataUrl => {
                for part in ["data:", kind.media(), ";base64,"] {
                    out.extend_from_slice(part.as_bytes());
                }
                encode(&BASE64, picture, out);
            }
        }
    }

    /// Picks the colour.
    fn colour(&self, lanes: &Lanes) -> u64 {
        let [lane, ..] = lanes.0;
        let lane = self.attribute.as_ref().map_or(lane, |attribute| keyed(attribute, lanes)[0]);
        Draw::new(lane).below(16)
    }
}

impl Mask for Photo {
    fn mask(&self, field: &[u8], cx: &MaskCx<'_>, out: &mut Vec<u8>) -> Outcome {
        let Some((kind, writing)) = read(field) else { return Outcome::Unfit };
        let start = out.len();
        let colour = self.colour(cx.lanes);
        self.append(kind, writing, colour, out);
        if out.get(start..) != Some(field) {
            return Outcome::Masked;
        }
        // One of ours that went in already.
        if !self.redraws {
            return Outcome::Equal;
        }
        out.truncate(start);
        self.append(kind, writing, colour + 1, out);
        Outcome::Masked
    }

    fn placeholder(&self, field: &[u8], out: &mut Vec<u8>) -> bool {
        // What stands for raw bytes in the column: hexadecimal digits in a bytea, else text.
        let writing = match field {
            _ if std::str::from_utf8(field).is_err() => Writing::Raw,
            [b'\\', b'x', ..] => Writing::Hex("\\x"),
            _ if self.bytes => Writing::Hex("\\x"),
            _ => Writing::Base64,
        };
        let lane = lanes(&self.mac.digest(b"unfit", field))[0];
        self.append(Kind::Png, writing, Draw::new(lane).below(16), out);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures() -> Vec<(Kind, Vec<u8>)> {
        KINDS.into_iter().map(|kind| (kind, kind.draw([1, 2, 3]).unwrap())).collect()
    }

    #[test]
    fn every_kind_and_writing_is_known_again() {
        for (kind, picture) in pictures() {
            assert_eq!(read(&picture), Some((kind, Writing::Raw)));
            for prefix in ["\\x", "0x", ""] {
                let text = format!("{prefix}{}", HEXLOWER.encode(&picture));
                assert_eq!(read(text.as_bytes()), Some((kind, Writing::Hex(prefix))), "{kind:?} {prefix}");
            }
            assert_eq!(read(BASE64.encode(&picture).as_bytes()), Some((kind, Writing::Base64)));
            let url = format!("data:{};base64,{}", kind.media(), BASE64.encode(&picture));
            assert_eq!(read(url.as_bytes()), Some((kind, Writing::DataUrl)));
        }
        for other in [
            &b"GIF89a"[..],
            b"%PDF-1.7",
            b"Ann",
            b"R0lGODlhAQABAAAAACw=",
            b"<?xml version=\"1.0\"?><person/>",
        ] {
            assert_eq!(read(other), None);
        }
    }

    #[test]
    fn none_is_longer_than_declared_and_other_programs_read_them() {
        for colour in COLOURS {
            for kind in KINDS {
                let picture = kind.draw(colour).unwrap();
                let most = picture.len() * 2 + 40;
                assert!(most <= usize::try_from(MOST_CHARS).unwrap(), "{kind:?}: {most}");
                if kind != Kind::Svg {
                    let read = image::load_from_memory(&picture).unwrap();
                    assert_eq!((read.width(), read.height()), (SIDE, SIDE));
                }
            }
        }
    }
}
