//! A link that was pasted where no field was.

use super::{form::Form, import::Source};
use crate::tui::{context::Context, screen::Step};

/// A link that was pasted where no field was: the form opens, filled; Google's export opens the wizard.
/// `None` for any other text.
pub fn link(text: &str, cx: &mut Context) -> Option<Step> {
    let text = text.trim();
    if text.starts_with("otpauth-migration:") {
        if !cx.may_change() {
            return Some(Step::Stay);
        }
        return Some(Step::Push(Box::new(Source::with_content(text, cx))));
    }
    if !crate::otp::looks_like_link(text) {
        return None;
    }
    if !cx.may_change() {
        return Some(Step::Stay);
    }
    match Form::from_link(text, cx) {
        Ok(form) => Some(Step::Push(Box::new(form))),
        Err(words) => {
            cx.fail(words);
            Some(Step::Stay)
        }
    }
}
