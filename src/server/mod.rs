//! sesamd: a small MFA server.
//!
//! | room | what lives there |
//! |---|---|
//! | [`domain`] | the rules: pure, without clock, SQL and HTTP |

pub mod domain;
