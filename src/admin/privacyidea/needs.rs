//! Which rights a change needs, all of them, before the first request of it goes out: what is begun can be ended.

use super::{
    envelope::Told,
    people::Found,
    rights::Who,
    token::{Lock, Use},
};
use crate::admin::{action::Action, error::AdminError, http::Http};

/// Refuses a change for which a right is missing, as far as the sign-in told them.
pub(super) fn check(http: &Http, who: &Who, (action, found): (&Action, &Found)) -> Result<(), AdminError> {
    let Some(right) = needed(action, found).into_iter().find(|right| !who.rights.has(right)) else {
        return Ok(());
    };
    let said = format!("{} may not {} (this needs the right \"{right}\")", who.name, action.deed());
    Err(AdminError::NotAllowed { server: http.name().to_owned(), who: said, right: right.to_owned() })
}

fn needed(action: &Action, found: &Found) -> Vec<&'static str> {
    let older = |of: Use| found.tokens.all.iter().any(|token| token.is() == of);
    let also = |right: &'static str, more: bool| if more { vec![right, "delete"] } else { vec![right] };
    match action {
        Action::Reset { .. } | Action::Unbind { .. } | Action::Bypass { until: None, .. } => vec!["delete"],
        Action::Enrol { .. } => vec!["enrollTOTP"],
        Action::Bypass { until: Some(_), .. } => also("enrollSPASS", older(Use::Bypass)),
        Action::Passcode { .. } => also("enrollREGISTRATION", older(Use::Passcode)),
        Action::Unlock { .. } => {
            let counted = found.tokens.all.iter().any(|token| token.failcount > 0);
            let locked = matches!(&found.lock, Told::Value(Some(Lock { .. })));
            [(counted, "reset"), (locked, "user_lock_reset")]
                .into_iter()
                .filter_map(|(is, right)| is.then_some(right))
                .collect()
        }
        Action::Enable { .. } | Action::Factor { .. } | Action::Remember { .. } => vec![],
    }
}
