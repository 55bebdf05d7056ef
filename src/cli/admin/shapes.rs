//! JSON of the help desk's commands: shapes that scripts rely on. Keys are only ever added.

use serde_json::{Value, json};

use crate::admin::{
    action::{Action, Plan},
    lines,
    model::{Application, Binding, Event, Person, Statistics},
};

/// `sesam.user/1`
pub(super) fn user(server: &str, person: &Person) -> Value {
    json!({
        "schema": "sesam.user/1",
        "server": server,
        "id": person.id,
        "name": person.name,
        "display": person.display,
        "email": person.email,
        "state": person.state.word(),
        "locked_until": person.locked_until.map(|time| time.to_string()),
        "bypass_until": person.bypass_until.map(|time| time.to_string()),
        "fails": person.failures,
        "last_success": person.last_success.map(|time| time.to_string()),
        "bindings": (1..).zip(&person.bindings).map(|(n, one)| binding(n, one)).collect::<Vec<_>>(),
        "factors": person.factors,
        "sessions": person.sessions,
    })
}

fn binding(n: u32, binding: &Binding) -> Value {
    json!({
        "n": n,
        "id": binding.id,
        "type": binding.kind,
        "label": binding.label,
        "state": binding.state,
        "parameters": binding.parameters,
        "bound": binding.bound.map(|time| time.to_string()),
        "last_used": binding.used.map(|time| time.to_string()),
    })
}

/// `sesam.event/1`
pub(super) fn event(event: &Event) -> Value {
    lines::object(event)
}

/// `sesam.application/1`
pub(super) fn application(server: &str, application: &Application) -> Value {
    let factors: serde_json::Map<String, Value> =
        application.factors.iter().map(|(name, on)| (name.clone(), json!(on))).collect();
    json!({
        "schema": "sesam.application/1",
        "server": server,
        "id": application.id,
        "name": application.name,
        "factors": factors,
        "users": application.users,
        "remember_minutes": application.remember_minutes,
    })
}

/// `sesam.plan/1`
pub(super) fn plan(server: &str, plan: &Plan) -> Value {
    json!({
        "schema": "sesam.plan/1",
        "server": server,
        "action": word(&plan.action),
        "title": plan.title,
        "effects": plan.effects,
        "warning": plan.warning,
        "confirm": plan.confirm,
        "bindings": plan.bindings,
    })
}

/// `sesam.stats/1`
pub(super) fn statistics(by: &str, statistics: &Statistics) -> Value {
    let row = |row: &crate::admin::model::Counted| json!({"key": row.key, "total": row.total, "results": row.results});
    json!({
        "schema": "sesam.stats/1",
        "by": by,
        "total": statistics.total,
        "rows": statistics.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// The word of an action.
pub(super) fn word(action: &Action) -> &'static str {
    match action {
        Action::Reset { .. } => "reset",
        Action::Unbind { .. } => "unbind",
        Action::Enrol { .. } => "enrol",
        Action::Bypass { .. } => "bypass",
        Action::Unlock { .. } => "unlock",
        Action::Passcode { .. } => "passcode",
        Action::Enable { on: true, .. } => "enable",
        Action::Enable { on: false, .. } => "disable",
        Action::Factor { .. } => "factor",
        Action::Remember { .. } => "remember",
    }
}
