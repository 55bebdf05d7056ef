//! What must not be read by who steals the database, and what proves who somebody is.
//!
//! | file | what lives there |
//! |---|---|
//! | [`key_file`] | the keys, which lie outside the database: made, read, refused |
//! | [`keys`] | the keys for each use, derived from those of the file |
//! | [`seeds`] | seeds of authenticators: XChaCha20-Poly1305, bound to their place |
//! | [`memory`] | memory for Argon2 between two passwords |
//! | [`notes`] | what lies in the database for a while: letters, answers |
//! | [`password`] | passwords and recovery codes: Argon2id, and the same work for nobody |
//! | [`secret_file`] | what sesamd shows to others: a file with one secret |
//! | [`token`] | sessions and API keys: 256 bits, of which the SHA-256 is kept |
//!
//! Pure but for the one file: randomness is handed in. How many hashes run at once is bounded by who calls.

pub mod key_file;
pub mod keys;
pub mod memory;
pub mod notes;
pub mod password;
pub mod secret_file;
pub mod seeds;
pub mod token;
