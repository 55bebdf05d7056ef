//! Switches that wait: nothing of them is sent before somebody applies them. Pure.

use crate::admin::action::{Action, Level, Plan};

/// A switch that waits, and what the server said it would do.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) application: String,
    pub(super) factor: String,
    pub(super) on: bool,
    /// The question for its effect.
    pub(super) asked: Option<u64>,
    pub(super) plan: Option<Plan>,
    /// Why the effect is not known.
    pub(super) fault: Option<String>,
}

impl Pending {
    pub(super) fn new(application: &str, factor: &str, on: bool) -> Self {
        let (application, factor) = (application.to_owned(), factor.to_owned());
        Self { application, factor, on, asked: None, plan: None, fault: None }
    }

    pub(super) fn action(&self) -> Action {
        Action::Factor { application: self.application.clone(), factor: self.factor.clone(), on: self.on }
    }

    pub(super) fn is_for(&self, application: &str, factor: &str) -> bool {
        self.application == application && self.factor == factor
    }

    /// What it does to users, in a few words.
    pub(super) fn effect(&self) -> String {
        match (&self.plan, &self.fault) {
            (Some(plan), _) => {
                let own: Vec<&str> = plan
                    .effects
                    .iter()
                    .map(String::as_str)
                    .filter(|effect| !effect.contains("audit log"))
                    .collect();
                if own.is_empty() { "keeps nobody out".to_owned() } else { own.join("; ") }
            }
            (None, Some(fault)) => fault.clone(),
            (None, None) => "asking what it would do".to_owned(),
        }
    }

    /// What must be known before: who would be kept out, what cannot be undone.
    pub(super) fn warning(&self) -> Option<&str> {
        self.plan.as_ref()?.warning.as_deref()
    }
}

/// What is typed to confirm all of them; nothing where a plain question is enough.
pub(super) fn to_type(plans: &[Plan]) -> Option<String> {
    if plans.iter().all(|plan| plan.level < Level::Typed) {
        return None;
    }
    Some(match plans {
        [plan] => match &plan.action {
            Action::Factor { application, factor, on } => {
                format!("{application} {factor} {}", if *on { "on" } else { "off" })
            }
            _ => plan.confirm.clone(),
        },
        several => format!("{} changes", several.len()),
    })
}

/// `TOTP`, `push`: as people write it.
pub(super) fn factor_word(factor: &str) -> String {
    match factor {
        "push" | "email" => factor.to_owned(),
        other => other.to_uppercase(),
    }
}

/// `10 min`, `12 h`, `30 d`, `off`.
pub(super) fn remembered(minutes: Option<u64>) -> String {
    match minutes {
        None | Some(0) => "off".to_owned(),
        Some(minutes) if minutes % 1440 == 0 => format!("{} d", minutes / 1440),
        Some(minutes) if minutes % 60 == 0 => format!("{} h", minutes / 60),
        Some(minutes) => format!("{minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(level: Level) -> Plan {
        Plan {
            action: Pending::new("wiki", "sms", false).action(),
            title: String::new(),
            effects: vec!["be written to the audit log".into()],
            warning: None,
            level,
            confirm: "wiki".into(),
            id: "wiki".into(),
            version: String::new(),
            bindings: 0,
        }
    }

    #[test]
    fn who_locks_somebody_out_types_what_is_done() {
        assert_eq!(to_type(&[plan(Level::Asked)]), None);
        assert_eq!(to_type(&[plan(Level::Typed)]), Some("wiki sms off".into()));
        assert_eq!(to_type(&[plan(Level::Asked), plan(Level::Typed)]), Some("2 changes".into()));
        let own = Pending { plan: Some(plan(Level::Asked)), ..Pending::new("wiki", "sms", false) };
        assert_eq!(own.effect(), "keeps nobody out");
        assert_eq!(["push", "sms"].map(factor_word), ["push", "SMS"]);
        assert_eq!(
            [None, Some(10), Some(720), Some(43_200)].map(remembered),
            ["off", "10 min", "12 h", "30 d"]
        );
    }
}
