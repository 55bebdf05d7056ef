//! What an action leaves as it was, though somebody might think that it goes: said in the plan.

use jiff::Timestamp;

use super::action::Action;

/// How a user stands before an action.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// Until when no code is taken.
    pub locked: Option<Timestamp>,
    /// Until when no second step is asked for.
    pub bypass: Option<Timestamp>,
    /// Whether there is an authenticator.
    pub is_bound: bool,
    /// Whether a passcode is out that was not used.
    pub passcode: bool,
}

impl Standing {
    /// What stays, line by line. Times stand alone between spaces: a screen writes them in its own zone.
    pub fn stays(&self, action: &Action) -> Vec<String> {
        let mut lines = vec![];
        let codes_matter =
            matches!(action, Action::Reset { .. } | Action::Enrol { .. } | Action::Passcode { .. });
        if let Some(until) = self.locked.filter(|_| codes_matter) {
            lines.push(format!("leave the lock: until {until:.0} no code opens, unless unlocked"));
        }
        if let Some(until) = self.bypass {
            lines.extend(match action {
                Action::Bypass { until: Some(_), .. } => Some(format!("replace the bypass until {until:.0}")),
                _ if codes_matter => {
                    Some(format!("leave the bypass: until {until:.0} a password alone is enough"))
                }
                _ => None,
            });
        }
        match action {
            Action::Reset { .. } if self.passcode => {
                lines.push("leave the passcode that was issued: the binding asks for it".to_owned());
            }
            Action::Passcode { .. } if !self.is_bound => {
                lines.push(
                    "let it open the binding alone: without a new phone only a bypass lets in".to_owned(),
                );
            }
            Action::Bypass { until: Some(_), .. } if !self.is_bound => {
                lines.push("put the binding off: nobody is led to it before the bypass ends".to_owned());
            }
            _ => {}
        }
        lines
    }

    /// What is said of a user who has no authenticator any more.
    pub fn without(&self, name: &str) -> String {
        match self.bypass {
            Some(_) => {
                format!("This cannot be undone here. {name} signs in without a code while the bypass lasts.")
            }
            None => format!("This cannot be undone here. {name} cannot sign in until enrolled."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_said_where_it_matters() {
        let until: Timestamp = "2026-11-21T17:04:08Z".parse().unwrap();
        let reset = Action::Reset { user: "alan".into() };
        let own = Standing { locked: Some(until), bypass: Some(until), is_bound: true, passcode: true };
        let lines = own.stays(&reset);
        assert_eq!(lines.len(), 3);
        assert!(lines[0].contains(" 2026-11-21T17:04:08Z "), "a time stands alone: {}", lines[0]);
        assert!(Standing { is_bound: true, ..Standing::default() }.stays(&reset).is_empty());
        let passcode = Action::Passcode { user: "alan".into(), span: std::time::Duration::from_hours(1) };
        assert!(Standing::default().stays(&passcode)[0].contains("binding alone"));
        let bypass = Action::Bypass { user: "alan".into(), until: Some(until) };
        assert_eq!(Standing { bypass: Some(until), ..Standing::default() }.stays(&bypass).len(), 2);
    }
}
