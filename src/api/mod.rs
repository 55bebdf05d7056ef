//! What admin mode and sesamd say to each other, and nothing of how: types of JSON, one file per noun.
//!
//! With the feature `server` each type also describes itself for OpenAPI, so that the description cannot drift.
//! Times are RFC 3339 in UTC. What is unknown in a request is refused, in an answer ignored.

pub mod administrators;
pub mod applications;
pub mod audit;
pub mod page;
pub mod problem;
pub mod tokens;
pub mod users;
