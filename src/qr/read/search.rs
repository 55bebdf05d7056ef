//! Which looks are taken at a picture, in which order, and when it is enough.

use super::{
    grey::Grey,
    job::Job,
    look::{self, Ink},
    picture::Shades,
};

/// Adds each code that it finds to the job.
pub(super) fn codes(shades: Shades, job: &Job) {
    let search = Search(job);
    for grey in std::iter::once(&shades.on_white).chain(&shades.on_black) {
        search.plainly(grey);
    }
    for grey in std::iter::once(shades.on_white).chain(shades.on_black) {
        search.patiently(&grey);
    }
}

struct Search<'a>(&'a Job);

impl Search<'_> {
    /// The picture as it is. A code that fills it is taken to be the only one.
    fn plainly(&self, grey: &Grey) {
        for ink in [Ink::Dark, Ink::Light] {
            if self.0.is_late() {
                return;
            }
            self.0.add(look::quickly(grey, &[ink]));
            if self.0.is_filled() {
                return;
            }
        }
        if !self.0.has_hit() || grey.pixels().len() <= MAX_SCREEN_PIXELS {
            self.rest(grey, Ink::Dark);
        } else {
            self.0.add(look::quickly(&grey.halved(), &[Ink::Dark, Ink::Light]));
        }
    }

    /// Pictures made of it, one after the other until one shows a code.
    fn patiently(&self, grey: &Grey) {
        let makers: [fn(&Grey) -> Option<Grey>; 12] = [
            Grey::stretched,
            |grey| is_small(grey).then(|| grey.doubled()),
            |grey| is_large(grey).then(|| grey.halved()),
            |grey| Some(grey.framed()),
            |grey| Some(grey.blurred(1)),
            |grey| Some(grey.calmed()),
            |grey| Some(grey.sharpened(4)),
            |grey| Some(grey.sharpened(8)),
            |grey| Some(grey.blurred(2)),
            |grey| Some(grey.blurred(2).sharpened(6)),
            |grey| is_small(grey).then(|| grey.framed().doubled().doubled()),
            |grey| is_large(grey).then(|| grey.halved().halved()),
        ];
        for make in makers {
            if self.is_over() {
                return;
            }
            if let Some(made) = make(grey) {
                self.0.add(look::quickly(&made, &[Ink::Dark, Ink::Light]));
                self.rest(&made, Ink::Dark);
                self.rest(&made, Ink::Light);
            }
        }
        self.in_parts(grey);
    }

    /// With rqrr, where it is worth its time.
    fn rest(&self, grey: &Grey, ink: Ink) {
        let wanted = ink == Ink::Dark || !self.0.has_hit();
        if wanted && !self.0.is_late() && grey.pixels().len() <= MAX_THOROUGH_PIXELS {
            self.0.add(look::thoroughly(grey, ink));
        }
    }

    /// Parts of a large picture, each at twice its size.
    fn in_parts(&self, grey: &Grey) {
        if !is_large(grey) || self.is_over() {
            return;
        }
        for top in (0..grey.height()).step_by(PART / 2) {
            for left in (0..grey.width()).step_by(PART / 2) {
                if self.0.is_late() {
                    return;
                }
                let part = grey.cut(left, top, PART);
                if part.width().min(part.height()) > PART / 2 {
                    let hits = look::quickly(&part.doubled(), &[Ink::Dark, Ink::Light]);
                    self.0.add(hits.into_iter().map(|hit| hit.of_part((left, top), &part, grey)).collect());
                }
            }
        }
    }

    fn is_over(&self) -> bool {
        self.0.has_hit() || self.0.is_late()
    }
}

fn is_small(grey: &Grey) -> bool {
    grey.pixels().len() <= SMALL
}

fn is_large(grey: &Grey) -> bool {
    grey.width().min(grey.height()) >= 300
}

/// Pixels of a picture that is worth being made larger.
const SMALL: usize = 1_000_000;
/// Pixels along the side of a part.
const PART: usize = 800;
/// Of an ordinary screen: rqrr takes 16 ns for a pixel.
const MAX_SCREEN_PIXELS: usize = 2_500_000;
/// rqrr copies the picture for what it takes to be a code.
const MAX_THOROUGH_PIXELS: usize = 16_000_000;
