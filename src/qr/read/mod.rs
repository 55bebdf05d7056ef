//! QR codes in: from a picture file to the texts of its codes. What a text means is not known here.
//!
//! | file | what lives there |
//! |---|---|
//! | `kind` | which kind of picture a file is, by its first bytes |
//! | `picture` | a file into grey, within limits: no picture can cost more than they say |
//! | `limits` | how much a picture may cost |
//! | `grey`, `sharper` | a grey picture, and others made of it: halved, doubled, cut; stretched, calmed, blurred |
//! | `look` | one look at one grey picture: rxing and rqrr |
//! | `search`, `job` | which looks are taken, in which order, and when to stop; what was found so far |
//!
//! A text is taken only where the error correction of its code confirmed it. Pictures come from strangers: all of it
//! runs on a thread of its own, which is left behind when it takes too long.

mod error;
mod grey;
mod job;
mod kind;
mod limits;
mod look;
mod picture;
mod search;
mod sharper;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use zeroize::Zeroizing;

use self::{job::Job, kind::PictureKind, look::Hit};

pub use error::PictureError;
pub use kind::is_picture;
pub use limits::MAX_PICTURE_BYTES;

/// The text of one code. It may be an otpauth link: shown by no `Debug`, wiped when dropped.
pub struct Payload(Zeroizing<String>);

impl Payload {
    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payload(..)")
    }
}

/// The text of each QR code of a picture (PNG, JPEG, WebP, or the first frame of a GIF), once each, from top to bottom
/// and then from left to right; at least one.
///
/// ```
/// use sesam::qr::{Qr, read_codes};
/// let picture = Qr::encode("sesam").expect("it fits").png(4);
/// assert_eq!(read_codes(&picture).expect("a code")[0].text(), "sesam");
/// ```
///
/// # Errors
/// [`PictureError`]: it is no picture, a damaged one, too large, or there is no code on it.
pub fn read_codes(file: &[u8]) -> Result<Vec<Payload>, PictureError> {
    let kind = kind::of(file)?;
    let file = Zeroizing::new(file.to_vec());
    let job = Arc::new(Job::default());
    let (own, (done, outcome)) = (Arc::clone(&job), mpsc::channel());
    let reader = thread::Builder::new().name(READER_THREAD.to_owned()).spawn(move || {
        let read = catch_unwind(AssertUnwindSafe(|| picture::read(&file, kind)));
        let searched = read.unwrap_or(Err(PictureError::Damaged)).map(|shades| search::codes(shades, &own));
        // Nobody waits for an outcome that is late.
        let _ = done.send(searched);
    });
    reader.map_err(|_| PictureError::NoThread)?;
    let ended = outcome.recv_timeout(LONGEST);
    let hits = job.end();
    match ended {
        Ok(Err(error)) => Err(error),
        _ if !hits.is_empty() => Ok(in_reading_order(hits)),
        Ok(Ok(())) if kind == PictureKind::Gif => Err(PictureError::NoCodeOnFrame),
        Ok(Ok(())) => Err(PictureError::NoCode),
        Err(RecvTimeoutError::Timeout) => Err(PictureError::TooMuchWork),
        Err(RecvTimeoutError::Disconnected) => Err(PictureError::Damaged),
    }
}

/// From top to bottom, and from left to right where two stand side by side.
fn in_reading_order(mut hits: Vec<Hit>) -> Vec<Payload> {
    hits.sort_by(|one, other| one.place.top.total_cmp(&other.place.top));
    let mut texts = Vec::new();
    while let Some(first) = hits.first() {
        let middle = f32::midpoint(first.place.top, first.place.bottom);
        let count = hits.iter().take_while(|hit| hit.place.top < middle).count().max(1);
        let mut row: Vec<Hit> = hits.drain(..count).collect();
        row.sort_by(|one, other| one.place.left.total_cmp(&other.place.left));
        texts.extend(row.into_iter().map(|hit| Payload(hit.text)));
    }
    texts
}

/// The name of the thread that reads: a foreign picture may make a decoder panic there, which is caught and told as a
/// damaged picture.
pub const READER_THREAD: &str = "picture";
/// For one picture; a debug build is many times slower.
const LONGEST: Duration = Duration::from_millis(if cfg!(debug_assertions) { 20_000 } else { 1_900 });

#[cfg(test)]
mod tests;
