//! Doing at a sesamd what was planned: one request, with the version that was seen.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    find::{self, encoded},
    plan::hours,
};
use crate::{
    admin::{
        action::{Action, Begun, Done, Enrolled, Issued, Plan},
        error::AdminError,
        http::{Http, Method, Request},
    },
    api::users,
};

pub(super) fn apply(http: &Http, plan: &Plan, reason: &str) -> Result<Done, AdminError> {
    let user = format!("/v1/admin/users/{}", encoded(&plan.id));
    let name = plan.action.user().unwrap_or_default();
    let why = json!({"reason": reason});
    let send = |method, path: &str, body: &Value| done(http, plan, (method, path, body));
    match &plan.action {
        Action::Reset { .. } => {
            send(Method::Post, &format!("{user}/reset"), &why)?;
            said(format!(
                "{name} was reset: {} bindings are gone, the next sign-in leads to binding",
                plan.bindings
            ))
        }
        Action::Unbind { binding, .. } => {
            send(Method::Delete, &format!("{user}/bindings/{}", encoded(binding)), &why)?;
            said(format!("A binding of {name} was removed"))
        }
        Action::Bypass { until: Some(until), .. } => {
            let body = json!({"until": until.to_string(), "reason": reason});
            send(Method::Put, &format!("{user}/bypass"), &body)?;
            said(format!("{name} signs in without a second step until {until:.0}"))
        }
        Action::Bypass { until: None, .. } => {
            send(Method::Delete, &format!("{user}/bypass"), &why)?;
            said(format!("{name} is asked for a second step again"))
        }
        Action::Unlock { .. } => {
            send(Method::Post, &format!("{user}/unlock"), &why)?;
            said(format!("{name} is unlocked, wrong codes are forgotten"))
        }
        Action::Enable { on, .. } => {
            send(Method::Patch, &user, &json!({"enabled": on, "reason": reason}))?;
            said(format!("{name} {}", if *on { "may sign in again" } else { "may not sign in" }))
        }
        Action::Passcode { span, .. } => {
            let body = json!({"minutes": span.as_secs() / 60, "reason": reason});
            passcode(http, plan, (&format!("{user}/passcode"), &body))
        }
        Action::Enrol { application, .. } => {
            let body = json!({"application": application, "reason": reason});
            enrol(http, plan, (&format!("{user}/bindings"), &body))
        }
        Action::Factor { .. } | Action::Remember { .. } => application(http, plan),
    }
}

/// What changes of an application.
fn application(http: &Http, plan: &Plan) -> Result<Done, AdminError> {
    match &plan.action {
        Action::Factor { application, factor, on } => {
            let path = format!("/v1/admin/applications/{}/factors/{}", encoded(application), encoded(factor));
            let mut body = json!({"on": on});
            if !on && plan.bindings > 0 {
                body["bindings"] = json!(plan.bindings);
            }
            done(http, plan, (Method::Put, &path, &body))?;
            said(format!("{factor} is {} for {application}", if *on { "on" } else { "off" }))
        }
        Action::Remember { application, span } => {
            let path = format!("/v1/admin/applications/{}", encoded(application));
            let minutes = span.map(|span| span.as_secs() / 60);
            done(http, plan, (Method::Patch, &path, &json!({"remember_minutes": minutes})))?;
            said(match span {
                Some(span) => format!("{application} remembers browsers for {}", hours(*span)),
                None => format!("{application} remembers no browser"),
            })
        }
        _ => Err(nothing(http)),
    }
}

/// Makes a begun authenticator good with a code of it.
pub(super) fn confirm(http: &Http, begun: Begun<'_>, reason: &str) -> Result<Done, AdminError> {
    let user = find::user(http, begun.user)?.user;
    let path = format!("/v1/admin/users/{}/bindings/{}/confirm", encoded(&user.id), encoded(begun.binding));
    let body = json!({"code": begun.code, "reason": reason});
    let what = format!("binding {} of \"{}\"", begun.binding, user.name);
    http.change::<Value>(Request { method: Method::Post, path: &path, what: &what, headers: &[] }, &body)?;
    said(format!("The authenticator of {} is good for signing in", user.name))
}

fn passcode(http: &Http, plan: &Plan, (path, body): (&str, &Value)) -> Result<Done, AdminError> {
    let issued: Option<users::Passcode> = sent(http, plan, (Method::Post, path, body))?;
    let issued = issued.ok_or_else(|| nothing(http))?;
    let sentence = format!("A passcode for {}", plan.action.user().unwrap_or_default());
    let passcode = Issued { passcode: Zeroizing::new(issued.passcode), valid_until: issued.valid_until };
    Ok(Done { sentence, passcode: Some(passcode), enrolled: None })
}

fn enrol(http: &Http, plan: &Plan, (path, body): (&str, &Value)) -> Result<Done, AdminError> {
    let begun: Option<users::Enrolled> = sent(http, plan, (Method::Post, path, body))?;
    let begun = begun.ok_or_else(|| nothing(http))?;
    let sentence = format!("An authenticator for {} was begun", plan.action.user().unwrap_or_default());
    let enrolled = Enrolled { binding: begun.binding, uri: Zeroizing::new(begun.uri) };
    Ok(Done { sentence, passcode: None, enrolled: Some(enrolled) })
}

fn done(http: &Http, plan: &Plan, request: (Method, &str, &Value)) -> Result<(), AdminError> {
    sent::<Value>(http, plan, request).map(|_| ())
}

/// One request, of the version that was seen.
fn sent<T: DeserializeOwned>(
    http: &Http,
    plan: &Plan,
    (method, path, body): (Method, &str, &Value),
) -> Result<Option<T>, AdminError> {
    let seen = [("if-match", plan.version.as_str())];
    let headers: &[(&str, &str)] = if plan.version.is_empty() { &[] } else { &seen };
    let what = match &plan.action {
        Action::Factor { application, .. } | Action::Remember { application, .. } => {
            format!("application \"{application}\"")
        }
        other => format!("user \"{}\"", other.user().unwrap_or_default()),
    };
    http.change(Request { method, path, what: &what, headers }, body)
}

fn nothing(http: &Http) -> AdminError {
    AdminError::NotUnderstood { server: http.name().to_owned(), what: "an empty answer".to_owned() }
}

#[expect(clippy::unnecessary_wraps, reason = "the last of several results")]
fn said(sentence: String) -> Result<Done, AdminError> {
    Ok(Done { sentence, passcode: None, enrolled: None })
}
