//! QR codes as real pictures on a terminal: by kitty's graphics protocol, and as sixels. Where they stand, and when
//! they go, is the screen's.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use super::Qr;

/// Pixels along the side of a module in what kitty scales.
const KITTY_SCALE: u32 = 8;
/// At most so much of a picture stands in one sequence of kitty's.
const CHUNK: usize = 4_096;
/// Rows of pixels in one band of sixels.
const BAND: usize = 6;

impl Qr {
    /// Kitty's sequence for the picture over so many columns and rows, from the cursor on, which stays.
    pub fn kitty(&self, columns: u16, rows: u16) -> Zeroizing<String> {
        let file = Zeroizing::new(self.png(KITTY_SCALE));
        let text = Zeroizing::new(data_encoding::BASE64.encode(&file));
        let mut out = Zeroizing::new(String::with_capacity(text.len() + text.len() / 64 + 64));
        let mut rest = text.as_str();
        let mut head = format!("a=T,f=100,C=1,q=2,c={columns},r={rows},");
        while !head.is_empty() || !rest.is_empty() {
            let (chunk, more) = rest.split_at(rest.len().min(CHUNK));
            let last = u8::from(!more.is_empty());
            let _ = write!(out, "\x1b_G{head}m={last};{chunk}\x1b\\");
            (head, rest) = (String::new(), more);
        }
        out
    }

    /// The picture as sixels, `scale` pixels along the side of a module, from the cursor on.
    pub fn sixels(&self, scale: usize) -> Zeroizing<String> {
        let side = self.columns() * scale;
        let mut out = Zeroizing::new(String::with_capacity(side * side / 8 + 64));
        let _ = write!(out, "\x1bP0;1q\"1;1;{side};{side}#0;2;0;0;0#1;2;100;100;100");
        for top in (0..side).step_by(BAND) {
            for (color, dark) in [(1, false), (0, true)] {
                let _ = write!(out, "#{color}");
                self.band(&mut out, (top, side, scale), dark);
                out.push('$');
            }
            out.push('-');
        }
        out.push_str("\x1b\\");
        out
    }

    /// The pixels of one colour in one band: columns of six, and how often each is repeated.
    fn band(&self, out: &mut String, (top, side, scale): (usize, usize, usize), dark: bool) {
        let column = |x: usize| {
            let lit = |row: &usize| top + row < side && self.is_dark(x / scale, (top + row) / scale) == dark;
            let bits: u8 = (0..BAND).filter(lit).map(|row| 1 << row).sum();
            char::from(b'?' + bits)
        };
        let mut x = 0;
        while x < side {
            let sixel = column(x);
            let run = (x..side).take_while(|at| column(*at) == sixel).count();
            let _ = write!(out, "!{run}{sixel}");
            x += run;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pixels of sixels, read back as a terminal would: dark is true.
    fn pixels(text: &str, side: usize) -> Vec<Vec<bool>> {
        let mut dark = vec![vec![false; side]; side];
        let body = text.strip_prefix("\x1bP0;1q").unwrap().strip_suffix("\x1b\\").unwrap();
        let body = &body[body.find("100;100;100").unwrap() + "100;100;100".len()..];
        let (mut x, mut top, mut color) = (0, 0, 0);
        let mut chars = body.chars().peekable();
        while let Some(char) = chars.next() {
            let mut number = || {
                let mut value = 0;
                while let Some(digit) = chars.peek().and_then(|char| char.to_digit(10)) {
                    value = value * 10 + digit as usize;
                    chars.next();
                }
                value
            };
            match char {
                '#' => color = number(),
                '$' => x = 0,
                '-' => (x, top) = (0, top + BAND),
                '!' => {
                    let run = number();
                    let bits = chars.next().unwrap() as u8 - b'?';
                    for (at, row) in (x..x + run).flat_map(|at| (0..BAND).map(move |row| (at, row))) {
                        if bits & 1 << row != 0 && color == 0 {
                            dark[top + row][at] = true;
                        }
                    }
                    x += run;
                }
                other => panic!("{other}"),
            }
        }
        dark
    }

    #[test]
    fn sixels_are_the_modules() {
        let qr = Qr::encode("sesam").unwrap();
        let (scale, side) = (4, qr.columns() * 4);
        let read = pixels(&qr.sixels(scale), side);
        for (y, row) in read.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                assert_eq!(*dark, qr.is_dark(x / scale, y / scale), "{x},{y}");
            }
        }
    }

    #[test]
    fn kitty_gets_the_file_in_pieces_that_it_takes() {
        let qr = Qr::encode(&"otpauth://totp/".repeat(40)).unwrap();
        let text = qr.kitty(46, 23);
        let pieces: Vec<&str> = text.split("\x1b\\").filter(|piece| !piece.is_empty()).collect();
        assert!(pieces[0].starts_with("\x1b_Ga=T,f=100,C=1,q=2,c=46,r=23,m="));
        let last = pieces.len() - 1;
        let mut joined = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            let (head, chunk) = piece.split_once(';').unwrap();
            assert!(head.ends_with(if at == last { "m=0" } else { "m=1" }) && chunk.len() <= CHUNK);
            joined.push_str(chunk);
        }
        assert_eq!(data_encoding::BASE64.decode(joined.as_bytes()).unwrap(), qr.png(KITTY_SCALE));
    }
}
