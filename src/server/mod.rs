//! sesamd: a small MFA server.
//!
//! | room | what lives there |
//! |---|---|
//! | [`domain`] | the rules: pure, without clock, SQL and HTTP |
//! | [`seal`] | keys outside the database, sealed seeds, slow hashes, tokens |

pub mod domain;
pub mod seal;
