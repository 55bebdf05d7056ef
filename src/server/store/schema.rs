//! The tables, and how they came to be. One text for both databases; a step that was released is never changed.

use super::{database::Connection, error::StoreError};

/// Brings a database to the newest schema. A newer one is refused and not touched.
pub async fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    connection.run(META).await?;
    connection.run("BEGIN").await?;
    match steps(connection).await {
        Ok(()) => connection.run("COMMIT").await,
        Err(error) => {
            connection.run("ROLLBACK").await?;
            Err(error)
        }
    }
}

async fn steps(connection: &mut Connection) -> Result<(), StoreError> {
    // The first statement writes: on both databases a second process waits here, and finds it done.
    connection.change("INSERT INTO meta (name, value) VALUES ('schema', '0') ON CONFLICT (name) DO UPDATE SET value = meta.value", vec![]).await?;
    let rows = connection.rows("SELECT value FROM meta WHERE name = 'schema'", vec![]).await?;
    let text = rows.first().ok_or(StoreError::Missing)?.text(0)?;
    let found: i64 = text.parse().map_err(|_| StoreError::damaged("meta", "schema is no number"))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (nth, step) in (1_i64..).zip(STEPS).filter(|(nth, _)| *nth > found) {
        connection.run(step).await?;
        let value = nth.to_string();
        connection
            .change("UPDATE meta SET value = $1 WHERE name = 'schema'", vec![value.as_str().into()])
            .await?;
    }
    Ok(())
}

const META: &str = "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)";

const STEPS: [&str; 1] = ["
CREATE TABLE users (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, spelling TEXT NOT NULL UNIQUE,
    email TEXT, mobile TEXT, password TEXT, enabled BIGINT NOT NULL,
    in_row BIGINT NOT NULL, since_success BIGINT NOT NULL, locks BIGINT NOT NULL, locked_until BIGINT,
    bypass_until BIGINT, must_bind BIGINT NOT NULL, holds BIGINT NOT NULL,
    turn BIGINT NOT NULL, created BIGINT NOT NULL, display TEXT, seen BIGINT);
CREATE INDEX users_locked ON users (locked_until) WHERE locked_until IS NOT NULL;
CREATE INDEX users_bypassed ON users (bypass_until) WHERE bypass_until IS NOT NULL;
CREATE INDEX users_failing ON users (in_row) WHERE in_row > 0;
CREATE INDEX users_off ON users (spelling) WHERE enabled = 0;
CREATE TABLE nobody (replica TEXT PRIMARY KEY, turn BIGINT NOT NULL);
CREATE TABLE user_words (
    word BYTEA NOT NULL, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (word, user_id));
CREATE INDEX words_of_user ON user_words (user_id);
CREATE TABLE applications (
    id TEXT PRIMARY KEY, name TEXT NOT NULL,
    otp BIGINT NOT NULL, email BIGINT NOT NULL, sms BIGINT NOT NULL,
    agreement_version BIGINT NOT NULL, agreement TEXT, remember BIGINT, turn BIGINT NOT NULL);
CREATE TABLE bindings (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application TEXT, serial TEXT, state TEXT NOT NULL,
    kind TEXT NOT NULL, algorithm TEXT NOT NULL, digits BIGINT NOT NULL, period BIGINT NOT NULL,
    counter BIGINT NOT NULL, seed BYTEA NOT NULL, last_step BIGINT, drift BIGINT NOT NULL,
    created BIGINT NOT NULL, used BIGINT);
CREATE INDEX bindings_of_user ON bindings (user_id);
CREATE INDEX bindings_of_application ON bindings (application);
CREATE UNIQUE INDEX bindings_by_serial ON bindings (serial);
CREATE TABLE tokens (
    serial TEXT PRIMARY KEY, manufacturer TEXT, kind TEXT NOT NULL, algorithm TEXT NOT NULL,
    digits BIGINT NOT NULL, period BIGINT NOT NULL, counter BIGINT NOT NULL, seed BYTEA NOT NULL,
    last_step BIGINT, drift BIGINT NOT NULL, created BIGINT NOT NULL);
CREATE TABLE sent_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, purpose TEXT NOT NULL,
    at BIGINT NOT NULL, digest BYTEA NOT NULL, sign_in TEXT NOT NULL, used BIGINT NOT NULL,
    PRIMARY KEY (user_id, purpose, at));
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, selector TEXT NOT NULL,
    salt BYTEA NOT NULL, verifier BYTEA NOT NULL, used BIGINT,
    PRIMARY KEY (user_id, selector));
CREATE TABLE passcodes (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL, until_at BIGINT NOT NULL, used BIGINT);
CREATE TABLE agreed (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, application TEXT NOT NULL,
    version BIGINT NOT NULL, PRIMARY KEY (user_id, application));
CREATE TABLE sign_ins (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application TEXT NOT NULL, begun BIGINT NOT NULL, stage TEXT NOT NULL, proof TEXT);
CREATE INDEX sign_ins_by_time ON sign_ins (begun);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id);
CREATE TABLE sessions (
    digest BYTEA PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application TEXT NOT NULL, audience TEXT NOT NULL, proof TEXT NOT NULL,
    begun BIGINT NOT NULL, used BIGINT NOT NULL, address TEXT);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_time ON sessions (begun);
CREATE TABLE browsers (
    digest BYTEA PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    application TEXT NOT NULL, until_at BIGINT NOT NULL);
CREATE INDEX browsers_of_user ON browsers (user_id);
CREATE INDEX browsers_by_time ON browsers (until_at);
CREATE TABLE administrators (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL, created BIGINT NOT NULL);
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY, digest BYTEA NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
    created BIGINT NOT NULL, until_at BIGINT);
CREATE TABLE application_keys (
    id TEXT PRIMARY KEY, digest BYTEA NOT NULL UNIQUE, name TEXT NOT NULL,
    application TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    passwords TEXT NOT NULL, created BIGINT NOT NULL);
CREATE TABLE replies (
    name BYTEA PRIMARY KEY, request BYTEA NOT NULL, status BIGINT NOT NULL, body BYTEA NOT NULL, at BIGINT NOT NULL);
CREATE INDEX replies_by_time ON replies (at);
CREATE TABLE letters (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, body BYTEA NOT NULL, tries BIGINT NOT NULL,
    due BIGINT NOT NULL, until_at BIGINT NOT NULL);
CREATE INDEX letters_by_time ON letters (due);
CREATE TABLE audit (
    replica TEXT NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
    event TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, factor TEXT, application TEXT,
    user_id TEXT, user_name TEXT, actor TEXT NOT NULL, address TEXT, country TEXT, request TEXT, detail TEXT,
    prev BYTEA NOT NULL, hash BYTEA NOT NULL, PRIMARY KEY (replica, seq));
CREATE INDEX audit_by_time ON audit (at, replica, seq);
CREATE INDEX audit_of_user ON audit (user_id, at, replica, seq);
CREATE INDEX audit_of_application ON audit (application, at, replica, seq);
CREATE INDEX audit_of_event ON audit (event, at, replica, seq);
CREATE INDEX audit_of_address ON audit (address, at, replica, seq);
CREATE TABLE webhook_positions (replica TEXT PRIMARY KEY, seq BIGINT NOT NULL);
CREATE INDEX audit_of_reason ON audit (reason, at, replica, seq) WHERE reason IS NOT NULL;
CREATE INDEX audit_of_nobody ON audit (lower(trim(user_name)), at, replica, seq) WHERE user_id IS NULL;
CREATE TABLE audit_heads (
    replica TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash BYTEA NOT NULL, seal BYTEA NOT NULL);
CREATE TABLE audit_checkpoints (
    replica TEXT NOT NULL, seq BIGINT NOT NULL, hash BYTEA NOT NULL, at BIGINT NOT NULL, seal BYTEA NOT NULL,
    PRIMARY KEY (replica, seq));
CREATE TABLE audit_starts (
    replica TEXT PRIMARY KEY, seq BIGINT NOT NULL, hash BYTEA NOT NULL, seal BYTEA NOT NULL);
"];
