//! A grey picture, and others made of it by its geometry: smaller, larger, turned, framed, cut.
//!
//! Every one is wiped: it may show a secret.

use zeroize::Zeroizing;

/// Pixels row by row, 0 is black.
#[derive(Clone)]
pub(super) struct Grey {
    width: usize,
    pixels: Zeroizing<Vec<u8>>,
}

impl Grey {
    /// Takes whole rows.
    pub(super) fn new(width: usize, pixels: Vec<u8>) -> Self {
        debug_assert!(width > 0 && pixels.len().is_multiple_of(width), "whole rows");
        Self { width, pixels: Zeroizing::new(pixels) }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.pixels.len() / self.width
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// Half as wide and high; each pixel is the mean of four.
    pub(super) fn halved(&self) -> Self {
        let mut rows = Rows::new(self.width, self.height(), true);
        (0..self.height()).for_each(|y| rows.push(self.row(y).iter().copied()));
        rows.finish()
    }

    /// Twice as wide and high, smooth between the pixels.
    pub(super) fn doubled(&self) -> Self {
        let (width, height) = (self.width, self.height());
        let mut wide = Vec::with_capacity(2 * width * height);
        for y in 0..height {
            let row = self.row(y);
            for x in 0..width {
                wide.push(nearer(row[x], row[x.saturating_sub(1)]));
                wide.push(nearer(row[x], row[(x + 1).min(width - 1)]));
            }
        }
        let wide = Self::new(2 * width, wide);
        let mut pixels = Vec::with_capacity(4 * width * height);
        for y in 0..height {
            for other in [y.saturating_sub(1), (y + 1).min(height - 1)] {
                pixels.extend(wide.row(y).iter().zip(wide.row(other)).map(|(near, far)| nearer(*near, *far)));
            }
        }
        Self::new(2 * width, pixels)
    }

    /// Rows for columns.
    pub(super) fn turned(&self) -> Self {
        let (width, height) = (self.width, self.height());
        let mut pixels = vec![0; width * height];
        for (y, row) in self.pixels.chunks_exact(width).enumerate() {
            row.iter().enumerate().for_each(|(x, pixel)| pixels[x * height + y] = *pixel);
        }
        Self::new(height, pixels)
    }

    /// With a light frame around it: the quiet zone that a tight crop has lost.
    pub(super) fn framed(&self) -> Self {
        let frame = (self.width.max(self.height()) / 8).clamp(4, 200);
        let width = self.width + 2 * frame;
        let mut pixels = vec![u8::MAX; width * frame];
        for row in self.pixels.chunks_exact(self.width) {
            pixels.extend(std::iter::repeat_n(u8::MAX, frame));
            pixels.extend_from_slice(row);
            pixels.extend(std::iter::repeat_n(u8::MAX, frame));
        }
        pixels.extend(std::iter::repeat_n(u8::MAX, width * frame));
        Self::new(width, pixels)
    }

    /// A part of it, as far as it lies inside.
    pub(super) fn cut(&self, left: usize, top: usize, side: usize) -> Self {
        let (right, bottom) = ((left + side).min(self.width), (top + side).min(self.height()));
        let rows = (top..bottom).flat_map(|y| &self.row(y)[left..right]);
        Self::new(right - left, rows.copied().collect())
    }
}

/// A grey picture that comes row by row, and is halved on the way where that is wanted.
pub(super) struct Rows {
    width: usize,
    pixels: Zeroizing<Vec<u8>>,
    /// Sums of two neighbours of the row before, where two rows become one.
    upper: Option<Zeroizing<Vec<u16>>>,
    halved: bool,
    count: usize,
}

impl Rows {
    pub(super) fn new(width: usize, height: usize, halved: bool) -> Self {
        let halved = halved && width > 1 && height > 1;
        let size = if halved { (width / 2) * (height / 2) } else { width * height };
        let width = if halved { width / 2 } else { width };
        Self { width, pixels: Zeroizing::new(Vec::with_capacity(size)), upper: None, halved, count: 0 }
    }

    pub(super) fn push(&mut self, row: impl Iterator<Item = u8>) {
        self.count += 1;
        if !self.halved {
            return self.pixels.extend(row.take(self.width));
        }
        let mut sums = Zeroizing::new(vec![0; self.width]);
        for (x, pixel) in row.take(2 * self.width).enumerate() {
            sums[x / 2] += u16::from(pixel);
        }
        match self.upper.take() {
            None => self.upper = Some(sums),
            Some(upper) => {
                let mean =
                    |(upper, lower): (&u16, &u16)| u8::try_from((upper + lower) / 4).unwrap_or(u8::MAX);
                self.pixels.extend(upper.iter().zip(sums.iter()).map(mean));
            }
        }
    }

    /// Whether this many rows came.
    pub(super) fn has(&self, count: usize) -> bool {
        self.count == count && !self.pixels.is_empty()
    }

    pub(super) fn finish(self) -> Grey {
        Grey { width: self.width, pixels: self.pixels }
    }
}

/// Three quarters of the way to the pixel that is nearer.
fn nearer(near: u8, far: u8) -> u8 {
    u8::try_from((3 * u16::from(near) + u16::from(far)) / 4).unwrap_or(u8::MAX)
}
