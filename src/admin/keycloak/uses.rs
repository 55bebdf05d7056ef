//! When somebody signed in last, and with which authenticator: from the events, as far as they are saved and may be read.

use super::{
    audit::Ledger,
    names::Row,
    shape::moment,
    stream::{A_DAY, Log, Narrowed, Span, Stream},
};
use crate::admin::{error::AdminError, model::Person};

/// Adds it to a user who was just read. Whether the events tell such things at all.
pub(super) fn add(ledger: &Ledger<'_>, person: &mut Person) -> Result<bool, AdminError> {
    let to = ledger.now().as_millisecond() + 2000;
    let narrowed = Narrowed::read("", Some(person.id.clone()));
    let span = Span { from: to - BACK, to };
    let mut stream = Stream::new((ledger.desk, ledger.dates), (Log::User, &narrowed), (span, 0));
    let mut is_told = true;
    for _ in 0..MOST {
        match stream.peek(MOST) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            // Whoever may see users need not be allowed to see events.
            Err(
                AdminError::NotAllowed { .. } | AdminError::Refused { .. } | AdminError::NotUnderstood { .. },
            ) => {
                is_told = false;
                break;
            }
            Err(error) => return Err(error),
        }
        let Some(Row::User(row)) = stream.take() else { break };
        if row.kind != "LOGIN" {
            continue;
        }
        person.last_success = person.last_success.or(moment(row.time));
        let used = person.bindings.iter_mut().find(|one| Some(one.id.as_str()) == row.credential());
        if let Some(binding) = used {
            binding.used = binding.used.or(moment(row.time));
        }
    }
    Ok(is_told && (person.last_success.is_some() || ledger.check_saving().is_ok()))
}

const MOST: usize = 100;
const BACK: i64 = 90 * A_DAY;
