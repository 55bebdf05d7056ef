//! sesamd: a small MFA server, over SQLite or PostgreSQL.
//!
//! | room | what lives there |
//! |---|---|
//! | [`domain`] | the rules: pure, without clock, SQL, HTTP and randomness |
//! | [`seal`] | keys outside the database, sealed seeds, slow hashes, tokens |
//! | [`chain`] | the audit's chain: pure |
//! | [`audit_filter`] | what people type to filter the audit: pure |
//! | [`store`] | states and their rows; one writer per replica |
//! | [`countries`] | countries by address, for the audit |
//! | [`https`], [`mail`] | what sesamd says to others by itself: over HTTPS, by letter |
//! | [`webhook`] | the audit, posted to others |
//! | [`random`] | the one place that asks for randomness |
//!
//! The words: a **user** has **bindings**, each for an **application**; a **person** is a user with all that a decision
//! may need. A **door** is a way in: a sign-in step by step, one field, a binding being confirmed. A **decision** is pure
//! and changes a **case** in place; its **events** are what the audit says of it. **Work** is what the writer does in its
//! transaction; a **scene** is who asked from where.
//!
//! How a request flows, say a code at a sign-in:
//!
//! 1. The route reads the body and finds the user by name with [`store::read::login`], past the writer. Slow hashes run
//!    here, bounded by a semaphore that the routes own: [`seal::password::verify`] (with `None` for nobody, which takes
//!    as long), [`seal::password::present`] for what has the form of a recovery code.
//! 2. It gives the store a decision: [`store::Store::decide`] with an [`store::Ask`] that names user, application and
//!    sign-in. The writer takes up to 128 of what waits into one transaction, in the order of the users' rows, each in a
//!    savepoint. It locks the user's row by an update, reads the person, and calls the closure with the case.
//! 3. The closure calls the domain: [`domain::sign_in::SignIn::show_code`], which asks [`domain::attempt::attempt`] as
//!    every door does. It returns an answer and events. A transaction that another replica was in the way of begins anew,
//!    so a closure may run more than once and must do nothing but decide: messages are sent after the answer.
//! 4. What changed is written back; the events become rows of this replica's chain; commit; then the answer.
//!    [`store::StoreError::Unavailable`] is a 503 and never an accepted code: what it may have accepted is answered as
//!    replayed from then on.
//!
//! An answer's reason is for the audit. Outside, unknown, wrong, locked and without MFA must look alike; locked is told
//! only in a sign-in whose password was right ([`domain::lock::Standing`]). For a name that nobody has there is no row to
//! lock: the route hashes for nobody and notes the event with a work of its own ([`store::desk::Desk::note`]).
//!
//! Not here yet: the routes and their OpenAPI, sessions and API keys in tables (their tokens and times are:
//! [`seal::token`], [`domain::session`]), administrators in tables, idempotency keys, hardware tokens that nobody has yet
//! (the column `serial` is for those that somebody has), the queue of messages and SMTP, a limit of requests, old
//! sign-ins swept away, retention of the audit at a checkpoint (checkpoints are written), the portal, `sesamd` and its
//! commands.

pub mod audit_filter;
pub mod chain;
pub mod command;
pub mod config;
pub mod countries;
pub mod domain;
pub mod https;
pub mod limits;
pub mod listen;
pub mod mail;
pub mod metrics;
pub mod places;
pub mod random;
pub mod routes;
pub mod run;
pub mod sample;
pub mod seal;
pub mod service;
pub mod store;
pub mod user_filter;
pub mod watch;
pub mod ways;
pub mod webhook;
