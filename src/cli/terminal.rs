//! What the terminal is, as far as the environment tells, and which symbols go to it. Reads the environment.

use super::{context::Context, locations::variable};
use crate::{clipboard::words::Marks, config::Symbols};

/// The character set of the locale is UTF-8: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides.
pub(super) fn is_utf8() -> bool {
    locale().is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// The variable's value that decides about characters.
pub(super) fn locale() -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| variable(name))
}

/// Whether symbols are more than ASCII here.
pub(super) fn has_unicode(cx: &Context) -> bool {
    match cx.settings.config.ui.symbols {
        Symbols::Ascii => false,
        Symbols::Unicode => true,
        Symbols::Auto => is_utf8(),
    }
}

/// The symbols before messages.
pub(super) fn marks(cx: &Context) -> Marks {
    if has_unicode(cx) { Marks::UNICODE } else { Marks::ASCII }
}
