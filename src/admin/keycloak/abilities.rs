//! What a Keycloak can do, how, or why not and what to do instead.

use crate::admin::capability::{Capabilities, Capability};

/// What it can do, and what it has not.
pub const CAPABILITIES: Capabilities = Capabilities {
    bypass: Capability::Emulated(
        "a realm role, or an attribute, for which the login flow asks for no second step; Keycloak ends none by itself: \
         sesam admin bypass sweep does",
    ),
    enrol: Capability::Emulated("the credential is good at once, without a code that confirms it"),
    passcode: Capability::No(
        "Keycloak issues none: after a reset the user binds anew at the next sign-in; or set a temporary password in its \
         console",
    ),
    factors: Capability::No(
        "the login flow decides, not the application: in its console, Clients, the application, Advanced, \
         Authentication flow overrides, bind it to a flow with or without the OTP form; bindings stay",
    ),
    follow: Capability::Emulated("the events are asked again every 2 s"),
    statistics: Capability::Emulated("the newest events are counted here, up to 10,000"),
    ..Capabilities::ALL
};

/// The same for a realm whose login flow has no rule for a bypass.
pub const WITHOUT_BYPASS: Capabilities = Capabilities { bypass: Capability::No(RECIPE), ..CAPABILITIES };

/// How a realm gets such a rule.
pub(super) const RECIPE: &str = "this realm's login flow has no bypass rule. Once, in its console: make a realm role \
    mfa-bypass; Authentication, duplicate the browser flow; in the second-factor sub-flow add \"Condition - user role\", \
    REQUIRED, role mfa-bypass, negate on; bind the copy as browser flow";
