//! Seeds of hardware tokens, as their makers deliver them: PSKC (RFC 6030) and tables.
//!
//! | file | what lives there |
//! |---|---|
//! | [`pskc`] | key packages in XML, plain or encrypted under a password or a key that was agreed on |
//! | `sealed` | the ciphers of such packages, within limits |
//! | `xml` | the little of XML that they are made of: no entities but the usual five, no document types |
//! | [`table`] | tables of serial numbers and secrets |
//!
//! Knows no vault, no file and no user: what becomes of a token is the business of who reads it.

pub mod pskc;
mod sealed;
pub mod table;
mod token;
mod xml;

pub use token::{MAX_TOKENS, Token, TokenError, Unusable};
