//! The rule by which a login flow asks some users for no second step: found by reading the flow, never supposed.

use serde::Deserialize;
use serde_json::Value;

use super::desk::{Desk, Right};
use crate::admin::{address::encoded, error::AdminError};

/// How a user is let in without a second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The flow has no such rule.
    None,
    /// Who asks may not read the flow.
    Hidden,
    /// Who has this realm role.
    Role(Role),
    /// Whose attribute has this value.
    Attribute {
        /// Its name.
        name: String,
        /// The value that lets in.
        value: String,
    },
}

/// A realm role, as a change names it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) id: String,
    pub(super) name: String,
}

/// What the realm says of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Realm {
    pub(super) browser_flow: Option<String>,
    otp_policy_type: Option<String>,
    otp_policy_algorithm: Option<String>,
    otp_policy_digits: Option<u8>,
    otp_policy_period: Option<u32>,
}

/// A step of a flow; sub-flows stand flat among them, told apart by their level.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Step {
    requirement: String,
    level: u32,
    provider_id: Option<String>,
    authentication_config: Option<String>,
}

/// How new authenticators are made there: kind, hash, digits, period.
pub(super) struct Policy {
    pub(super) is_totp: bool,
    pub(super) algorithm: String,
    pub(super) digits: u8,
    pub(super) period: u32,
}

impl Realm {
    pub(super) fn read(desk: &Desk) -> Result<Self, AdminError> {
        desk.get("", (&format!("realm \"{}\"", desk.realm), Right::Realm))
    }

    pub(super) fn policy(&self) -> Policy {
        Policy {
            is_totp: self.otp_policy_type.as_deref() != Some("hotp"),
            algorithm: self.otp_policy_algorithm.clone().unwrap_or_else(|| "HmacSHA1".to_owned()),
            digits: self.otp_policy_digits.unwrap_or(6),
            period: self.otp_policy_period.unwrap_or(30),
        }
    }
}

/// Reads the rule of the realm's browser flow.
pub(super) fn rule(desk: &Desk) -> Result<Rule, AdminError> {
    let Some(flow) = Realm::read(desk)?.browser_flow else { return Ok(Rule::Hidden) };
    let path = format!("/authentication/flows/{}/executions", encoded(&flow));
    let Some(steps) = desk.perhaps::<Vec<Step>>(&path, ("flow", Right::Realm))? else {
        return Ok(Rule::Hidden);
    };
    for at in candidates(&steps) {
        let Some(config) = &steps[at].authentication_config else { continue };
        let path = format!("/authentication/config/{}", encoded(config));
        let found = desk.perhaps::<Value>(&path, ("setting of the flow", Right::Realm))?;
        let provider = steps[at].provider_id.as_deref().unwrap_or_default();
        match found.and_then(|found| meant(provider, &found["config"])) {
            Some(Rule::Role(role)) => {
                let path = format!("/roles/{}", encoded(&role.name));
                // A role of a client, or one that is gone, is none that can be given here.
                if let Some(role) = desk.perhaps(&path, ("role", Right::Realm))? {
                    return Ok(Rule::Role(role));
                }
            }
            Some(rule) => return Ok(rule),
            None => {}
        }
    }
    Ok(Rule::None)
}

/// Whether a flow asks for a code at all; nothing where it may not be read.
pub(super) fn asks_for_codes(desk: &Desk, flow: &str) -> Result<Option<bool>, AdminError> {
    let path = format!("/authentication/flows/{}/executions", encoded(flow));
    let steps: Option<Vec<Step>> = desk.perhaps(&path, ("flow", Right::Realm))?;
    let is_form =
        |provider: Option<&str>| matches!(provider, Some("auth-otp-form" | "auth-conditional-otp-form"));
    Ok(steps.map(|steps| {
        (0..steps.len()).any(|at| {
            let is_on = |at: usize| steps[at].requirement != "DISABLED";
            is_form(steps[at].provider_id.as_deref()) && is_on(at) && above(&steps, at).all(is_on)
        })
    }))
}

/// The steps that may be a rule: conditions of a sub-flow that asks for a code, and forms that ask on condition.
fn candidates(steps: &[Step]) -> Vec<usize> {
    let counts = |at: &usize| {
        let step = &steps[*at];
        let provider = step.provider_id.as_deref().unwrap_or_default();
        let is_on =
            step.requirement != "DISABLED" && above(steps, *at).all(|at| steps[at].requirement != "DISABLED");
        match provider {
            "auth-conditional-otp-form" => is_on,
            "conditional-user-role" | "conditional-user-attribute" => {
                let parent = above(steps, *at).next();
                let asks = parent
                    .is_some_and(|parent| steps[parent].requirement == "CONDITIONAL" && asks(steps, parent));
                is_on && asks && step.requirement == "REQUIRED"
            }
            _ => false,
        }
    };
    (0..steps.len()).filter(counts).collect()
}

/// The sub-flows that a step lies in, the nearest first.
fn above(steps: &[Step], at: usize) -> impl Iterator<Item = usize> {
    let mut level = steps[at].level;
    (0..at).rev().filter(move |other| {
        let is_above = steps[*other].level < level;
        if is_above {
            level = steps[*other].level;
        }
        is_above
    })
}

/// Whether a sub-flow asks for a code.
fn asks(steps: &[Step], parent: usize) -> bool {
    let inside = steps[parent + 1..].iter().take_while(|step| step.level > steps[parent].level);
    inside.into_iter().any(|step| {
        step.requirement != "DISABLED"
            && matches!(step.provider_id.as_deref(), Some("auth-otp-form" | "auth-conditional-otp-form"))
    })
}

/// What the settings of a step mean.
fn meant(provider: &str, config: &Value) -> Option<Rule> {
    let text = |key: &str| config[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let is = |key: &str| config[key] == "true" || config[key] == true;
    match provider {
        "conditional-user-role" if is("negate") => {
            Some(Rule::Role(Role { id: String::new(), name: text("condUserRole")? }))
        }
        "conditional-user-attribute" if (is("not") || is("negate")) && !is("regex") => {
            let value = config["attribute_expected_value"]
                .as_str()
                .or(config["attribute_value"].as_str())?
                .to_owned();
            Some(Rule::Attribute { name: text("attribute_name")?, value })
        }
        "auth-conditional-otp-form" => {
            Some(Rule::Attribute { name: text("otpControlAttribute")?, value: "skip".to_owned() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flow(condition: &str, requirement: &str, sub: &str) -> Vec<Step> {
        let step = |level: u32, provider: Option<&str>, requirement: &str| Step {
            requirement: requirement.to_owned(),
            level,
            provider_id: provider.map(str::to_owned),
            authentication_config: None,
        };
        vec![
            step(0, Some("auth-cookie"), "ALTERNATIVE"),
            step(0, None, "ALTERNATIVE"),
            step(1, Some("auth-username-password-form"), "REQUIRED"),
            step(1, None, sub),
            step(2, Some("conditional-user-configured"), "REQUIRED"),
            step(2, Some("auth-otp-form"), "ALTERNATIVE"),
            step(2, Some(condition), requirement),
            step(0, None, "CONDITIONAL"),
            step(1, Some("conditional-user-role"), "REQUIRED"),
            step(1, Some("organization"), "ALTERNATIVE"),
        ]
    }

    #[test]
    fn a_rule_counts_where_it_is_on_and_stands_beside_the_form_that_asks() {
        for (condition, requirement, sub, found) in [
            ("conditional-user-role", "REQUIRED", "CONDITIONAL", vec![6]),
            ("conditional-user-attribute", "REQUIRED", "CONDITIONAL", vec![6]),
            ("auth-conditional-otp-form", "REQUIRED", "REQUIRED", vec![6]),
            ("conditional-user-role", "DISABLED", "CONDITIONAL", vec![]),
            ("conditional-user-role", "REQUIRED", "DISABLED", vec![]),
            ("auth-conditional-otp-form", "REQUIRED", "DISABLED", vec![]),
            ("conditional-user-configured", "REQUIRED", "CONDITIONAL", vec![]),
        ] {
            assert_eq!(
                candidates(&flow(condition, requirement, sub)),
                found,
                "{condition} {requirement} {sub}"
            );
        }
    }

    #[test]
    fn settings_mean_a_rule_only_where_they_let_in() {
        let role = json!({"condUserRole": "mfa-bypass", "negate": "true"});
        assert!(
            matches!(meant("conditional-user-role", &role), Some(Rule::Role(role)) if role.name == "mfa-bypass")
        );
        let wanted = json!({"condUserRole": "needs-mfa", "negate": "false"});
        assert_eq!(meant("conditional-user-role", &wanted), None);
        let attribute = json!({"attribute_name": "mfa", "attribute_expected_value": "off", "not": "true"});
        let expected = Rule::Attribute { name: "mfa".into(), value: "off".into() };
        assert_eq!(meant("conditional-user-attribute", &attribute), Some(expected));
        assert_eq!(meant("conditional-user-attribute", &json!({"attribute_name": "mfa"})), None);
        let form = meant("auth-conditional-otp-form", &json!({"otpControlAttribute": "otp_auth"}));
        assert_eq!(form, Some(Rule::Attribute { name: "otp_auth".into(), value: "skip".into() }));
        assert_eq!(meant("auth-conditional-otp-form", &json!({})), None);
    }
}
