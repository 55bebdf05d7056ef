//! A link that was pasted where no field was.

use super::form::Form;
use crate::tui::{context::Context, screen::Step};

/// A link that was pasted where no field was: the form opens, filled. `None` for any other text.
pub fn link(text: &str, cx: &mut Context) -> Option<Step> {
    let text = text.trim();
    if text.starts_with("otpauth-migration:") {
        cx.say("That is an export of Google Authenticator: sesam import - takes it.");
        return Some(Step::Stay);
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
