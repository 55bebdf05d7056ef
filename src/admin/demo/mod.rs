//! An MFA server in memory: what `--demo`, the pictures and the tests ask. It obeys the rules that real ones obey, takes
//! its time from the clock that it is handed, and touches no file, no keyring and no network.
//!
//! | file | what lives there |
//! |---|---|
//! | `door` | the demo's profiles, and the way to their servers |
//! | `house` | one server: its world, who is told of news, what it was asked for |
//! | `world` | everything that such a server knows |
//! | `user`, `cast`, `crowd` | a user; the ten of the pictures; the many others |
//! | `apps` | applications and what switching a factor does |
//! | `row`, `history` | rows of the audit; four weeks of them, and those that come while somebody looks |
//! | `user_filter` | what somebody types to narrow the users |
//! | `plan`, `apply`, `sign_in` | what a change will do, doing it, and the proof that it did |

mod apply;
mod apps;
mod cast;
mod crowd;
mod door;
mod history;
mod house;
mod plan;
mod row;
mod sign_in;
mod user;
mod user_filter;
mod world;

pub use door::{DemoDoor, furnish, servers};
pub use house::Demo;
pub use sign_in::Stage;
