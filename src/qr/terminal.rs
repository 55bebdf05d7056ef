//! QR codes as text: half blocks, and ASCII for terminals without them. Fitting into a window is the screen's.

use super::Qr;

impl Qr {
    /// The picture in half blocks, two modules per character; every line ends with a line feed.
    ///
    /// Light modules are drawn, so that it scans on a dark terminal; `invert` draws the dark ones instead,
    /// for a light terminal.
    pub fn terminal(&self, invert: bool) -> String {
        let mut text = String::with_capacity(self.rows() * (self.columns() * "█".len() + 1));
        for row in 0..self.rows() {
            for x in 0..self.columns() {
                let upper = self.is_dark(x, 2 * row) == invert;
                let lower = self.is_dark(x, 2 * row + 1) == invert;
                text.push(match (upper, lower) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }

    /// The picture in ASCII: `##` or two spaces per module, drawn as in [`Qr::terminal`].
    pub fn ascii(&self, invert: bool) -> String {
        let side = self.full_side();
        let mut text = String::with_capacity(side * (2 * side + 1));
        for y in 0..side {
            for x in 0..side {
                text.push_str(if self.is_dark(x, y) == invert { "##" } else { "  " });
            }
            text.push('\n');
        }
        text
    }

    /// Columns of the half-block picture.
    pub fn columns(&self) -> usize {
        self.full_side()
    }

    /// Rows of the half-block picture. The last one is half a row beyond the code, drawn as light.
    pub fn rows(&self) -> usize {
        self.full_side().div_ceil(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smallest() -> Qr {
        Qr::encode("sesam").expect("it fits")
    }

    #[test]
    fn half_blocks_have_the_size_they_tell() {
        let qr = smallest();
        let lines: Vec<String> = qr.terminal(false).lines().map(String::from).collect();
        assert_eq!((qr.columns(), qr.rows()), (29, 15));
        assert_eq!(lines.len(), 15);
        assert!(lines.iter().all(|line| line.chars().count() == 29));
    }

    #[test]
    fn a_light_frame_of_four_modules_surrounds_it() {
        let picture = smallest().terminal(false);
        let lines: Vec<&str> = picture.lines().collect();
        assert_eq!(lines[0], "█".repeat(29));
        assert_eq!(lines[1], "█".repeat(29));
        assert!(lines[2].starts_with("████ ▄▄▄▄▄ "), "{}", lines[2]);
        assert_eq!(lines[14], "█".repeat(29));
    }

    #[test]
    fn inverted_is_the_other_way_round() {
        let qr = smallest();
        let flipped: String = qr
            .terminal(true)
            .chars()
            .map(|block| match block {
                '█' => ' ',
                ' ' => '█',
                '▀' => '▄',
                '▄' => '▀',
                other => other,
            })
            .collect();
        assert_eq!(flipped, qr.terminal(false));
    }

    #[test]
    fn ascii_is_ascii_and_two_wide() {
        let picture = smallest().ascii(false);
        assert!(picture.is_ascii());
        assert_eq!(picture.lines().count(), 29);
        assert!(picture.lines().all(|line| line.len() == 58));
        assert!(picture.starts_with("####"));
        assert!(smallest().ascii(true).starts_with("    "));
    }
}
