//! The characters that draw: Unicode, or ASCII where the terminal or the locale cannot show the others.

/// One set of characters.
#[derive(Debug, PartialEq, Eq)]
pub struct Symbols {
    /// The selected row.
    pub selected: &'static str,
    /// A favourite.
    pub favourite: &'static str,
    /// Between the places in the first row.
    pub then: &'static str,
    /// A horizontal line.
    pub rule: &'static str,
    /// Between two panes.
    pub pane: &'static str,
    /// A full and an empty cell of a bar.
    pub bar: [&'static str; 2],
    /// Before the next code.
    pub next: &'static str,
    /// Before the code that was.
    pub previous: &'static str,
    /// A hidden character.
    pub hidden: &'static str,
    /// A character of a passphrase.
    pub masked: &'static str,
    /// The cursor of a field.
    pub cursor: &'static str,
    /// Done.
    pub done: &'static str,
    /// Worth a look.
    pub warning: &'static str,
    /// Failed.
    pub failed: &'static str,
    /// Between two facts of a row.
    pub dot: &'static str,
    /// A chosen one of several.
    pub radio: &'static str,
    /// Where a text is cut.
    pub cut: &'static str,
    /// Corners and sides of a box: top left, top right, bottom left, bottom right, horizontal, vertical.
    pub corners: [&'static str; 6],
    /// The four arrows, left up right down.
    pub arrows: [&'static str; 4],
}

/// For terminals that can.
pub static UNICODE: Symbols = Symbols {
    selected: "▌",
    favourite: "★",
    then: "›",
    rule: "─",
    pane: "│",
    bar: ["▰", "▱"],
    next: "→",
    previous: "←",
    hidden: "•",
    masked: "●",
    cursor: "▏",
    done: "✓",
    warning: "▲",
    failed: "×",
    dot: "·",
    radio: "•",
    cut: "…",
    corners: ["╭", "╮", "╰", "╯", "─", "│"],
    arrows: ["←", "↑", "→", "↓"],
};

/// For all others.
pub static ASCII: Symbols = Symbols {
    selected: ">",
    favourite: "*",
    then: ">",
    rule: "-",
    pane: "|",
    bar: ["#", "-"],
    next: ">",
    previous: "<",
    hidden: "*",
    masked: "*",
    cursor: "_",
    done: "+",
    warning: "!",
    failed: "x",
    dot: "-",
    radio: "x",
    cut: "~",
    corners: ["+", "+", "+", "+", "-", "|"],
    arrows: ["Left", "Up", "Right", "Dn"],
};

impl Symbols {
    /// Whether this is the set without Unicode.
    pub fn is_ascii(&self) -> bool {
        self.rule == "-"
    }

    /// A text of ours with its own symbols put into this set: hints and sentences are written once.
    pub fn text(&self, text: &str) -> String {
        if !self.is_ascii() {
            return text.to_owned();
        }
        let pairs =
            [("↑↓", "Up/Dn"), ("←→", "Left/Right"), ("↑", "Up"), ("↓", "Dn"), ("→", "Right"), ("←", "Left")];
        let mut plain = text.to_owned();
        for (from, to) in
            pairs.into_iter().chain([("…", "..."), ("★", "*"), ("›", ">"), ("•", "*"), ("✓", "+")])
        {
            plain = plain.replace(from, to);
        }
        plain.replace('▲', "!").replace('×', "x").replace('·', "-")
    }
}
