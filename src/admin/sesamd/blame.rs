//! A refused change in words that help: whose right is missing, or who was first. Only asks, and only after a refusal;
//! what cannot be found out leaves the refusal as it was.

use super::find::encoded;
use crate::{
    admin::{action::Plan, error::AdminError, http::Http},
    api::{audit::Record, page::Page, users::Overview},
    text::safe_cut,
};

/// The same refusal, said better where that can be.
pub(super) fn explained(http: &Http, plan: &Plan, error: AdminError) -> AdminError {
    match error {
        AdminError::Refused { server, right: Some(right), why } => match overview(http) {
            Some(seen) => {
                let (who, role) = (safe_cut(&seen.actor, 80), safe_cut(&seen.role, 40));
                let who =
                    format!("{who} may not {} (role \"{role}\", this needs \"{right}\")", plan.action.deed());
                AdminError::NotAllowed { server, who, right }
            }
            None => AdminError::Refused { server, right: Some(right), why },
        },
        AdminError::Changed(what) => match plan.action.user().and_then(|name| last(http, name)) {
            Some(last) => AdminError::Changed(format!("{what} ({last})")),
            None => AdminError::Changed(what),
        },
        other => other,
    }
}

fn overview(http: &Http) -> Option<Overview> {
    http.get("/v1/admin/overview", "overview").ok()
}

/// The newest thing that happened to a user.
fn last(http: &Http, name: &str) -> Option<String> {
    let query = encoded(&format!("user:\"{}\"", name.replace('"', "")));
    let page: Page<Record> = http.get(&format!("/v1/admin/audit?limit=1&q={query}"), "audit").ok()?;
    let record = page.items.first()?;
    let (event, actor) = (safe_cut(&record.event, 60), safe_cut(&record.actor, 80));
    Some(format!("{event} by {actor} at {}", record.at.strftime("%H:%M:%S UTC")))
}
