//! How much a picture may cost.

/// The largest picture file that is read: 32 MiB.
pub const MAX_PICTURE_BYTES: usize = 32 << 20;
/// An 8K screen has 33 million, a photograph up to 50.
pub(super) const MAX_PIXELS: u64 = 64_000_000;
/// For one picture while it is decoded.
pub(super) const MAX_MEMORY_BYTES: u64 = 240 << 20;
/// For one part of a PNG that is not its pixels.
pub(super) const MAX_CHUNK_BYTES: usize = 16 << 20;
/// A larger picture is looked at in half its size.
pub(super) const MAX_GREY_PIXELS: usize = 36_000_000;
