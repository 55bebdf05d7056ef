//! Letters of other scripts, by their place on a US keyboard: whoever writes Russian need not switch to press `q`.
//!
//! Only letters that no text field wants come here; what is typed into a field stays as it is.

/// The keys of a US keyboard, row by row.
const US: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
/// The same keys of other layouts. A blank is a key without a letter of its own.
const LAYOUTS: [&str; 6] = [
    "ёйцукенгшщзхъфывапролджэячсмитьбю", // Russian
    "'йцукенгшщзхїфівапролджєячсмитьбю", // Ukrainian
    "чявертъуиопшщасдфгхйкл;'зьцжбнм,.", // Bulgarian, phonetic
    " ;ςερτυθιοπ[]ασδφγηξκλ΄'ζχψωβνμ,.", // Greek
    ";/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ", // Hebrew
    "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرﻻىةوز",  // Arabic
];

/// The US character where this letter lies; `None` for what a US keyboard has itself, and for what none of the
/// layouts has. Capitals become capitals.
pub fn us_position(char: char) -> Option<char> {
    if char.is_ascii() {
        return None;
    }
    let small = char.to_lowercase().next().unwrap_or(char);
    let us = LAYOUTS.iter().find_map(|layout| {
        layout.chars().zip(US.chars()).find_map(|(other, us)| (other == small).then_some(us))
    })?;
    Some(if small == char { us } else { us.to_ascii_uppercase() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_has_every_key() {
        for layout in LAYOUTS {
            assert_eq!(layout.chars().count(), US.chars().count(), "{layout}");
        }
    }

    #[test]
    fn letters_find_their_key() {
        for (other, us) in
            [('й', 'q'), ('Й', 'Q'), ('с', 'c'), ('є', '\''), ('ש', 'a'), ('ض', 'q'), ('θ', 'u')]
        {
            assert_eq!(us_position(other), Some(us), "{other}");
        }
        assert_eq!(us_position('q'), None);
        assert_eq!(us_position('株'), None);
    }
}
