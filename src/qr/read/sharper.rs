//! Grey pictures made of others by their shades: what was faint, noisy or blotted becomes plain.

use super::grey::Grey;

impl Grey {
    /// The darkest hundredth becomes black, the lightest white; `None` when that changes little.
    pub(super) fn stretched(&self) -> Option<Self> {
        let mut counts = [0_usize; 256];
        self.pixels().iter().for_each(|pixel| counts[usize::from(*pixel)] += 1);
        let few = self.pixels().len() / 100;
        let (dark, light) =
            (edge(counts.iter(), few), 255_usize.saturating_sub(edge(counts.iter().rev(), few)));
        if light <= dark || light - dark > 200 {
            return None;
        }
        let span = light - dark;
        let stretch = |pixel: &u8| {
            let above = usize::from(*pixel).saturating_sub(dark);
            u8::try_from(above * 255 / span).unwrap_or(u8::MAX)
        };
        Some(Self::new(self.width(), self.pixels().iter().map(stretch).collect()))
    }

    /// Each pixel is the median of itself and its eight neighbours: single wrong ones vanish.
    pub(super) fn calmed(&self) -> Self {
        let (width, height) = (self.width(), self.height());
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)].map(|y| self.row(y));
            for x in 0..width {
                let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
                let mut nine = [0; 9];
                let places = rows.iter().flat_map(|row| columns.map(|column| row[column]));
                nine.iter_mut().zip(places).for_each(|(slot, pixel)| *slot = pixel);
                pixels.push(*nine.select_nth_unstable(4).1);
            }
        }
        Self::new(width, pixels)
    }

    /// Each pixel is the mean of a square around it: noise vanishes.
    pub(super) fn blurred(&self, reach: usize) -> Self {
        self.smeared(reach).turned().smeared(reach).turned()
    }

    /// What differs from its surroundings differs more: edges that a blur has washed out come back.
    pub(super) fn sharpened(&self, reach: usize) -> Self {
        let around = self.blurred(reach);
        let sharpen = |(pixel, around): (&u8, &u8)| {
            let (pixel, around) = (i16::from(*pixel), i16::from(*around));
            u8::try_from((pixel + 3 * (pixel - around)).clamp(0, 255)).unwrap_or_default()
        };
        Self::new(self.width(), self.pixels().iter().zip(around.pixels()).map(sharpen).collect())
    }

    /// Each pixel is the mean of its row around it.
    fn smeared(&self, reach: usize) -> Self {
        let width = self.width();
        let mut smeared = Vec::with_capacity(self.pixels().len());
        for row in self.pixels().chunks_exact(width) {
            for x in 0..width {
                let around = &row[x.saturating_sub(reach)..(x + reach + 1).min(width)];
                let sum: usize = around.iter().map(|pixel| usize::from(*pixel)).sum();
                smeared.push(u8::try_from(sum / around.len()).unwrap_or(u8::MAX));
            }
        }
        Self::new(width, smeared)
    }
}

/// How many shades come before the few of an end are passed.
fn edge<'a>(counts: impl Iterator<Item = &'a usize>, few: usize) -> usize {
    let sums = counts.scan(0, |seen, count| {
        *seen += count;
        Some(*seen)
    });
    sums.take_while(|seen| *seen <= few).count()
}
