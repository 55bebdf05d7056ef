//! The rules of the server: pure. No clock, no SQL, no HTTP, and no randomness but what is handed in.
//!
//! A decision takes a state, a request and a time, changes the state in place, and returns an answer and the
//! [events](audit::Event) that belong to it. The store reads the state under the lock of the user's row, and writes state
//! and events back together or not at all.
//!
//! | file | what lives there |
//! |---|---|
//! | [`name`] | one rule of spelling for names of users |
//! | [`factor`], [`application`] | the ways to do the second step; switching them, the agreement |
//! | [`user`] | a user, and a person: a user with all that a decision may need |
//! | [`binding`], [`enrol`] | an authenticator; binding one |
//! | [`judge`] | whether a code is an authenticator's: TOTP, HOTP, drift, resynchronising |
//! | [`mail_code`], [`recovery`], [`passcode`] | codes that are sent, printed, issued |
//! | [`lock`] | six in a row, the ladder, the hundred |
//! | [`attempt`] | the one function that judges a typed code, whatever the door |
//! | [`sign_in`], [`one_field`] | the doors: a sign-in step by step; password and code in one field |
//! | [`own`], [`address`] | what users change of themselves; what is an address of e-mail |
//! | [`help`], [`administrator`] | what the help desk does, and who may |
//! | [`audit`] | events, results and reasons by their names |
//! | [`session`], [`time`], [`typed`], [`pepper`] | how long a session lasts; time; a code as typed; its keyed digest |

pub mod address;
pub mod administrator;
pub mod application;
pub mod attempt;
pub mod audit;
pub mod binding;
pub mod enrol;
pub mod factor;
pub mod help;
pub mod judge;
pub mod lock;
pub mod mail_code;
pub mod name;
pub mod one_field;
pub mod own;
pub mod passcode;
pub mod pepper;
pub mod recovery;
pub mod session;
pub mod sign_in;
pub mod time;
pub mod typed;
pub mod user;
