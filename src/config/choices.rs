//! Settings that are one word out of a few. The words are those of the file.

use super::value::{Setting, Value};

macro_rules! choices {
    ($( $(#[$doc:meta])* $name:ident { $( $variant:ident = $word:literal: $says:literal, )* } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $( #[doc = $says] $variant, )* }

        impl $name {
            /// The words of the file, in the order of the default file.
            pub const WORDS: &'static [&'static str] = &[$( $word, )*];

            /// The word of this choice.
            pub fn word(self) -> &'static str {
                match self { $( Self::$variant => $word, )* }
            }
        }

        impl $name {
            /// The choice of this word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }
        }

        impl Setting for $name {
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::Text(word) = value { Self::from_word(word) } else { None }
            }
        }
    )* };
}

choices! {
    /// `admin.reason`: whether a change asks for a reason.
    AskReason {
        Ask = "ask": "Asks; an empty reason is taken.",
        Require = "require": "Asks; an empty reason is refused.",
        Off = "off": "Does not ask.",
    }
    /// `admin.servers.NAME.confirm`: how a change of the third level is confirmed.
    Confirm {
        Typed = "typed": "By typing the name.",
        Plain = "plain": "By a key; refused for a server of kind `prod`.",
    }
    /// `copy.method`: the way to the clipboard.
    CopyMethod {
        Auto = "auto": "OSC 52 over SSH, else native, else OSC 52.",
        Native = "native": "The clipboard of this machine.",
        Osc52 = "osc52": "The terminal's escape sequence.",
        Command = "command": "The program in `copy.command`.",
        None = "none": "Never.",
    }
    /// `ui.density`: rows per account.
    Density {
        Compact = "compact": "One row.",
        Roomy = "roomy": "A second row with tags and note.",
        Cards = "cards": "A large code, readable from afar.",
    }
    /// `ui.motion`: how much moves.
    Motion {
        Full = "full": "Bars and seconds.",
        Reduced = "reduced": "No bars; the number changes at 30, 20, 10 and 5.",
    }
    /// `copy.near_expiry`: what is copied when the code is about to end.
    NearExpiry {
        Current = "current": "The code of now.",
        Next = "next": "The next code.",
        Wait = "wait": "The next code, once it holds.",
    }
    /// `codes.next`: when the next code is shown.
    NextCode {
        Off = "off": "Never.",
        Last5s = "5s": "In the last 5 seconds.",
        Last10s = "10s": "In the last 10 seconds.",
        Always = "always": "Always.",
    }
    /// `admin.servers.NAME.provider`: what kind of program the server is.
    ProviderKind {
        Sesamd = "sesamd": "sesam's own server.",
        Keycloak = "keycloak": "Keycloak.",
        PrivacyIdea = "privacyidea": "privacyIDEA.",
    }
    /// `lock.remember`: whether the system keyring keeps the identity.
    Remember {
        Ask = "ask": "Asks once.",
        Always = "always": "Keeps it.",
        Never = "never": "Never keeps it.",
    }
    /// `codes.show`: which codes are readable.
    Show {
        All = "all": "All.",
        Selected = "selected": "The one of the selected row.",
        None = "none": "None until revealed.",
    }
    /// `codes.sort`: the order of accounts.
    Sort {
        Used = "used": "By how often and how lately they are used.",
        Name = "name": "By name.",
        Last = "last": "By the last use.",
        Manual = "manual": "By hand.",
    }
    /// `ui.start`: the first screen.
    Start {
        Codes = "codes": "The codes.",
        Search = "search": "The codes, with the search field open.",
        Admin = "admin": "The admin mode.",
    }
    /// `ui.symbols`: which characters draw.
    Symbols {
        Auto = "auto": "Unicode where the terminal shows it at the right width.",
        Unicode = "unicode": "Unicode.",
        Ascii = "ascii": "ASCII alone.",
    }
    /// `ui.time`: the zone of times on the screen.
    TimeZone {
        Local = "local": "The zone of this machine.",
        Utc = "utc": "UTC.",
    }
}
