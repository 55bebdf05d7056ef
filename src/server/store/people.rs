//! A person in the tables: read under the lock of the user's row, and written back where a decision changed it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    bindings,
    database::{Connection, Row},
    error::StoreError,
    tokens::Vault,
};
use crate::server::domain::{
    lock::Failures,
    mail_code::{Purpose, Sent, SentCodes},
    name::{UserName, fold},
    passcode::Passcode,
    pepper::CodeDigest,
    recovery::{Recovery, RecoveryCode, Verifier},
    time::Time,
    user::{Person, User},
};

/// Locks the user's row and reads everything that belongs to it.
pub async fn lock(connection: &mut Connection, vault: &Vault<'_>, id: &str) -> Result<Person, StoreError> {
    let rows = connection.rows(LOCK, vec![id.into()]).await?;
    let row = rows.first().ok_or(StoreError::Missing)?;
    let holds = row.int(HOLDS)?;
    let mut person = Person::new(user(row)?);
    person.bindings = bindings::read(connection, vault, id).await?;
    if holds & SENT != 0 {
        person.sent = sent(connection, id).await?;
    }
    if holds & PAPER != 0 {
        person.recovery = recovery(connection, id).await?;
    }
    if holds & PASSCODE != 0 {
        person.passcode = passcode(connection, id).await?;
    }
    if holds & AGREED != 0 {
        person.agreed = agreed(connection, id).await?;
    }
    Ok(person)
}

/// The user of a row that begins as [`lock`] reads it.
pub fn user(row: &Row) -> Result<User, StoreError> {
    let count = |at| -> Result<u32, StoreError> {
        u32::try_from(row.int(at)?).map_err(|_| StoreError::damaged("users", "a count is none"))
    };
    let name =
        UserName::parse(&row.text(1)?).map_err(|error| StoreError::damaged("users", error.to_string()))?;
    Ok(User {
        id: row.text(0)?,
        name,
        email: row.maybe_text(2)?,
        mobile: row.maybe_text(3)?,
        enabled: row.is(4)?,
        failures: Failures {
            in_row: count(5)?,
            since_success: count(6)?,
            locks: count(7)?,
            locked_until: row.maybe_int(8)?.map(Time::from_millis),
        },
        bypass: row.maybe_int(9)?.map(Time::from_millis),
        must_bind: row.is(10)?,
        display: row.maybe_text(11)?,
        seen: row.maybe_time(12)?,
    })
}

/// Writes back what changed between two states of a person.
pub async fn save(
    connection: &mut Connection,
    vault: &Vault<'_>,
    (before, after): (&Person, &Person),
) -> Result<(), StoreError> {
    let id = after.user.id.as_str();
    if facts(&before.user) != facts(&after.user) {
        if words(&before.user) != words(&after.user) {
            save_words(connection, &after.user).await?;
        }
        save_user(connection, after).await?;
    }
    if before.user != after.user || holds(before) != holds(after) {
        save_counts(connection, after).await?;
    }
    bindings::save(connection, vault, (before, after)).await?;
    for purpose in Purpose::ALL {
        if before.sent.get(&purpose) != after.sent.get(&purpose) {
            save_sent(connection, id, (purpose, after.sent.get(&purpose))).await?;
        }
    }
    if before.recovery != after.recovery {
        save_recovery(connection, id, (before.recovery.as_ref(), after.recovery.as_ref())).await?;
    }
    if before.passcode != after.passcode {
        save_passcode(connection, id, after.passcode.as_ref()).await?;
    }
    for (application, version) in &after.agreed {
        if before.agreed.get(application) != Some(version) {
            let values = vec![id.into(), application.as_str().into(), i64::from(*version).into()];
            connection.change(AGREE, values).await?;
        }
    }
    Ok(())
}

/// Notes by which words a user is found: those of the name, of what people call them, and of the address. As bytes:
/// whatever a database thinks of languages, their order is one.
pub async fn save_words(connection: &mut Connection, user: &User) -> Result<(), StoreError> {
    connection.change("DELETE FROM user_words WHERE user_id = $1", vec![user.id.as_str().into()]).await?;
    for word in words(user) {
        let values = vec![word.as_bytes().into(), user.id.as_str().into()];
        connection.change("INSERT INTO user_words (word, user_id) VALUES ($1, $2)", values).await?;
    }
    Ok(())
}

/// The words of a text, as they are looked for: by one rule of spelling, cut at what is no letter and no digit.
pub fn words_of(text: &str) -> Vec<String> {
    let key = fold(text);
    key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn words(user: &User) -> BTreeSet<String> {
    let texts = [Some(user.name.shown()), user.display.as_deref(), user.email.as_deref()];
    let mut words: BTreeSet<String> = texts.into_iter().flatten().flat_map(words_of).collect();
    words.insert(user.name.key().to_owned());
    words
}

/// What a user is, in contrast to what happened to them; what indexes and words are made of is among it.
fn facts(user: &User) -> impl PartialEq + '_ {
    let User { name, display, email, mobile, enabled, bypass, must_bind, .. } = user;
    ((name.shown(), name.key(), display, email, mobile), (*enabled, *bypass, *must_bind))
}

async fn save_user(connection: &mut Connection, person: &Person) -> Result<(), StoreError> {
    let user = &person.user;
    let values = vec![
        user.id.as_str().into(),
        user.name.shown().into(),
        user.name.key().into(),
        user.email.as_deref().into(),
        user.mobile.as_deref().into(),
        user.enabled.into(),
        user.bypass.map(Time::millis).into(),
        user.must_bind.into(),
        user.display.as_deref().into(),
    ];
    expect_one(connection.change(SAVE, values).await?)
}

/// Writes back what a try changes, and no more: an index costs as much as the row.
pub(super) async fn save_counts(connection: &mut Connection, person: &Person) -> Result<(), StoreError> {
    let user = &person.user;
    let failures = user.failures;
    let values = vec![
        user.id.as_str().into(),
        i64::from(failures.in_row).into(),
        i64::from(failures.since_success).into(),
        i64::from(failures.locks).into(),
        failures.locked_until.map(Time::millis).into(),
        holds(person).into(),
        user.seen.into(),
    ];
    expect_one(connection.change(SAVE_COUNTS, values).await?)
}

async fn sent(connection: &mut Connection, id: &str) -> Result<BTreeMap<Purpose, SentCodes>, StoreError> {
    let mut sent: BTreeMap<Purpose, SentCodes> = BTreeMap::new();
    for row in connection.rows(SENT_CODES, vec![id.into()]).await? {
        let word = row.text(0)?;
        let purpose = Purpose::from_word(&word).ok_or_else(|| StoreError::damaged("sent_codes", word))?;
        let code = Sent {
            at: Time::from_millis(row.int(1)?),
            digest: CodeDigest(row.array(2)?),
            sign_in: row.text(3)?,
            used: row.is(4)?,
        };
        sent.entry(purpose).or_default().0.push(code);
    }
    Ok(sent)
}

async fn save_sent(
    connection: &mut Connection,
    id: &str,
    (purpose, codes): (Purpose, Option<&SentCodes>),
) -> Result<(), StoreError> {
    let gone = "DELETE FROM sent_codes WHERE user_id = $1 AND purpose = $2";
    connection.change(gone, vec![id.into(), purpose.word().into()]).await?;
    for code in codes.map_or(&[][..], |codes| &codes.0) {
        let values = vec![
            id.into(),
            purpose.word().into(),
            code.at.millis().into(),
            code.digest.0.as_slice().into(),
            code.sign_in.as_str().into(),
            code.used.into(),
        ];
        connection.change(SEND, values).await?;
    }
    Ok(())
}

async fn recovery(connection: &mut Connection, id: &str) -> Result<Option<Recovery>, StoreError> {
    let mut recovery: Option<Recovery> = None;
    for row in connection.rows(SHEET, vec![id.into()]).await? {
        let salt = row.array(1)?;
        let code = RecoveryCode {
            selector: row.text(0)?,
            verifier: Verifier(row.array(2)?),
            used: row.maybe_int(3)?.map(Time::from_millis),
        };
        recovery.get_or_insert(Recovery { salt, codes: vec![] }).codes.push(code);
    }
    Ok(recovery)
}

/// A new sheet takes the old one's place; of the same sheet each code is used by one conditional update.
async fn save_recovery(
    connection: &mut Connection,
    id: &str,
    (before, after): (Option<&Recovery>, Option<&Recovery>),
) -> Result<(), StoreError> {
    if let (Some(before), Some(after)) = (before, after)
        && before.salt == after.salt
    {
        for (code, old) in after.codes.iter().zip(&before.codes) {
            if code == old {
                continue;
            }
            let values = vec![id.into(), code.selector.as_str().into(), code.used.map(Time::millis).into()];
            expect_one(connection.change(USE_PAPER, values).await?)?;
        }
        return Ok(());
    }
    connection.change("DELETE FROM recovery_codes WHERE user_id = $1", vec![id.into()]).await?;
    let Some(sheet) = after else { return Ok(()) };
    for code in &sheet.codes {
        let values = vec![
            id.into(),
            code.selector.as_str().into(),
            sheet.salt.as_slice().into(),
            code.verifier.0.as_slice().into(),
            code.used.map(Time::millis).into(),
        ];
        connection.change(PRINT, values).await?;
    }
    Ok(())
}

async fn passcode(connection: &mut Connection, id: &str) -> Result<Option<Passcode>, StoreError> {
    let rows = connection.rows(PASSCODE_OF, vec![id.into()]).await?;
    rows.first().map(read_passcode).transpose()
}

/// The passcode of a row.
pub(super) fn read_passcode(row: &Row) -> Result<Passcode, StoreError> {
    Ok(Passcode { digest: CodeDigest(row.array(0)?), until: row.time(1)?, used: row.maybe_time(2)? })
}

async fn save_passcode(
    connection: &mut Connection,
    id: &str,
    passcode: Option<&Passcode>,
) -> Result<(), StoreError> {
    connection.change("DELETE FROM passcodes WHERE user_id = $1", vec![id.into()]).await?;
    let Some(code) = passcode else { return Ok(()) };
    let (until, used) = (code.until.millis(), code.used.map(Time::millis));
    let values = vec![id.into(), code.digest.0.as_slice().into(), until.into(), used.into()];
    let sql = "INSERT INTO passcodes (user_id, digest, until_at, used) VALUES ($1, $2, $3, $4)";
    connection.change(sql, values).await.map(|_| ())
}

async fn agreed(connection: &mut Connection, id: &str) -> Result<BTreeMap<String, u32>, StoreError> {
    let sql = "SELECT application, version FROM agreed WHERE user_id = $1";
    let rows = connection.rows(sql, vec![id.into()]).await?;
    let version =
        |row: &Row| u32::try_from(row.int(1)?).map_err(|_| StoreError::damaged("agreed", "version"));
    rows.iter().map(|row| Ok((row.text(0)?, version(row)?))).collect()
}

/// Which side tables have rows of a person, so that those without are not asked.
fn holds(person: &Person) -> i64 {
    let bit = |yes: bool, bit: i64| if yes { bit } else { 0 };
    bit(person.sent.values().any(|codes| !codes.0.is_empty()), SENT)
        | bit(person.recovery.is_some(), PAPER)
        | bit(person.passcode.is_some(), PASSCODE)
        | bit(!person.agreed.is_empty(), AGREED)
}

/// One row changed; another number says that somebody was faster.
pub fn expect_one(changed: u64) -> Result<(), StoreError> {
    if changed == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

const SENT: i64 = 1;
const PAPER: i64 = 2;
const PASSCODE: i64 = 4;
const AGREED: i64 = 8;
const HOLDS: usize = 13;

pub(super) const PASSCODE_OF: &str = "SELECT digest, until_at, used FROM passcodes WHERE user_id = $1";

/// The update is the lock, on both databases.
const LOCK: &str = "UPDATE users SET turn = turn + 1 WHERE id = $1 RETURNING \
    id, name, email, mobile, enabled, in_row, since_success, locks, locked_until, bypass_until, must_bind, \
    display, seen, holds";
const SAVE: &str = "UPDATE users SET name = $2, spelling = $3, email = $4, mobile = $5, enabled = $6, \
    bypass_until = $7, must_bind = $8, display = $9 WHERE id = $1";
const SAVE_COUNTS: &str = "UPDATE users SET in_row = $2, since_success = $3, locks = $4, locked_until = $5, \
    holds = $6, seen = $7 WHERE id = $1";
const SENT_CODES: &str =
    "SELECT purpose, at, digest, sign_in, used FROM sent_codes WHERE user_id = $1 ORDER BY purpose, at";
const SEND: &str =
    "INSERT INTO sent_codes (user_id, purpose, at, digest, sign_in, used) VALUES ($1, $2, $3, $4, $5, $6)";
const SHEET: &str =
    "SELECT selector, salt, verifier, used FROM recovery_codes WHERE user_id = $1 ORDER BY selector";
const PRINT: &str =
    "INSERT INTO recovery_codes (user_id, selector, salt, verifier, used) VALUES ($1, $2, $3, $4, $5)";
const USE_PAPER: &str =
    "UPDATE recovery_codes SET used = $3 WHERE user_id = $1 AND selector = $2 AND used IS NULL";
const AGREE: &str = "INSERT INTO agreed (user_id, application, version) VALUES ($1, $2, $3) \
    ON CONFLICT (user_id, application) DO UPDATE SET version = excluded.version";
